"""Answers as the field sends them: each chat gets what is true, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.resumes_run import ResumesRun, assert_true, run_resumes

NO_DRIFT_LIMIT = {"AVITO_HEALTH_MAX_DRIFT": "off"}


def run_field(folder: Path, **scenario: Any) -> tuple[ResumesRun, dict[str, dict[str, Any]]]:
    run, truth = run_resumes({"chats": 120, **scenario}, folder, settings=NO_DRIFT_LIMIT)
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert_true(run.lines, truth)
    assert "ERROR" not in run.result.log
    return run, truth


def drifts(run: ResumesRun) -> set[str]:
    return {name for name in run.result.stats if name.startswith("avito/drift/")}


def test_texts_that_avito_does_not_show_are_nobodys_words(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 60, "message_texts": "hidden"}, tmp_path)
    for told in truth.values():
        if told["last_message_at"]:  # where nothing was written, nothing is hidden
            told["chat_status"] = "unknown"
    assert_true(run.lines, truth)
    said = {(line["last_message"], line["last_message_direction"]) for line in run.lines.values()}
    assert said == {(None, None)}
    assert {line["waiting_since"] for line in run.lines.values()} == {None}


def test_avitos_notices_are_nobodys_words(tmp_path: Path) -> None:
    run, truth = run_field(tmp_path, notices_every=1, read_flag="true", messages_order="mixed")
    assert {told["last_message_direction"] for told in truth.values()} == {None}
    assert Counter(told["chat_status"] for told in truth.values())["awaits_us"] > 10
    texts = " ".join(line["last_message"] or "" for line in run.lines.values())
    assert "Системное" not in texts
    assert not drifts(run)


@pytest.mark.parametrize("shape", ["array", "object"])
def test_messages_are_read_on_whatever_the_length_of_a_page(tmp_path: Path, shape: str) -> None:
    # A chat with more messages than a page holds is among them.
    run, truth = run_field(tmp_path, messages_page=30, messages_shape=shape)
    candidates = [told for told in truth.values() if told["outcome"] != "not_candidate"]
    assert run.requests["messages"] >= len(candidates) + 3


def test_refusals_and_what_only_looks_like_them(tmp_path: Path) -> None:
    _, truth = run_field(tmp_path, field_words=True)
    assert Counter(told["chat_status"] for told in truth.values())["refused"] >= 5


def test_odd_values_cost_nothing_but_themselves(tmp_path: Path) -> None:
    run, _ = run_field(
        tmp_path, half_characters=True, odd_numbers=True, deep_values=True, removed_share=0
    )
    assert drifts(run) == {"avito/drift/resumes/salary", "avito/drift/resumes/params.age"}
    texts = [line["title"] for line in run.lines.values() if line["title"]]
    assert any("\ufffd" in text for text in texts)
    assert run.result.stats.get("avito/retry/cause/no_json") is None


@pytest.mark.parametrize("unit", ["milliseconds", "ticks", "nanoseconds"])
def test_moments_in_another_unit_are_drift(tmp_path: Path, unit: str) -> None:
    run, _ = run_field(tmp_path, created_unit=unit)
    assert drifts(run) == {
        "avito/drift/chat/last_message.created",
        "avito/drift/chats/chats.last_message.created",
        "avito/drift/messages/created",
    }
    waiting = [line["waiting_since"] for line in run.lines.values() if line["waiting_since"]]
    assert waiting
    assert all(moment.startswith("202") for moment in waiting)


def test_applications_as_captured(tmp_path: Path) -> None:
    run, _ = run_field(tmp_path, field_applications=True)
    assert not drifts(run)
    told = [line for line in run.lines.values() if line["application_id"]]
    assert {line["gender"] for line in told} <= {"Мужской", "Женский", None}
    assert not {line["citizenship"] for line in told} & {"rus", "blr", "kaz", "uzb"}
    assert {"Россия", None} < {line["citizenship"] for line in told}
