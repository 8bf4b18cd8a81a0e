"""What the settings promise: pace, closed ports, components that say what they are."""

from __future__ import annotations

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings


@pytest.fixture
def settings() -> Settings:
    return get_project_settings()


def test_pace(settings: Settings) -> None:
    assert settings.getint("CONCURRENT_REQUESTS") == 20
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 20
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getfloat("DOWNLOAD_DELAY") >= 0.1, "Avito allows 10 requests a second"
    assert settings.getfloat("AUTOTHROTTLE_START_DELAY") >= 0.1
    for slot in settings.getdict("DOWNLOAD_SLOTS").values():
        assert slot["delay"] >= 0.1


def test_no_port_executes_code(settings: Settings) -> None:
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")


def test_nothing_is_disguised(settings: Settings) -> None:
    assert settings["USER_AGENT"] is None


@pytest.mark.parametrize("name", ["EXTENSIONS", "ITEM_PIPELINES", "DOWNLOADER_MIDDLEWARES"])
def test_components_document_themselves(settings: Settings, name: str) -> None:
    own = [
        path
        for path, order in settings.getdict(name).items()
        if order is not None and str(path).startswith("avito_scrapy.")
    ]
    assert own
    for path in own:
        text = load_object(path).__doc__ or ""
        assert "Switched on" in text, f"{path}: its docstring must say what switches it on"
        assert "Stats:" in text, f"{path}: its docstring must say which stats it writes"
