"""What contacts tell of other chats, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from avito_scrapy.avito.case import Ask
from avito_scrapy.avito.desk import Moves
from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.items import Chat, ChatResume
from tests.unit.avito.table import OURS, RULES, Answers, Table, resume_chat

NAMING: Answers = {
    ("chat", "u2i-1"): OURS,
    ("chat", "u2i-2"): resume_chat(7),
    ("chat", "u2i-3"): resume_chat(8),
    ("resumes", "7"): ResumeFacts("7", title="Повар", is_purchased=True),
    ("resumes", "8"): ResumeFacts("8", is_purchased=True),
    ("contacts", "7"): ContactsFacts("Проба", "+79991234567", None, ["u2i-1", "u2i-2", "u2i-99"]),
}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_contacts_that_name_a_chat_solve_it(order: tuple[int, int]) -> None:
    table = Table(NAMING)
    for number in order:
        table.take(number)
    assert "u2i-1" not in table.lines
    table.finish()
    line = table.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("found", "contacts", "7")
    assert (line.phone, line.title, line.chat_status) == ("+79991234567", "Повар", "awaits_us")
    assert table.methods() == {"chat": 2, "messages": 2, "resumes": 1, "contacts": 1}


def test_a_chat_that_two_contacts_name_is_nobodys() -> None:
    two: Answers = {
        **NAMING,
        ("contacts", "8"): ContactsFacts("Иная", "+79991234568", None, ["u2i-1"]),
    }
    table = Table(two)
    for number in (1, 2, 3):
        table.take(number)
    table.finish()
    assert table.lines["u2i-1"].outcome == "no_resume"
    assert table.lines["u2i-1"].phone is None


def test_what_nobody_names_is_without_a_resume() -> None:
    table = Table({("chat", "u2i-1"): OURS})
    table.take(1)
    table.finish()
    line = table.lines["u2i-1"]
    assert (line.outcome, line.chat_status) == ("no_resume", "awaits_us")
    assert "our own vacancy" in (line.reason or "")


@pytest.mark.parametrize("method", ["resumes", "contacts"])
@pytest.mark.parametrize("contacts", ["free", "none"])
def test_contacts_that_were_not_read_do_not_prove_that_nobody_names_it(
    method: str, contacts: Any
) -> None:
    down = Failure("no answer within 15 s (10 tries)")
    table = Table({**NAMING, (method, "7"): down}, replace(RULES, contacts=contacts))
    table.take(1)
    table.take(2)
    table.finish()
    line = table.lines["u2i-1"]
    if contacts == "none":
        assert line.outcome == "no_resume"
    else:
        assert (line.outcome, line.reason) == (
            "failed", "contacts that may name the chat: no answer within 15 s (10 tries)",
        )  # fmt: skip


def stored(number: int, **fields: Any) -> tuple[Chat, ChatResume]:
    line = ChatResume(f"u2i-{number}", chat_type="u2i", from_store=True, **fields)
    return Chat(line.chat_id, chat_type="u2i"), line


def test_stored_lines_name_chats_too() -> None:
    table = Table({**NAMING, ("contacts", "7"): NotFound()})
    table.take(1)
    named: dict[str, Any] = {
        "resume_id": "7",
        "named_chats": ["u2i-1"],
        "outcome": "found",
        "match": "chat_item",
    }
    table.play(table.desk.take_stored(*stored(2, **named)))
    assert table.lines["u2i-2"].from_store
    table.finish()
    assert (table.lines["u2i-1"].match, table.lines["u2i-1"].resume_id) == ("contacts", "7")


@pytest.mark.parametrize("named", [True, False])
def test_a_stored_line_without_a_resume_waits_for_those_who_may_name_it(named: bool) -> None:
    table = Table(NAMING)
    table.play(table.desk.take_stored(*stored(1, outcome="no_resume")))
    assert table.lines == {}
    if named:
        table.take(2)
    table.finish()
    assert table.lines["u2i-1"].from_store is not named
    assert table.lines["u2i-1"].match == ("contacts" if named else None)


APPLIED: dict[str, Any] = {"id": "a", "name": "Проба Своя", "phone": "+79991234560"}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_contacts_name_the_chat_of_an_application_without_a_resume(order: Any) -> None:
    table = Table(NAMING)
    for number in order:
        table.take(number, **(APPLIED if number == 1 else {}))
    table.finish()
    line = table.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("found", "contacts", "7")
    assert (line.application_id, line.full_name, line.phone) == tuple(APPLIED.values())
    assert table.methods() == {"chat": 1, "messages": 2, "resumes": 1, "contacts": 1}


def test_an_application_without_a_resume_that_nobody_names() -> None:
    table = Table(NAMING)
    table.take(4, **APPLIED)
    table.take(2)
    table.finish()
    line = table.lines["u2i-4"]
    assert (line.outcome, line.match, line.phone) == ("no_resume", None, "+79991234560")
    assert line.reason == "the candidate applied without a resume"


@pytest.mark.parametrize("named", [True, False])
def test_a_stored_application_without_a_resume_waits_as_well(named: bool) -> None:
    table = Table(NAMING)
    told: dict[str, Any] = {"application_id": "a", "full_name": "Проба Своя", "phone": "+7999"}
    table.play(table.desk.take_stored(*stored(1, outcome="no_resume", **told)))
    assert table.lines == {}
    if named:
        table.take(2)
    table.finish()
    line = table.lines["u2i-1"]
    assert (line.match, line.from_store) == (("contacts", False) if named else (None, True))
    assert (line.application_id, line.full_name, line.phone) == tuple(told.values())


FOR_SALE: Answers = {
    ("chat", "u2i-1"): resume_chat(7),
    ("chat", "u2i-2"): resume_chat(7),
    ("chat", "u2i-3"): resume_chat(8),
    ("resumes", "7"): ResumeFacts("7", is_purchased=False),
    ("resumes", "8"): ResumeFacts("8", is_purchased=False),
    ("contacts", "7"): ContactsFacts("Проба", "+79991234567"),
}


def test_nothing_is_bought_unasked() -> None:
    table = Table(FOR_SALE, replace(RULES, contacts="all"))
    for number in (3, 2, 1):
        table.take(number)
    assert table.methods()["contacts"] == 0
    assert table.lines == {}
    assert table.desk.for_sale == ["7", "8"]
    ask = table.desk.buy("7")
    table.play(Moves([ask]))
    assert {line.phone for line in table.lines.values()} == {"+79991234567"}
    assert {line.is_purchased for line in table.lines.values()} == {True}
    table.finish()
    assert table.lines["u2i-3"].is_purchased is False
    assert len(table.lines) == 3


@pytest.mark.parametrize(
    ("reply", "purchased"),
    [(Failure("no answer"), None), (Failure("Avito answered 402", 402), False)],
)
def test_a_purchase_whose_end_is_not_known(reply: Reply, purchased: bool | None) -> None:
    table = Table({**FOR_SALE, ("contacts", "7"): reply}, replace(RULES, contacts="all"))
    table.take(1)
    table.play(Moves([table.desk.buy("7")]))
    line = table.lines["u2i-1"]
    assert (line.outcome, line.phone, line.is_purchased) == ("found", None, purchased)


@pytest.mark.parametrize("contacts", ["free", "all", "none"])
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
def test_contacts_of_a_resume_that_came_with_an_application_are_free(
    contacts: Any, order: tuple[int, ...]
) -> None:
    table = Table(FOR_SALE, replace(RULES, contacts=contacts, applied={"7"}))
    for number in order:
        table.take(
            number, **({"resume_id": "7", "phone": "+7", "name": "x"} if number == 2 else {})
        )
    assert table.desk.for_sale == (["8"] if contacts == "all" else [])
    assert table.asked[Ask("contacts", "7")] == (contacts != "none")
    assert table.asked[Ask("contacts", "8")] == 0
    table.finish()
    line = table.lines["u2i-1"]
    assert (line.match, line.is_purchased) == ("chat_item", False)
    assert line.phone == (None if contacts == "none" else "+79991234567")
    assert table.lines["u2i-2"].phone == "+7"


def test_when_buying_is_over_nothing_is_for_sale() -> None:
    """A stored line names a chat, with contacts that were free when they were read."""
    answers: Answers = {("resumes", "7"): ResumeFacts("7", is_purchased=False)}
    table = Table({**answers, ("chat", "u2i-1"): OURS}, replace(RULES, contacts="all"))
    table.take(1)
    named: dict[str, Any] = {"resume_id": "7", "named_chats": ["u2i-1"], "outcome": "found"}
    table.play(table.desk.take_stored(*stored(2, match="application", **named)))
    table.finish()
    assert (table.lines["u2i-1"].match, table.lines["u2i-1"].phone) == ("contacts", None)
