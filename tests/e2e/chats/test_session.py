"""Signed in, signed out, refused."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.support.chats_run import assert_none_opened, run_chats
from tests.support.scrapy_run import crawl, scrapy

SIGNED_OUT: dict[str, tuple[int, dict[str, Any]]] = {
    "from the start": (0, {"session": "signed_out"}),
    "on the way, by a script": (60, {"sign_out_after": 2, "redirect": "client"}),
}


@pytest.mark.parametrize(("kept", "scenario"), SIGNED_OUT.values(), ids=SIGNED_OUT)
def test_signed_out(kept: int, scenario: dict[str, Any], tmp_path: Path) -> None:
    run = run_chats({"chats": 125, **scenario}, tmp_path)
    assert (run.result.reason, run.result.status) == ("login_required", 4)
    assert "scrapy login" in run.result.log
    assert run.result.stats["elapsed_time_seconds"] < 35
    assert run.counters["requests"]["messenger_page"] <= 2, "it is not tried again and again"
    assert_none_opened(run)
    if kept:
        assert len(run.found) == kept
    else:
        assert not list(tmp_path.glob("chats*"))


REFUSED: dict[str, tuple[int, dict[str, Any]]] = {
    "HTTP 403": (0, {"refuse": "forbidden_403"}),
    "by the title, on the way": (60, {"refuse": "ip_title", "refuse_after": 2}),
    "a robot check": (0, {"refuse": "robot_check"}),
}


@pytest.mark.parametrize(("kept", "scenario"), REFUSED.values(), ids=REFUSED)
def test_refused(kept: int, scenario: dict[str, Any], tmp_path: Path) -> None:
    run = run_chats({"chats": 125, **scenario}, tmp_path)
    assert (run.result.reason, run.result.status) == ("blocked", 5)
    (picture,) = tmp_path.glob("blocked-*.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    assert picture.name in run.result.log
    # The page is not asked again.
    assert run.counters["requests"]["messenger_page"] == 1 + (kept > 0)
    if kept:
        assert len(run.found) == kept


WRONG: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "unknown argument": ({"pase": "fast"}, {}, "argument pase: not known"),
    "wrong value": ({"pace": "slow"}, {}, "argument pace: must be fast or human"),
    "no such state": ({}, {"AVITO_STORAGE_STATE": "none.json"}, "AVITO_STORAGE_STATE"),
    "a state that is none": ({}, {"AVITO_STORAGE_STATE": "bad.json"}, "AVITO_STORAGE_STATE"),
    "no screen to see it on": (
        {},
        {"AVITO_HEADLESS": "false", "DISPLAY": "", "WAYLAND_DISPLAY": ""},
        "there is no screen here: set AVITO_HEADLESS=true",
    ),
    "no such browser": ({}, {"AVITO_BROWSER": "/none"}, "AVITO_BROWSER"),
    "a zone that the browser does not know": (
        {},
        {"AVITO_TZ": "posix/Europe/Moscow"},
        "AVITO_TZ: a time zone like Europe/Moscow",
    ),
    "a folder that is a file": ({}, {"AVITO_DATA_DIR": "/dev/null"}, "AVITO_DATA_DIR"),
}


@pytest.mark.parametrize(("args", "env", "text"), WRONG.values(), ids=WRONG)
def test_wrong_usage_is_one_line(
    args: dict[str, str], env: dict[str, str], text: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text(json.dumps({"cookies": [{"name": "secret-name"}]}))
    run = crawl("chats", data_dir=tmp_path, args=args, env=env)
    assert run.status == 2
    assert run.log.startswith(f"scrapy crawl: {text}")
    assert run.log.count("\n") == 1
    assert "secret-name" not in run.log
    assert not (tmp_path / ".avito/profile").exists()


@pytest.mark.parametrize("command", ["crawl", "login"])
def test_a_profile_that_another_computer_holds(command: str, tmp_path: Path) -> None:
    (tmp_path / ".avito/profile").mkdir(parents=True)
    (tmp_path / ".avito/profile/SingletonLock").symlink_to("old-laptop-4711")
    words = ["crawl", "chats"] if command == "crawl" else ["login", "-s", "AVITO_HEADLESS=true"]
    run = scrapy(words, data_dir=tmp_path, env={})
    assert run.status == 2
    assert run.log.startswith(f"scrapy {command}: AVITO_PROFILE_DIR: {tmp_path}")
    assert "old-laptop (pid 4711)" in run.log
    assert run.log.count("\n") == 1


def test_a_browser_that_does_not_start(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    run = crawl("chats", data_dir=tmp_path, env={"AVITO_BROWSER": str(broken)})
    assert (run.reason, run.status) == ("not_started", 2)
    assert f"AVITO_BROWSER: {broken} does not start" in run.log
    assert "control" not in run.log
