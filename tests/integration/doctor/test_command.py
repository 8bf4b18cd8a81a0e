"""`scrapy doctor` as a person runs it: a healthy Avito and ill ones, in a real browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.runlock import RunLock
from tests.policy.imports import ROOT
from tests.support.forked import run_module
from tests.support.privacy import assert_private

OK = [
    "Settings", "Time zone", "API keys", "Clock", "Account", "Messenger API", "Applications API",
    "Resumes API", "API limits", "Disk space", "Data folder", "Store", "Browser",
    "Messenger session",
]  # fmt: skip


def doctor(url: str, folder: Path, *options: str, **more: str) -> tuple[int, dict[str, str]]:
    """Exit status, and the mark and text of each line by its title."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("AVITO_")}
    settings = {
        "AVITO_API_URL": url,
        "AVITO_WEB_URL": url,
        "AVITO_CLIENT_ID": "sandbox-id",
        "AVITO_CLIENT_SECRET": "sandbox-secret",
        "AVITO_DATA_DIR": str(folder),
    }
    environment = own | settings | more
    ran = run_module(["doctor", *options], cwd=ROOT, env=environment, timeout=100)
    assert ran.stderr == ""
    assert_private(ran.stdout)
    lines = [line.partition(": ") for line in ran.stdout.splitlines()]
    return ran.returncode, {head[7:]: f"{head[:7].strip()} {text}" for head, _, text in lines}


def test_a_healthy_one(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=40, session="cookie", roads=True)) as sandbox:
        cookie = {"name": "sessid", "value": "sandbox-session", "domain": "127.0.0.1"}
        (tmp_path / "state.json").write_text(json.dumps({"cookies": [cookie]}), encoding="utf-8")
        brought = {"AVITO_STORAGE_STATE": "state.json"}
        status, told = doctor(sandbox.url, tmp_path, "--lang", "en", **brought)
        asked = sandbox.counters()
    assert list(told) == OK
    assert {text.partition(" ")[0] for text in told.values()} == {"ok"}, told
    assert status == 0
    assert asked["chats_opened"] == asked["contacts_bought"] == 0
    assert asked["tokens_issued"] == 1


@pytest.mark.parametrize(
    ("scenario", "title", "words"),
    [
        ({"session": "signed_out"}, "Вход в мессенджер", "выполните scrapy login"),
        ({"refuse": "ip_title"}, "Вход в мессенджер", "отказывает этому браузеру"),
        ({"subscription": "no_messenger"}, "API мессенджера", "нужна «Максимальная»"),
        ({"client_secret": "another"}, "Ключи API", "проверьте AVITO_CLIENT_ID"),
    ],
)
def test_an_ill_avito(tmp_path: Path, scenario: dict[str, Any], title: str, words: str) -> None:
    with Sandbox(Scenario(chats=40, **scenario)) as sandbox:
        status, told = doctor(sandbox.url, tmp_path)
        assert sandbox.counters()["chats_opened"] == 0
    assert words in told.pop(title)
    assert {text.partition(" ")[0] for text in told.values()} <= {"ok", "-"}, told
    assert status == 3


def test_an_ill_machine(tmp_path: Path) -> None:
    (tmp_path / ".avito").mkdir()
    (tmp_path / ".avito" / "store.db").write_bytes(b"no database" * 1000)
    broken = tmp_path / "broken-browser"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    status, told = doctor("http://127.0.0.1:9", tmp_path, "--lang", "en", AVITO_BROWSER=str(broken))
    assert status == 3
    assert "no answer from 127.0.0.1:9" in told["API keys"]
    assert "is not a database" in told["Store"]
    assert f"{broken} does not start" in told["Browser"]
    assert told["Messenger session"].startswith("-")


def test_a_profile_that_another_computer_holds(tmp_path: Path) -> None:
    (tmp_path / ".avito/profile").mkdir(parents=True)
    (tmp_path / ".avito/profile/SingletonLock").symlink_to("old-laptop-4711")
    status, told = doctor("http://127.0.0.1:9", tmp_path, "--lang", "en", AVITO_CLIENT_ID="")
    assert status == 3
    assert "a browser on old-laptop (pid 4711) holds it" in told["Browser"]
    assert "remove SingletonLock, SingletonCookie, SingletonSocket" in told["Browser"]


def test_a_browser_that_is_not_there_and_keys_that_are_not(tmp_path: Path) -> None:
    none = {"AVITO_BROWSER": "/nowhere/chromium", "AVITO_CLIENT_ID": ""}
    status, told = doctor("http://127.0.0.1:9", tmp_path, "--lang", "en", **none)
    assert status == 3
    assert "AVITO_BROWSER: /nowhere/chromium is not an executable" in told["Browser"]
    assert "put AVITO_CLIENT_ID" in told["API keys"]


def test_a_wrong_setting_and_a_wrong_option(tmp_path: Path) -> None:
    status, told = doctor("nowhere", tmp_path, "--lang", "en")
    assert status == 3
    assert "AVITO_API_URL: an address that starts with" in told["Settings"]
    wrong = [sys.executable, "-m", "scrapy", "doctor", "please"]
    ran = subprocess.run(wrong, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)


def test_a_run_under_way_is_left_alone(tmp_path: Path) -> None:
    with RunLock(tmp_path / ".avito", "chats"):
        status, told = doctor("http://127.0.0.1:9", tmp_path, "--lang", "en", AVITO_CLIENT_ID="")
    assert status == 3
    assert "Browser" not in told
    assert told["Data folder"].startswith("NOTE another run is under way")
