"""A fifth of the answers broken in every way, tokens that die every few seconds."""

from __future__ import annotations

from pathlib import Path

from tests.support.resumes_run import assert_true, run_resumes


def test_everything_is_right_all_the_same(tmp_path: Path) -> None:
    ttl = 5.0
    run, truth = run_resumes(
        {
            "chats": 150, "rate_limit_rps": 50, "latency_ms": 10,
            "fault_share": 0.2, "silence_s": 3,
            "faults": ("500", "503", "silence", "reset", "html", "cut_json", "cut_body"),
            "token_ttl_s": ttl, "expired_status": 403,
        },
        tmp_path,
        settings={"DOWNLOAD_TIMEOUT": 2},
    )  # fmt: skip
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert_true(run.lines, truth)
    assert len(run.counters["faults"]) == 7, "every way was met"
    stats = run.result.stats
    died = int(stats["elapsed_time_seconds"] / ttl)
    assert died >= 1
    # A broken answer to a token request costs one more.
    assert run.requests["token"] <= died + 1 + stats.get("avito/retry/token", 0) + 1
    assert "avito/retry/gave_up" not in stats
