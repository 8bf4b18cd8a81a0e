"""What does not come: tries, causes, and what a failure may not be taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.resumes_run import assert_true, run_resumes


@pytest.mark.parametrize("lacks", ["no_job", "no_messenger"])
def test_a_missing_subscription_is_one_line(tmp_path: Path, lacks: str) -> None:
    run, _ = run_resumes({"chats": 40, "subscription": lacks}, tmp_path)
    assert (run.result.reason, run.result.status) == ("subscription_required", 7)
    assert "failed" not in run.outcomes()
    assert "Traceback" not in run.result.log


def test_after_the_last_try_a_chat_fails_with_its_cause(tmp_path: Path) -> None:
    broken = {"fault_share": 1.0, "faults": ("503",), "fault_methods": ("resumes",)}
    run, truth = run_resumes(
        {"chats": 40, **broken, "fault_streak": 1000},
        tmp_path,
        settings={"RETRY_TIMES": 1, "AVITO_HEALTH_MAX_FAILED_SHARE": "off"},
    )
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert set(run.lines) == set(truth)
    for chat_id, line in run.lines.items():
        if truth[chat_id]["outcome"] in ("found", "resume_removed"):
            assert line["outcome"] == "failed"
            assert line["reason"].endswith(": Avito answered 503 (2 tries)")
        elif line["outcome"] != "failed":
            assert line["outcome"] == truth[chat_id]["outcome"]
    assert run.requests["resumes"] == 2 * len(
        {line["resume_id"] for line in run.lines.values() if line["resume_id"]}
        | {c for c, told in truth.items() if told["kind"] == "private_item"}
    )


def test_applications_that_cannot_be_read_are_not_absent(tmp_path: Path) -> None:
    broken = {"fault_share": 1.0, "faults": ("html",), "fault_methods": ("applications",)}
    run, truth = run_resumes(
        {"chats": 60, **broken, "fault_streak": 1000},
        tmp_path,
        settings={"RETRY_TIMES": 1, "AVITO_HEALTH_MAX_FAILED_SHARE": "off"},
    )
    kinds: dict[str, set[str]] = {}
    for chat_id, told in truth.items():
        kinds.setdefault(told["kind"], set()).add(run.lines[chat_id]["outcome"])
    assert kinds["application"] <= {"failed", "found"}  # found: another resume is its context
    assert kinds["own_vacancy"] == {"failed"}
    assert kinds["purchased"] <= {"found", "resume_removed"}
    assert kinds["avito"] == kinds["private_item"] == {"not_candidate"}
    assert "no_resume" not in run.outcomes()
    assert run.result.log.count("Applications could not be read to the end") == 1


def test_a_status_that_cannot_be_read_is_unknown_and_the_rest_stands(tmp_path: Path) -> None:
    broken = {"fault_share": 1.0, "faults": ("cut_json",), "fault_methods": ("messages",)}
    run, truth = run_resumes(
        {"chats": 30, **broken, "fault_streak": 1000}, tmp_path, settings={"RETRY_TIMES": 0}
    )
    assert {line["chat_status"] for line in run.lines.values()} == {"unknown"}
    for told in truth.values():
        told["chat_status"] = "unknown"
    assert_true(run.lines, truth)


def test_an_api_that_is_down_keeps_the_earlier_files(tmp_path: Path) -> None:
    (tmp_path / "resumes.jl").write_text('{"chat_id": "u2i-1-2"}\n', encoding="utf-8")
    run, _ = run_resumes(
        {"chats": 5, "fault_share": 1.0, "faults": ("500",), "fault_methods": ("self",),
         "fault_streak": 1000},
        tmp_path,
        settings={"RETRY_TIMES": 1},
    )  # fmt: skip
    assert run.result.reason == "unavailable"
    assert run.result.status not in (0, 2)
    assert set(run.lines) == {"u2i-1-2"}
    assert "The account could not be read: Avito answered 500 (2 tries)" in run.result.log
