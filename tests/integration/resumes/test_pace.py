"""The limit that Avito states is kept, up and down; what is over it loses nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from avito_sandbox import Scenario
from avito_sandbox.limits import Limits
from tests.support.resumes_run import assert_true, run_resumes


def test_a_lower_limit_is_kept_and_a_429_costs_no_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admit = Limits.admit
    refused: list[str] = []

    def refuse_first(limits: Limits, scenario: Scenario, method: str) -> tuple[bool, Any]:
        """The first two messages meet the limit, whenever they come."""
        passes, headers = admit(limits, scenario, method)
        if method == "messages" and len(refused) < 2:
            refused.append(method)
            return False, {**headers, "X-RateLimit-Remaining": "0"}
        return passes, headers

    monkeypatch.setattr(Limits, "admit", refuse_first)
    run, truth = run_resumes(
        {"chats": 10, "rate_limits": {"messages": 4}}, tmp_path, settings={"RETRY_TIMES": 0}
    )
    stats = run.result.stats
    told = run.counters["too_many_by_method"]["messages"]
    assert stats["avito/throttle/429/messages"] == told >= 2
    assert stats["avito/throttle/pauses"] >= 1
    assert stats["avito/throttle/delay_ms/messages"] >= 250
    assert_true(run.lines, truth)


def test_a_higher_limit_is_used(tmp_path: Path) -> None:
    run, truth = run_resumes(
        {"chats": 40, "rate_limit_rps": 100},
        tmp_path,
        # A slow answer makes no difference to the rate then.
        settings={"AUTOTHROTTLE_TARGET_CONCURRENCY": 1000},
    )
    stats = run.result.stats
    assert 10 <= stats["avito/throttle/delay_ms/messages"] < 11
    assert_true(run.lines, truth)


def test_no_stated_limit_means_the_usual_rate(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 12, "rate_limit_rps": None}, tmp_path)
    busiest = max(run.requests.values())
    assert run.result.stats["elapsed_time_seconds"] > (busiest - 1) / 10
    assert_true(run.lines, truth)
