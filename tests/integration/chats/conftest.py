"""The browser of these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.browser_page import Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Started once for all tests of a process."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()
