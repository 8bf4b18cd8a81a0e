from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.accounts.project import Project
from tests.integration.store.conftest import postgres_server

__all__ = ["postgres_server"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)
