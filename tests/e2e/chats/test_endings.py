"""How a run ends, and what it says of it: reason, exit status, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.chats_run import assert_all_found, assert_none_opened, run_chats

SMALL = {"chats": 65, "page_latency_ms": 10}


def test_fewer_than_expected(tmp_path: Path) -> None:
    run = run_chats(SMALL, tmp_path, args={"expected": 66})
    assert (run.result.reason, run.result.status) == ("incomplete", 3)
    assert "65 chats found, 66 expected" in run.result.log
    assert len(run.found) == 65
    assert run.result.stats["avito/chats/expected"] == 66


def test_more_than_the_control_figure_is_fine(tmp_path: Path) -> None:
    favorites = {"favorites_markup": "late", "favorites_count": 60}
    run = run_chats({**SMALL, **favorites}, tmp_path, args={"expected": "favorites"})
    assert run.result.stats["avito/chats/expected"] == 60
    assert_all_found(run)


def test_control_figure_that_cannot_be_read(tmp_path: Path) -> None:
    scenario = {**SMALL, "favorites_markup": "none"}
    run = run_chats(scenario, tmp_path, args={"expected": "favorites"})
    assert (run.result.reason, run.result.status) == ("incomplete", 3)
    assert "could not be read" in run.result.log
    assert "avito/chats/expected" not in run.result.stats
    assert len(run.found) == 65


@pytest.mark.parametrize("args", [{}, {"expected": 65}])
def test_end_never_shown(tmp_path: Path, args: dict[str, object]) -> None:
    scenario: dict[str, Any] = {**SMALL, "has_more_lies": "always", "rows": "virtualised"}
    run = run_chats(scenario, tmp_path, args=args)
    assert (run.result.reason, run.result.status) == ("incomplete", 3)
    assert "never showed its end" in run.result.log
    assert len(run.found) == 65
    assert run.result.stats["avito/chats/end_seen"] == 0
    assert run.result.stats["avito/chats/recoveries"] > 0


def test_limit(tmp_path: Path) -> None:
    run = run_chats(SMALL, tmp_path, args={"limit": 40})
    assert (run.result.reason, run.result.status) == ("finished", 0)
    assert len(run.found) == 40
    assert run.counters["loads"] <= 3
    assert_none_opened(run)


def test_timeout_keeps_what_there_is(tmp_path: Path) -> None:
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-of-an-earlier-run"}\n')
    scenario = {**SMALL, "slow_every": 2, "slow_ms": 60_000}
    run = run_chats(scenario, tmp_path, args={"timeout": 6})
    assert (run.result.reason, run.result.status) == ("timeout", 8)
    assert run.result.stats["elapsed_time_seconds"] < 50, "the page was not waited for"
    assert run.result.items("chats.jl") == [{"chat_id": "u2i-of-an-earlier-run"}]
    assert len(run.result.items("chats.partial.jl")) == 30


def test_account_without_chats(tmp_path: Path) -> None:
    run = run_chats({"chats": 0}, tmp_path)
    assert_all_found(run)


def test_a_site_that_cannot_be_reached(tmp_path: Path) -> None:
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-of-an-earlier-run"}\n')
    secret = {"AVITO_WEB_URL": "http://somebody:hunter2@127.0.0.1:9"}
    run = run_chats(SMALL, tmp_path, env=secret)
    assert (run.result.reason, run.result.status) == ("unavailable", 10)
    assert "127.0.0.1 cannot be reached" in run.result.log
    assert "hunter2" not in run.result.log
    assert "control figure" not in run.result.log
    assert run.result.items("chats.jl") == [{"chat_id": "u2i-of-an-earlier-run"}]


def test_refused_half_way(tmp_path: Path) -> None:
    scenario = {**SMALL, "refuse": "limited_429", "refuse_after": 1, "refuse_pages": False}
    run = run_chats(scenario, tmp_path)
    assert (run.result.reason, run.result.status) == ("blocked", 5)
    assert "wait" in run.result.log
    assert run.counters["answers"]["getChannels"]["429"] <= 3
    assert len(run.found) == 30
    assert len(list(tmp_path.glob("blocked-*.png"))) == 1
    assert_none_opened(run)
