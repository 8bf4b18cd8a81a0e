"""``scrapy login``, without a window: the sandbox signs in by itself as a person would."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_processes import browsers, until
from tests.support.privacy import assert_private
from tests.support.scrapy_run import ROOT, crawl, environment, scrapy


def test_login_once_then_crawl(tmp_path: Path) -> None:
    # The page tries to open chats, also while it is closed.
    scenario = Scenario(chats=35, session="cookie", auto_login_ms=300, roads=True)
    with Sandbox(scenario) as sandbox:
        env = {"AVITO_WEB_URL": sandbox.web_url}
        state = tmp_path / "state.json"
        state.write_text("{}")  # an older one, for all to read
        state.chmod(0o644)
        words = ["login", "-s", "AVITO_HEADLESS=true", "--save", str(state)]
        login = scrapy(words, data_dir=tmp_path, env=env)
        assert (login.status, login.log) == (0, "")
        assert "Signed in" in login.output
        assert stat.S_IMODE(state.stat().st_mode) == 0o600
        run = crawl("chats", data_dir=tmp_path, args={"pace": "fast"}, env=env)
        assert (run.reason, len(run.items("chats.jl"))) == ("finished", 35)
        # The saved session alone is enough, in a profile that knows of nothing.
        elsewhere = tmp_path / "elsewhere"
        brought = {**env, "AVITO_STORAGE_STATE": str(state)}
        run = crawl("chats", data_dir=elsewhere, args={"pace": "fast"}, env=brought)
        assert (run.reason, len(run.items("chats.jl"))) == ("finished", 35)
        assert sandbox.counters()["logins"] == 1
        assert sandbox.counters()["chats_opened"] == 0


def test_login_without_a_screen(tmp_path: Path) -> None:
    env = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    login = scrapy(["login"], data_dir=tmp_path, env=env)
    assert login.status == 2
    assert login.log.startswith("scrapy login: there is no screen here")
    assert login.log.count("\n") == 1


@pytest.mark.parametrize("how", ["window closed", "ctrl-c"])
def test_login_that_is_given_up(how: str, tmp_path: Path) -> None:
    with Sandbox(Scenario(session="signed_out")) as sandbox:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "login", "-s", "AVITO_HEADLESS=true"],
            cwd=ROOT, env=environment(tmp_path, {"AVITO_WEB_URL": sandbox.web_url}),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            until(lambda: sandbox.counters()["requests"].get("front_page"), 30)
            if how == "ctrl-c":
                process.send_signal(signal.SIGINT)
            else:
                os.kill(min(browsers(tmp_path)), signal.SIGTERM)
            _, log = process.communicate(timeout=20)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 1
    # A page that was just being opened may be named before it.
    assert (
        assert_private(log).splitlines()[-1] == "scrapy login: ended before anybody had signed in"
    )
    assert "Traceback" not in log
    until(lambda: not browsers(tmp_path), 10)


def test_a_file_to_save_to_that_is_none(tmp_path: Path) -> None:
    for target in ("/dev/null", str(tmp_path), str(tmp_path / "none" / "state.json")):
        login = scrapy(
            ["login", "-s", "AVITO_HEADLESS=true", "--save", target], data_dir=tmp_path, env={}
        )
        assert (login.status, login.log.count("\n")) == (2, 1), login.log
        assert login.log.startswith(f"scrapy login: --save: {target.removesuffix('/state.json')}")
    assert os.stat("/dev/null").st_mode & 0o777 == 0o666
