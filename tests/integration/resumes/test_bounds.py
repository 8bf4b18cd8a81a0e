"""Answers without end: a bound in time and in size for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.resumes_run import assert_true, run_resumes

SHORT = {"DOWNLOAD_TIMEOUT": 2, "DOWNLOAD_MAXSIZE": 100_000, "RETRY_TIMES": 3}


@pytest.mark.parametrize("kind", ["drip", "flood", "deep"])
def test_an_answer_that_is_broken_so_is_asked_for_again(tmp_path: Path, kind: str) -> None:
    faults = {"fault_share": 0.1, "faults": (kind,), "fault_streak": 2}
    run, truth = run_resumes({"chats": 30, **faults}, tmp_path, settings=SHORT)
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert run.counters["faults"][kind] > 0
    assert "Traceback" not in run.result.log
    assert_true(run.lines, truth)
