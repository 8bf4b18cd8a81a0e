from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest
from scrapy.settings import Settings

from avito_scrapy.config import Config
from avito_scrapy.doctor import checks

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    settings = Settings()
    settings.setmodule("avito_scrapy.settings")
    settings.set("AVITO_DATA_DIR", str(tmp_path / "data"))
    settings.set("AVITO_STORE_URL", "sqlite:///.avito/store.db")
    return Config.from_settings(settings)


def test_a_folder_that_is_not_there_is_made(config: Config) -> None:
    assert checks.data_folder(config).level == "ok"
    assert list(config.data_dir.iterdir()) == []


def test_a_folder_that_cannot_be(config: Config) -> None:
    config.data_dir.write_text("a file stands in its place", encoding="utf-8")
    finding = checks.data_folder(config)
    assert (finding.level, finding.text) == ("fault", "folder_bad")
    assert str(config.data_dir) in finding.line("en")
    assert "AVITO_DATA_DIR" in finding.line("ru")


@pytest.mark.parametrize(
    ("free", "level"), [(5_000, "ok"), (1_000, "ok"), (999, "note"), (100, "note"), (99, "fault")]
)
def test_disk(config: Config, monkeypatch: pytest.MonkeyPatch, free: int, level: str) -> None:
    # How full this machine's disk is, is chance.
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(0, 0, free * checks.MB))
    finding = checks.disk_space(config.data_dir)
    assert finding.level == level
    assert str(free) in finding.line("ru")


def test_store_is_made_and_says_its_version(config: Config) -> None:
    finding = checks.store(config)
    assert finding.level == "ok"
    assert str(config.data_dir / ".avito" / "store.db") in finding.line("en")
    assert finding.line("en").rsplit(" ", 1)[1].isdigit()


def test_a_broken_store(config: Config) -> None:
    path = config.data_dir / ".avito" / "store.db"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database, whatever it is called" * 100)
    finding = checks.store(config)
    assert (finding.level, finding.text) == ("fault", "store_bad")
    assert "is not a database" in finding.line("ru")


def test_a_password_is_not_shown(config: Config) -> None:
    url = "postgresql+psycopg://user:hidden-word@127.0.0.1:1/base"
    finding = checks.store(config.model_copy(update={"store_url": url}))
    assert finding.level == "fault"
    assert "hidden-word" not in finding.line("en")


def test_time_zone(config: Config) -> None:
    assert "Europe/Moscow" in checks.time_zone(config).line("ru")
