"""A data folder with two people who wait, and its store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from avito_scrapy.config import Config
from avito_scrapy.store import Store, open_store
from tests.integration.store import folder as data
from tests.integration.store.records import record

STATUS = {"chat_status": "awaits_us", "waiting_since": "2026-03-01T12:00:00+03:00"}
PEOPLE = [record(1, **STATUS), record(2, **STATUS)]
PHONE = str(PEOPLE[0].phone)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return data.config_for(tmp_path, f"sqlite:///{tmp_path}/.avito/store.db")


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    config.private_dir.mkdir(parents=True)
    with open_store(config.store_url) as opened:
        data.fill(config, opened, PEOPLE)
        yield opened
