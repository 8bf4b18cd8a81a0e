from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest

from tests.integration.health.runs import Hook


@pytest.fixture
def hook(request: pytest.FixtureRequest) -> Iterator[Hook]:
    with Hook(list(request.param)) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()
