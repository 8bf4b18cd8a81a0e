"""AVITO_ACCOUNT: whose settings count, who may read them, whose a folder is."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from avito_scrapy import accounts
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """As with a ``.env`` that holds the keys of one account and a session."""
    settings = get_project_settings()
    monkeypatch.chdir(tmp_path)
    common = {
        "AVITO_DATA_DIR": str(tmp_path / "data"),
        "AVITO_CLIENT_ID": "common-id",
        "AVITO_CLIENT_SECRET": "common-secret",
        "AVITO_STORAGE_STATE": "/common/state.json",
        "AVITO_PROFILE_DIR": "/common/profile",
        "AVITO_STORE_URL": "sqlite:///.avito/store.db",
        "AVITO_TZ": "Asia/Omsk",
    }
    settings.setdict(common, priority="project")
    return settings


def write(name: str, *lines: str, mode: int = 0o600) -> None:
    accounts.FOLDER.mkdir(exist_ok=True)
    path = accounts.FOLDER / f"{name}.env"
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(mode)


def test_without_an_account_everything_is_as_given(settings: Settings, tmp_path: Path) -> None:
    write("north", "AVITO_CLIENT_ID=north-id")
    config = Config.from_settings(settings)
    assert (config.client_id, config.data_dir) == ("common-id", tmp_path / "data")
    assert config.profile_dir == Path("/common/profile")


def test_keys_files_and_session_are_the_accounts_own(settings: Settings, tmp_path: Path) -> None:
    write("north", "AVITO_CLIENT_ID=north-id", "AVITO_CLIENT_SECRET='north'", "AVITO_TZ=UTC")
    settings.set("AVITO_ACCOUNT", "north", priority="cmdline")
    config = Config.from_settings(settings)
    folder = tmp_path / "data" / "north"
    assert (config.client_id, config.client_secret) == ("north-id", "north")
    assert (config.data_dir, config.tz.key) == (folder, "UTC")
    assert config.profile_dir == folder / ".avito" / "profile"
    assert config.store_url == f"sqlite:///{folder}/.avito/store.db"
    assert config.storage_state is None
    assert config.has_own_store


def test_another_accounts_keys_do_not_stand_in(settings: Settings) -> None:
    write("north", "AVITO_CLIENT_ID=north-id")
    settings.set("AVITO_ACCOUNT", "north")
    config = Config.from_settings(settings)
    assert (config.client_secret, config.tz.key) == ("", "Asia/Omsk")
    assert config.keys_place == "accounts/north.env"


def test_the_command_line_wins(settings: Settings, tmp_path: Path) -> None:
    write("north", "AVITO_CLIENT_ID=north-id", "AVITO_TZ=UTC")
    settings.set("AVITO_ACCOUNT", "north", priority="cmdline")
    settings.set("AVITO_TZ", "Asia/Tomsk", priority="cmdline")
    settings.set("AVITO_DATA_DIR", str(tmp_path / "else"), priority="cmdline")
    config = Config.from_settings(settings)
    assert (config.tz.key, config.data_dir) == ("Asia/Tomsk", tmp_path / "else" / "north")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_may_read_is_refused(settings: Settings, mode: int) -> None:
    write("north", "AVITO_CLIENT_SECRET=hunter2", mode=mode)
    settings.set("AVITO_ACCOUNT", "north")
    with pytest.raises(UsageError, match=r"chmod 600 accounts/north\.env") as caught:
        Config.from_settings(settings)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["../north", "a/b", ".avito", "a b", "all", "accounts", "a" * 51, "north\n", "-a"]
)
def test_a_name_is_plain(settings: Settings, name: str) -> None:
    settings.set("AVITO_ACCOUNT", name)
    with pytest.raises(UsageError, match="AVITO_ACCOUNT: a plain name"):
        Config.from_settings(settings)


def test_an_account_that_is_not_there(settings: Settings) -> None:
    settings.set("AVITO_ACCOUNT", "south")
    with pytest.raises(UsageError, match=r"accounts/south\.env is not there; put"):
        Config.from_settings(settings)
    write("north", "")
    write("a b", "")
    with pytest.raises(UsageError, match=r"accounts/south\.env is not there; there are: north$"):
        Config.from_settings(settings)


def test_a_file_does_not_name_an_account(settings: Settings) -> None:
    write("north", "AVITO_ACCOUNT=south")
    settings.set("AVITO_ACCOUNT", "north")
    with pytest.raises(UsageError, match="AVITO_ACCOUNT does not belong there"):
        Config.from_settings(settings)


def test_a_folder_belongs_to_whom_came_first(tmp_path: Path) -> None:
    private = tmp_path / ".avito"
    assert accounts.owner_of(private) is None
    accounts.claim(private, 7)
    accounts.claim(private, 7)
    assert accounts.owner_of(private) == 7
    assert (private / "account.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="belongs to account 7 and the keys to account 8"):
        accounts.claim(private, 8)
    assert accounts.owner_of(private) == 7


def test_a_folder_of_an_older_version_is_whose_its_files_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="belongs to account 7"):
        accounts.claim(tmp_path / ".avito", 8, earlier=7)
    accounts.claim(tmp_path / ".avito", 7, earlier=7)
    assert accounts.owner_of(tmp_path / ".avito") == 7


@pytest.mark.parametrize("content", ["", "[]", '{"account_id": true}', '{"account_id": "7"}'])
def test_an_unreadable_owner_is_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "account.json").write_text(content, encoding="utf-8")
    assert accounts.owner_of(tmp_path) is None
