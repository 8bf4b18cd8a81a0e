"""Interrupted: what was found is kept, the browser is gone, and nothing gets worse."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_processes import browsers, until
from tests.support.chats_run import assert_all_found, run_chats
from tests.support.privacy import assert_private
from tests.support.scrapy_run import ROOT, Result, command, environment

# Long enough to be interrupted: a page every half second.
LONG = Scenario(chats=3000, page_latency_ms=400)
EARLIER = '{"chat_id": "u2i-of-an-earlier-run"}\n'


@contextmanager
def under_way(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Sandbox]]:
    """A crawl that has read some pages."""
    with Sandbox(LONG) as sandbox:
        env = environment(tmp_path, {"AVITO_WEB_URL": sandbox.web_url})
        process = subprocess.Popen(
            command("chats", {"pace": "fast"}, {}),
            cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            until(lambda: sandbox.counters()["loads"] >= 4, 30)
            yield process, sandbox
        finally:
            process.kill()
            process.communicate()


@pytest.mark.parametrize("whole_group", [True, False], ids=["ctrl-c", "cancel"])
def test_signal(whole_group: bool, tmp_path: Path) -> None:
    with under_way(tmp_path) as (process, sandbox):
        assert browsers(tmp_path)
        start, loads = monotonic(), sandbox.counters()["loads"]
        if whole_group:  # a terminal's Ctrl-C reaches the browser's processes too
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=40)
        assert monotonic() - start < 20, "the scroll was not waited for"
        assert sandbox.counters()["loads"] - loads <= 4, "a second or two, as the page counts it"
        result = Result(process.returncode, log, "", tmp_path)
        assert (result.reason, result.status) == ("shutdown", 1)
        assert "Traceback" not in log
        assert not browsers(tmp_path)
        items = result.items("chats.jl")
        assert 30 <= len({item["chat_id"] for item in items}) == len(items) < 3000
        assert sandbox.counters()["chats_opened"] == 0


def test_item_count(tmp_path: Path) -> None:
    scenario = {"chats": 900, "page_latency_ms": 100}
    run = run_chats(scenario, tmp_path, settings={"CLOSESPIDER_ITEMCOUNT": 50})
    assert run.result.reason == "closespider_itemcount"
    assert 50 <= len(run.found) < 200
    assert not browsers(tmp_path)


def test_browser_in_a_loop_of_its_own_as_on_windows(tmp_path: Path) -> None:
    own_loop = {"_PLAYWRIGHT_THREADED_LOOP": True}
    run = run_chats({"chats": 35}, tmp_path, settings=own_loop)
    assert_all_found(run)
    run = run_chats({"chats": 900}, tmp_path, settings={**own_loop, "CLOSESPIDER_ITEMCOUNT": 50})
    assert (run.result.reason, run.counters["chats_opened"]) == ("closespider_itemcount", 0)
    assert not browsers(tmp_path)


def test_kill_leaves_the_earlier_file(tmp_path: Path) -> None:
    (tmp_path / "chats.jl").write_text(EARLIER)
    with under_way(tmp_path) as (process, _):
        process.kill()
        assert_private(process.communicate(timeout=10)[1])
        assert (tmp_path / "chats.jl").read_text() == EARLIER
        until(lambda: not browsers(tmp_path), 10)
    # Nothing of it is in the way of the next run.
    run = run_chats({"chats": 35}, tmp_path)
    assert (run.result.reason, len(run.found)) == ("finished", 35)


def test_browser_crash_keeps_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "chats.jl").write_text(EARLIER)
    with under_way(tmp_path) as (process, _):
        for pid in browsers(tmp_path):
            os.kill(pid, signal.SIGKILL)
        _, log = process.communicate(timeout=40)
        result = Result(process.returncode, log, "", tmp_path)
        assert (result.reason, result.status) == ("incomplete", 3)
        assert (tmp_path / "chats.jl").read_text() == EARLIER
        assert len(result.items("chats.partial.jl")) >= 30
