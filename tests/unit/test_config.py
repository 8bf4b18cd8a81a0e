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
        ("AVITO_API_URL", "http://[::1", "names a host"),
        ("AVITO_API_URL", "http://h:99999", "names a host"),
        ("AVITO_API_URL", "http://h:x", "names a host"),
        ("AVITO_API_URL", "http://", "names a host"),
        ("AVITO_WEB_URL", "http://h/\x1b[2J", "names a host"),
        ("AVITO_WEB_URL", "http://h/?chat=1", "without ?"),
        ("AVITO_WEBHOOK_URL", "https://:80", "names a host"),
        ("AVITO_RESUME_MAX_AGE_DAYS", "inf", "finite"),
        ("AVITO_RESUME_MAX_AGE_DAYS", "nan", "finite"),
        ("AVITO_RESUME_MAX_AGE_DAYS", "-1", "greater"),
        ("AVITO_RESUME_MAX_AGE_DAYS", "9" * 400, "finite"),
        ("AVITO_EMPLOYEE_OF", "9" * 400, "less than"),
        ("AVITO_EMPLOYEE_OF", "-1", "greater"),
        ("AVITO_HEALTH_MAX_DRIFT", "9" * 400, "0 or more"),
        ("AVITO_HEALTH_MAX_BOUGHT", "nan", "0 or more"),
        ("AVITO_DATA_DIR", "a\0b", "a path"),
        ("AVITO_PROFILE_DIR", "x" * 300, "a path"),
        ("AVITO_STORE_URL", "postgresql://u:p@hunter2@127.0.0.1/d", "%40"),
        ("AVITO_STORE_URL", "postgresql://u:p:hunter2/d", "%3A"),
        ("AVITO_STORE_URL", "postgresql://u@h:hunter2/d", "%3A"),
        ("AVITO_STORE_URL", "postgresql://u:hunter2@h:99999/d", "port"),
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
    assert "hunter2" not in text


def test_a_home_that_nobody_has_is_a_name(settings: Settings, tmp_path: Path) -> None:
    settings.set("AVITO_PROFILE_DIR", "~nobody-of-this-name/profile", priority="cmdline")
    config = Config.from_settings(settings)
    assert config.profile_dir == tmp_path / "~nobody-of-this-name" / "profile"
