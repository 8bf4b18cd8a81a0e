"""Cases from beginning to end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from avito_scrapy.avito.case import Ask, Case
from avito_scrapy.avito.desk import Desk
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    ContactsFacts,
    Failure,
    ResumeFacts,
)
from avito_scrapy.items import Chat
from tests.unit.avito.table import OURS, RULES, TALK, Answers, Table, resume_chat


def test_an_application_that_tells_everything_costs_two_questions() -> None:
    table = Table({("resumes", "5"): ResumeFacts("5", title="Повар", is_purchased=True)})
    table.take(1, resume_id="5", name="Проба", phone="+79991234567", vacancy_id=3)
    line = table.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("found", "application", "5")
    assert (line.full_name, line.phone, line.vacancy_id) == ("Проба", "+79991234567", 3)
    assert (line.chat_status, line.waiting_since) == ("awaits_us", TALK.waiting_since)
    assert line.replies == [("2026-10-01T10:00:00+00:00", 60)]
    assert table.methods() == {"messages": 1, "resumes": 1}


def test_what_the_application_lacks_the_contacts_tell_for_free() -> None:
    told = ContactsFacts("Проба", "+79991234567", "p@example.com")
    table = Table({("resumes", "5"): ResumeFacts("5"), ("contacts", "5"): told})
    table.take(1, resume_id="5", name="Тестов Проба")
    line = table.lines["u2i-1"]
    assert (line.full_name, line.phone, line.email) == (
        "Тестов Проба", "+79991234567", "p@example.com",
    )  # fmt: skip


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
    table = Table(answers, replace(RULES, contacts=contacts))
    table.take(1)
    asked = contacts == "free" and purchased is True
    assert table.methods()["contacts"] == asked
    assert (table.lines["u2i-1"].phone is not None) == asked
    assert table.lines["u2i-1"].user_name == "Имя"


def test_a_resume_behind_three_chats_is_asked_for_once() -> None:
    answers: Answers = {
        ("chat", "u2i-1"): resume_chat(7),
        ("chat", "u2i-2"): resume_chat(7),
        ("resumes", "7"): ResumeFacts("7", is_purchased=True),
        ("contacts", "7"): ContactsFacts("Проба", "+79991234567"),
    }
    table = Table(answers)
    for number in (1, 2):
        table.take(number)
    table.take(3, resume_id="7", name="Проба", phone="+79991234568")
    assert {line.resume_id for line in table.lines.values()} == {"7"}
    assert table.methods() == {"chat": 2, "messages": 3, "resumes": 1, "contacts": 1}


def test_two_chats_wait_for_the_same_answer() -> None:
    desk = Desk(RULES)
    cases = [
        Case(
            Chat(f"u2i-{number}", chat_type="u2i"),
            ApplicationFacts("a", f"u2i-{number}", 1.0, "7", phone="+7", name="x"),
        )
        for number in (1, 2)
    ]
    first, second = (desk.take(case).asks for case in cases)
    assert [ask.method for ask in (*first, *second)] == ["messages", "resumes", "messages"]
    assert desk.answer(Ask("resumes", "7"), ResumeFacts("7")).lines == []
    assert len(desk.answer(Ask("messages", "u2i-1"), TALK).lines) == 1
    assert len(desk.answer(Ask("messages", "u2i-2"), TALK).lines) == 1


def test_a_removed_resume_keeps_what_the_application_told() -> None:
    table = Table({})
    table.take(1, resume_id="5", name="Проба", phone="+79991234567")
    line = table.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("resume_removed", "application", "5")
    assert (line.phone, line.chat_status) == ("+79991234567", "awaits_us")


def test_failures_name_their_cause_and_are_no_facts() -> None:
    down = Failure("Avito answered 503 (10 tries)")
    table = Table({("resumes", "5"): down, ("messages", "u2i-2"): down, ("chat", "u2i-3"): down,
                   ("resumes", "6"): ResumeFacts("6")})  # fmt: skip
    table.take(1, resume_id="5", phone="+7", name="x")
    table.take(2, resume_id="6", phone="+7", name="x")
    table.take(3)
    assert table.lines["u2i-1"].outcome == "failed"
    assert "503" in (table.lines["u2i-1"].reason or "")
    assert (table.lines["u2i-2"].outcome, table.lines["u2i-2"].chat_status) == ("found", "unknown")
    assert table.lines["u2i-3"].outcome == "failed"


def test_no_messages_when_they_are_not_wanted() -> None:
    table = Table({("resumes", "5"): ResumeFacts("5")}, replace(RULES, messages=False))
    table.take(1, resume_id="5", phone="+7", name="x")
    assert table.methods() == {"resumes": 1}
    assert table.lines["u2i-1"].chat_status == "unknown"


def test_private_chats_are_not_read() -> None:
    table = Table({("chat", "u2i-1"): ChatFacts(9, 8, "https://avito.ru/moskva/mebel/stul_9")})
    table.take(1)
    assert table.lines["u2i-1"].outcome == "not_candidate"
    assert table.methods() == {"chat": 1, "resumes": 1}


def test_somebodys_item_without_an_address_is_not_called_private() -> None:
    table = Table({("chat", "u2i-1"): ChatFacts(9, 8, None, "Повар")})
    table.take(1)
    table.finish()
    line = table.lines["u2i-1"]
    assert (line.outcome, line.resume_id, line.chat_status) == ("no_resume", None, "awaits_us")
    assert "whether the chat is about a resume is not known" in (line.reason or "")


def test_what_never_is_answered_is_given_up() -> None:
    desk = Desk(RULES)
    desk.take(Case(Chat("u2i-1", chat_type="u2i")))
    [line] = desk.give_up("the answers did not come")
    assert (line.outcome, line.reason) == ("failed", "the answers did not come")
    assert (desk.waiting, desk.open[False]) == (0, 0)
    late = desk.answer(Ask("chat", "u2i-1"), OURS)
    assert (late.asks, late.lines) == ([], [])


def test_a_late_answer_to_a_question_that_no_longer_counts() -> None:
    """Contacts were refused for good while those of another chat were under way."""
    desk = Desk(RULES)
    case = Case(Chat("u2i-1", chat_type="u2i"))
    desk.take(case)
    desk.answer(Ask("chat", "u2i-1"), resume_chat(7))
    moves = desk.answer(Ask("resumes", "7"), ResumeFacts("7", is_purchased=True))
    assert [ask.method for ask in moves.asks] == ["contacts"]
    desk.rules = replace(RULES, contacts="none")
    assert len(desk.answer(Ask("messages", "u2i-1"), TALK).lines) == 1
    assert desk.answer(Ask("contacts", "7"), ContactsFacts("Проба")).lines == []
    assert (desk.waiting, desk.open[False]) == (0, 0)
