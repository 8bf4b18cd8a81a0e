"""A refusal of one thing is about that thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.resumes_run import assert_true, run_resumes


@pytest.mark.parametrize(
    ("refused", "says"), [("402", "Avito answered 402"), ("route", "the resume could not be read")]
)
def test_a_resume_that_is_refused_costs_its_own_chats(
    tmp_path: Path, refused: str, says: str
) -> None:
    run, truth = run_resumes({"chats": 80, "one_refused": refused}, tmp_path)
    concerned = {
        chat
        for chat, told in truth.items()
        if told["outcome"] == "found" and int(told["resume_id"]) % 5 == 0
    }
    assert concerned
    for chat in concerned:
        line = run.lines[chat]
        assert line["outcome"] == "failed"
        assert says in line["reason"]
    others = {chat: told for chat, told in truth.items() if chat not in concerned}
    assert_true({chat: run.lines[chat] for chat in others}, others)


@pytest.mark.parametrize("status", ["400", "402", "403", "404"])
def test_contacts_that_are_refused_leave_a_reason(tmp_path: Path, status: str) -> None:
    run, truth = run_resumes({"chats": 80, "contacts_refused": status}, tmp_path)
    found = [line for line in run.lines.values() if line["outcome"] == "found"]
    # Whom only somebody's contacts name cannot be known without them.
    sure = {
        chat
        for chat, told in truth.items()
        if told["outcome"] == "found" and told["match"] != "contacts"
    }
    assert sure <= {line["chat_id"] for line in found}
    unread = [line for line in found if line["reason"]]
    assert unread
    for line in unread:
        assert int(line["resume_id"]) % 3 == 0
        assert line["reason"].startswith("the contacts could not be read: ")
    assert f"{len(unread)} " in next(
        text for text in run.result.log.splitlines() if "WARNING" in text and "contacts" in text
    )
    assert run.result.stats["avito/contacts/unread"] == len(unread)
    # A refusal takes nobody else's contacts away.
    facts = ("full_name", "phone")
    others = [line for line in found if int(line["resume_id"]) % 3]
    assert [[line[fact] for fact in facts] for line in others] == [
        [truth[line["chat_id"]][fact] for fact in facts] for line in others
    ]
    assert any(line["match"] != "application" and line["phone"] for line in others)


def test_ids_that_have_all_changed_are_said(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 60, "one_refused": "other_id"}, tmp_path)
    assert len(run.lines) == len(truth)
    assert "avito/drift/resumes/id" in run.result.stats
    assert "ERROR" in run.result.log


def test_a_messenger_without_its_subscription_ends_with_its_reason(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 60, "message_texts": "hidden"}, tmp_path)
    assert (run.result.reason, run.result.status) == ("subscription_required", 7)
    found = {chat for chat, line in run.lines.items() if line["outcome"] == "found"}
    assert found == {chat for chat, told in truth.items() if told["outcome"] == "found"}
    assert run.result.log.count("Avito hides the texts of messages") == 1
    assert "failed" not in run.outcomes()
