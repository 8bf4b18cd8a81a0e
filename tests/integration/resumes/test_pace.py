"""The limit that Avito states is kept, up and down; what is over it loses nothing."""

from __future__ import annotations

from pathlib import Path

from tests.support.resumes_run import assert_true, run_resumes


def test_a_lower_limit_is_kept_and_a_429_costs_no_try(tmp_path: Path) -> None:
    run, truth = run_resumes(
        {"chats": 10, "latency_ms": 250, "rate_limits": {"messages": 4}},
        tmp_path,
        settings={"RETRY_TIMES": 0},
    )
    stats = run.result.stats
    # Before the first answer tells the limit, requests leave at the usual rate.
    assert 1 <= stats["avito/throttle/429/messages"] <= 4
    assert stats["avito/throttle/pauses"] >= 1
    assert stats["avito/throttle/delay_ms/messages"] >= 250
    assert_true(run.lines, truth)


def test_a_higher_limit_is_used(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 40, "rate_limit_rps": 100}, tmp_path)
    stats = run.result.stats
    assert 10 <= stats["avito/throttle/delay_ms/messages"] < 11
    assert_true(run.lines, truth)


def test_no_stated_limit_means_the_usual_rate(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 12, "rate_limit_rps": None}, tmp_path)
    busiest = max(run.requests.values())
    assert run.result.stats["elapsed_time_seconds"] > (busiest - 1) / 10
    assert_true(run.lines, truth)
