"""Every spider imports and starts, and nobody lowers the delay below Avito's limit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from tests.policy.imports import python_files

LIMIT_S = 0.1
"""Avito allows 10 requests a second for each method."""


def spiders() -> list[type[Any]]:
    loader = SpiderLoader.from_settings(get_project_settings())
    return [loader.load(name) for name in sorted(loader.list())]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = get_project_settings()
    settings.set("AVITO_DATA_DIR", str(tmp_path), priority="cmdline")
    settings.set("AVITO_CLIENT_ID", "id", priority="cmdline")
    settings.set("AVITO_CLIENT_SECRET", "secret", priority="cmdline")
    settings.set("AVITO_STORAGE_STATE", "", priority="cmdline")
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-1-2"}\n', encoding="utf-8")
    return settings


def test_the_spiders_are_these() -> None:
    assert [spider.name for spider in spiders()] == ["chats", "resumes"]


@pytest.mark.parametrize("spider", spiders(), ids=lambda spider: str(spider.name))
class TestEverySpider:
    def test_is_checked_and_made(self, spider: type[Any], settings: Settings) -> None:
        spider.check(Config.from_settings(settings), {"limit": "3"})
        made = Crawler(spider, settings)._create_spider(limit="3")
        assert isinstance(made, Spider)
        assert made.arguments.limit == 3  # type: ignore[attr-defined]
        assert spider.start is not Spider.start
        assert (spider.__doc__ or "").count("Arguments:") == 1

    def test_refuses_an_argument_it_does_not_know(
        self, spider: type[Any], settings: Settings
    ) -> None:
        with pytest.raises(UsageError, match=r"argument limmit: not known; allowed: .*limit"):
            spider.check(Config.from_settings(settings), {"limmit": "3"})

    def test_keeps_the_pace(self, spider: type[Any], settings: Settings) -> None:
        spider.update_settings(settings)
        assert settings.getfloat("DOWNLOAD_DELAY") >= LIMIT_S
        assert settings.getfloat("AUTOTHROTTLE_START_DELAY") >= LIMIT_S
        assert not hasattr(spider, "download_delay")
        for name, slot in settings.getdict("DOWNLOAD_SLOTS").items():
            assert slot["delay"] >= LIMIT_S, name

    def test_opens_no_port(self, spider: type[Any], settings: Settings) -> None:
        spider.update_settings(settings)
        assert not settings.getbool("TELNETCONSOLE_ENABLED")
        assert not settings.getbool("REMOTE_CONTROL_ENABLED")
        assert settings["USER_AGENT"] is None


def test_each_method_of_the_api_has_a_slot(settings: Settings) -> None:
    [resumes] = [spider for spider in spiders() if spider.name == "resumes"]
    resumes.update_settings(settings)
    assert set(settings.getdict("DOWNLOAD_SLOTS")) >= set(ENDPOINTS) - {"chats"}


def writes_to_a_delay(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr in {"delay", "download_delay"}:
                yield target


def test_only_the_throttle_changes_a_slots_delay() -> None:
    # It follows the limit that the server states; its own tests hold it to that.
    writers = {path.name for path in python_files("avito_scrapy") if list(writes_to_a_delay(path))}
    assert writers <= {"throttle.py"}
