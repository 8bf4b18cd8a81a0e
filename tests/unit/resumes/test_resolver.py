"""Chats from beginning to end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from avito_scrapy.avito.results import (
    ChatFacts,
    ContactsFacts,
    Failure,
    NotFound,
    Reply,
    ResumeFacts,
)
from avito_scrapy.items import Chat
from avito_scrapy.reasons import Reason
from tests.unit.resumes.fake_avito import OPTIONS, OURS, TALK, Answers, ResolverRun, resume_chat


def test_an_application_that_tells_everything_costs_two_questions() -> None:
    run = ResolverRun({("resumes", "5"): ResumeFacts("5", title="Повар", is_purchased=True)})
    run.take(1, resume_id="5", name="Проба", phone="+79991234567", vacancy_id=3)
    line = run.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("found", "application", "5")
    assert (line.full_name, line.phone, line.vacancy_id) == ("Проба", "+79991234567", 3)
    assert (line.chat_status, line.waiting_since) == ("awaits_us", TALK.waiting_since)
    assert line.replies == [("2026-10-01T10:00:00+00:00", 60)]
    assert run.avito.methods() == {"messages": 1, "resumes": 1}


def test_what_the_application_lacks_the_contacts_tell_for_free() -> None:
    told = ContactsFacts("Проба", "+79991234567", "p@example.com")
    run = ResolverRun({("resumes", "5"): ResumeFacts("5"), ("contacts", "5"): told})
    run.take(1, resume_id="5", name="Тестов Проба")
    line = run.lines["u2i-1"]
    assert (line.full_name, line.phone, line.email) == (
        "Тестов Проба", "+79991234567", "p@example.com",
    )  # fmt: skip


@pytest.mark.parametrize("applied", [{}, {"resume_id": None}])
def test_what_a_stored_index_cannot_know_stays_open(applied: Mapping[str, Any]) -> None:
    at = "2026-11-24T10:00:00+00:00"
    run = ResolverRun({("chat", "u2i-1"): OURS._replace(last_message_at=at)})
    run.index.as_of = datetime.fromisoformat(at).timestamp() + 0.5
    run.take(1, **applied)
    # As it was: what the earlier run found out of it holds until the index is read again.
    run.take_stored(2, outcome="no_resume")
    run.finish()
    line = run.lines["u2i-1"]
    assert (line.outcome, line.reason) == ("failed", Reason("applications_too_soon"))
    assert run.lines["u2i-2"].outcome == "no_resume"


def test_a_chat_that_is_older_than_the_stored_index_is_known() -> None:
    at = "2026-11-24T10:00:00+00:00"
    run = ResolverRun({("chat", "u2i-1"): OURS._replace(last_message_at=at)})
    run.index.as_of = datetime.fromisoformat(at).timestamp() + 1
    run.take(1)
    run.finish()
    assert run.lines["u2i-1"].outcome == "no_resume"


@pytest.mark.parametrize("contacts", ["free", "none"])
@pytest.mark.parametrize("purchased", [True, False, None])
def test_contacts_of_a_found_resume_only_when_they_are_paid(
    contacts: Any, purchased: bool | None
) -> None:
    answers: Answers = {
        ("chat", "u2i-1"): resume_chat(7),
        ("resumes", "7"): ResumeFacts("7", is_purchased=purchased),
        ("contacts", "7"): ContactsFacts("Проба", "+79991234567"),
    }
    run = ResolverRun(answers, replace(OPTIONS, contacts=contacts))
    run.take(1)
    asked = contacts == "free" and purchased is True
    assert run.avito.methods()["contacts"] == asked
    assert (run.lines["u2i-1"].phone is not None) == asked
    assert run.lines["u2i-1"].user_name == "Имя"


def test_a_resume_behind_three_chats_is_asked_for_once() -> None:
    answers: Answers = {
        ("chat", "u2i-1"): resume_chat(7),
        ("chat", "u2i-2"): resume_chat(7),
        ("resumes", "7"): ResumeFacts("7", is_purchased=True),
        ("contacts", "7"): ContactsFacts("Проба", "+79991234567"),
    }
    run = ResolverRun(answers)
    for number in (1, 2):
        run.take(number)
    run.take(3, resume_id="7", name="Проба", phone="+79991234568")
    assert {line.resume_id for line in run.lines.values()} == {"7"}
    assert run.avito.methods() == {"chat": 2, "messages": 3, "resumes": 1, "contacts": 1}


def test_a_removed_resume_keeps_what_the_application_told() -> None:
    run = ResolverRun({})
    run.take(1, resume_id="5", name="Проба", phone="+79991234567")
    line = run.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("resume_removed", "application", "5")
    assert (line.phone, line.chat_status) == ("+79991234567", "awaits_us")


def test_failures_name_their_cause_and_are_no_facts() -> None:
    down = Failure(Reason("tries", cause=Reason("status", status=503), tries=10))
    run = ResolverRun({("resumes", "5"): down, ("messages", "u2i-2"): down, ("chat", "u2i-3"): down,
                   ("resumes", "6"): ResumeFacts("6")})  # fmt: skip
    run.take(1, resume_id="5", phone="+7", name="x")
    run.take(2, resume_id="6", phone="+7", name="x")
    run.take(3)
    assert run.lines["u2i-1"].outcome == "failed"
    assert "503" in str(run.lines["u2i-1"].reason)
    assert (run.lines["u2i-2"].outcome, run.lines["u2i-2"].chat_status) == ("found", "unknown")
    assert run.lines["u2i-3"].outcome == "failed"


def test_no_messages_when_they_are_not_wanted() -> None:
    run = ResolverRun({("resumes", "5"): ResumeFacts("5")}, replace(OPTIONS, messages=False))
    run.take(1, resume_id="5", phone="+7", name="x")
    assert run.avito.methods() == {"resumes": 1}
    assert run.lines["u2i-1"].chat_status == "unknown"


def test_private_chats_are_not_read() -> None:
    run = ResolverRun({("chat", "u2i-1"): ChatFacts(9, 8, "https://avito.ru/moskva/mebel/stul_9")})
    run.take(1)
    assert run.lines["u2i-1"].outcome == "not_candidate"
    assert run.avito.methods() == {"chat": 1, "resumes": 1}


def test_somebodys_item_without_an_address_is_not_called_private() -> None:
    run = ResolverRun({("chat", "u2i-1"): ChatFacts(9, 8, None, "Повар")})
    run.take(1)
    run.finish()
    line = run.lines["u2i-1"]
    assert (line.outcome, line.resume_id, line.chat_status) == ("no_resume", None, "awaits_us")
    assert "whether the chat is about a resume is not known" in str(line.reason)


@pytest.mark.parametrize(
    ("contacts", "reason"),
    [
        (Failure(Reason("status", status=400), 400), "Avito answered 400"),
        (Failure(Reason("tries", cause=Reason("status", status=503), tries=10)),
         "Avito answered 503 (10 tries)"),
        (NotFound(), "Avito no longer has them (404)"),
    ],
)  # fmt: skip
def test_contacts_that_cannot_be_read_leave_a_reason(contacts: Reply, reason: str) -> None:
    run = ResolverRun({("resumes", "5"): ResumeFacts("5"), ("contacts", "5"): contacts})
    run.take(1, resume_id="5")
    line = run.lines["u2i-1"]
    assert (line.outcome, line.phone) == ("found", None)
    assert str(line.reason) == f"the contacts could not be read: {reason}"


def test_a_chat_of_an_unknown_form_is_asked_for_nowhere_and_has_its_line() -> None:
    run = ResolverRun({})
    line = asyncio.run(run.resolver.resolve(Chat("x2y-1")))
    assert line is not None
    assert (line.outcome, line.reason) == ("failed", Reason("unknown_chat_form"))
    assert run.avito.requested == {}
