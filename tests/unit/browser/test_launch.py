from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from avito_scrapy.browser import launch
from avito_scrapy.browser.profile import prepare_profile
from avito_scrapy.browser.session import read_storage_state
from avito_scrapy.errors import UsageError


def executable(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any browser: an empty PATH, an empty home."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    launch._playwrights_own.cache_clear()
    (tmp_path / "bin").mkdir()
    return tmp_path


def test_the_one_that_is_named(bare: Path) -> None:
    assert launch.find_browser(executable(bare, "mine")) == bare / "mine"
    with pytest.raises(UsageError, match="AVITO_BROWSER"):
        launch.find_browser(bare / "nobody")


def test_the_one_on_path(bare: Path) -> None:
    with pytest.raises(UsageError, match="no browser"):
        launch.find_browser(None)
    executable(bare / "bin", "google-chrome")  # cannot be guarded
    with pytest.raises(UsageError, match="no browser"):
        launch.find_browser(None)
    executable(bare / "bin", "chromium")
    assert launch.find_browser(None) == bare / "bin/chromium"


def test_a_download_of_playwrights_that_is_not_whole(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / "cache/chromium-1").mkdir(parents=True)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(bare / "cache"))
    executable(bare / "bin", "chromium")
    assert launch.find_browser(None) == bare / "bin/chromium"
    launch._playwrights_own.cache_clear()


def test_options(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = executable(tmp_path, "mine")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    options = launch.context_options(browser, tmp_path / "p", headless=True, zone="Asia/Omsk")
    assert "--no-sandbox" in options["args"]
    assert options["timezone_id"] == "Asia/Omsk"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    options = launch.context_options(browser, tmp_path / "p", headless=False, zone="Asia/Omsk")
    assert "--no-sandbox" not in options["args"]


def test_profile_keeps_its_preferences(tmp_path: Path) -> None:
    profile = tmp_path / "a" / "profile"
    prepare_profile(profile)
    assert stat.S_IMODE(profile.stat().st_mode) == 0o700
    preferences = profile / "Default" / "Preferences"
    preferences.write_text(json.dumps({"net": {"x": 1}, "y": 2}))
    prepare_profile(profile)
    kept = json.loads(preferences.read_text())
    assert kept == {"net": {"x": 1, "network_prediction_options": 2}, "y": 2}
    preferences.write_text("{ cut off")
    prepare_profile(profile)
    assert json.loads(preferences.read_text()) == {"net": {"network_prediction_options": 2}}


def test_profile_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="AVITO_PROFILE_DIR"):
        prepare_profile(tmp_path / "file" / "profile")


def test_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    launch.check_screen("")
    monkeypatch.setenv("DISPLAY", "")
    with pytest.raises(UsageError, match="no screen here: do this"):
        launch.check_screen("do this")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    launch.check_screen("")


def test_storage_state(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    cookie = {"name": "sessid", "value": "v", "domain": ".avito.ru", "unknown": 1}
    stored = {"origin": "https://www.avito.ru", "localStorage": [{"name": "a", "value": "b"}]}
    path.write_text(json.dumps({"cookies": [cookie], "origins": [stored]}))
    state = read_storage_state(path)
    assert state.cookies[0].model_dump() == {
        "name": "sessid", "value": "v", "domain": ".avito.ru", "path": "/", "expires": -1,
        "httpOnly": False, "secure": False, "sameSite": "Lax",
    }  # fmt: skip
    assert state.origins[0].localStorage[0].name == "a"


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "{}", '{"cookies": [{"name": "n", "value": "hidden-value"}]}']
)
def test_storage_state_that_is_none(text: str, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="AVITO_STORAGE_STATE") as problem:
        read_storage_state(path)
    assert "hidden-value" not in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(
    "odd",
    [
        {"name": ""}, {"name": "a\nb"}, {"value": "a;b"}, {"domain": ""}, {"path": "x"},
        {"expires": 1e300}, {"expires": -5}, {"sameSite": "no_restriction"},
    ],
)  # fmt: skip
def test_storage_state_with_an_odd_cookie(odd: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    cookie = {"name": "sessid", "value": "hidden-value", "domain": ".avito.ru"} | odd
    path.write_text(json.dumps({"cookies": [cookie]}))
    with pytest.raises(UsageError, match=r"AVITO_STORAGE_STATE: .*cookies\.0") as problem:
        read_storage_state(path)
    assert "hidden-value" not in str(problem.value)
    assert "\n" not in str(problem.value)


def test_storage_state_that_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "none"):
        with pytest.raises(UsageError, match="AVITO_STORAGE_STATE") as problem:
            read_storage_state(path)
        assert "\n" not in str(problem.value)


def test_why_a_browser_did_not_start(tmp_path: Path) -> None:
    browser = executable(tmp_path, "mine")
    options = launch.context_options(browser, tmp_path, headless=True, zone="Asia/Omsk")
    told = launch.start_failure(RuntimeError("Invalid timezone ID: Asia/Omsk"), options)
    assert str(told).startswith("AVITO_TZ: the browser does not know Asia/Omsk")
    told = launch.start_failure(RuntimeError("secret"), options)
    assert str(told).startswith(f"AVITO_BROWSER: {browser} does not start (RuntimeError)")
    (tmp_path / "SingletonLock").symlink_to("old-laptop-4711")
    assert "old-laptop" in str(launch.start_failure(RuntimeError("secret"), options))
