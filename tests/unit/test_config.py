from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = get_project_settings()
    for name in list(settings):
        if str(name).startswith("AVITO_") and name not in {"AVITO_TZ", "AVITO_HEADLESS"}:
            settings.set(name, DEFAULTS.get(name, settings[name]), priority="cmdline")
    settings.set("AVITO_DATA_DIR", str(tmp_path), priority="cmdline")
    return settings


DEFAULTS = {
    "AVITO_STORAGE_STATE": "",
    "AVITO_BROWSER": "",
    "AVITO_EMPLOYEE_OF": "",
    "AVITO_STORE_URL": "sqlite:///.avito/store.db",
    "AVITO_PROFILE_DIR": ".avito/profile",
}


def test_relative_paths_start_at_the_data_folder(settings: Settings, tmp_path: Path) -> None:
    config = Config.from_settings(settings)
    assert config.data_dir == tmp_path
    assert config.profile_dir == tmp_path / ".avito" / "profile"
    assert config.store_url == f"sqlite:///{tmp_path}/.avito/store.db"
    assert config.storage_state is None
    assert config.employee_of is None
    assert config.tz == ZoneInfo("Europe/Moscow")
    assert config.headless is True


def test_absolute_paths_and_other_databases_stay(settings: Settings, tmp_path: Path) -> None:
    settings.set("AVITO_PROFILE_DIR", "/elsewhere/profile", priority="cmdline")
    settings.set("AVITO_STORE_URL", "postgresql://u:p@127.0.0.1/db", priority="cmdline")
    settings.set("AVITO_STORAGE_STATE", "state.json", priority="cmdline")
    config = Config.from_settings(settings)
    assert config.profile_dir == Path("/elsewhere/profile")
    assert config.store_url == "postgresql://u:p@127.0.0.1/db"
    assert config.storage_state == tmp_path / "state.json"


@pytest.mark.parametrize(
    ("given", "found"),
    [("chromium", Path("chromium")), ("/opt/chrome", Path("/opt/chrome")), ("bin/chrome", None)],
)
def test_a_browser_is_a_name_or_a_path(
    settings: Settings, tmp_path: Path, given: str, found: Path | None
) -> None:
    settings.set("AVITO_BROWSER", given, priority="cmdline")
    assert Config.from_settings(settings).browser == (found or tmp_path / given)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("AVITO_TZ", "Moscow", "time zone like Europe/Moscow"),
        ("AVITO_TZ", "../etc", "time zone like Europe/Moscow"),
        ("AVITO_TZ", "posix/Europe/Moscow", "time zone like Europe/Moscow"),
        ("AVITO_TZ", "localtime", "time zone like Europe/Moscow"),
        ("AVITO_WEB_URL", "avito.ru", "http:// or https://"),
        ("AVITO_API_URL", "ftp://avito.ru", "http:// or https://"),
        ("AVITO_HEADLESS", "perhaps", "boolean"),
        ("AVITO_EMPLOYEE_OF", "secret-company", "integer"),
        ("AVITO_STORE_URL", "no address", "sqlite:///"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(
    settings: Settings, name: str, value: str, says: str
) -> None:
    settings.set(name, value, priority="cmdline")
    with pytest.raises(UsageError) as caught:
        Config.from_settings(settings)
    text = str(caught.value)
    assert text.startswith(name)
    assert says in text
    assert "\n" not in text
    assert f"'{value}'" not in text
