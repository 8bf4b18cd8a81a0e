"""What contacts tell of other chats, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from avito_scrapy.avito.endpoints import REFUSALS_BELIEVED
from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.reasons import Reason
from tests.unit.resumes.fake_avito import OPTIONS, OURS, Answers, ResolverRun, resume_chat

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
    run = ResolverRun(NAMING)
    for number in order:
        run.take(number)
    assert "u2i-1" not in run.lines
    run.finish()
    line = run.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("found", "contacts", "7")
    assert (line.phone, line.title, line.chat_status) == ("+79991234567", "Повар", "awaits_us")
    assert run.avito.methods() == {"chat": 2, "messages": 2, "resumes": 1, "contacts": 1}


def test_a_chat_that_two_contacts_name_is_nobodys() -> None:
    two: Answers = {
        **NAMING,
        ("contacts", "8"): ContactsFacts("Иная", "+79991234568", None, ["u2i-1"]),
    }
    run = ResolverRun(two)
    for number in (1, 2, 3):
        run.take(number)
    run.finish()
    assert run.lines["u2i-1"].outcome == "no_resume"
    assert run.lines["u2i-1"].phone is None


def test_what_nobody_names_is_without_a_resume() -> None:
    run = ResolverRun({("chat", "u2i-1"): OURS})
    run.take(1)
    run.finish()
    line = run.lines["u2i-1"]
    assert (line.outcome, line.chat_status) == ("no_resume", "awaits_us")
    assert "our own vacancy" in str(line.reason)


@pytest.mark.parametrize("method", ["resumes", "contacts"])
@pytest.mark.parametrize("contacts", ["free", "none"])
def test_contacts_that_were_not_read_do_not_prove_that_nobody_names_it(
    method: str, contacts: Any
) -> None:
    down = Failure(Reason("tries", cause=Reason("silence", seconds="15"), tries=10))
    run = ResolverRun({**NAMING, (method, "7"): down}, replace(OPTIONS, contacts=contacts))
    run.take(1)
    run.take(2)
    run.finish()
    line = run.lines["u2i-1"]
    if contacts == "none":
        assert line.outcome == "no_resume"
    else:
        assert (line.outcome, str(line.reason)) == (
            "failed", "contacts that may name the chat: no answer within 15 s (10 tries)",
        )  # fmt: skip


def test_stored_lines_name_chats_too() -> None:
    run = ResolverRun({**NAMING, ("contacts", "7"): NotFound()})
    run.take(1)
    named: dict[str, Any] = {
        "resume_id": "7",
        "named_chats": ["u2i-1"],
        "outcome": "found",
        "match": "chat_item",
    }
    run.take_stored(2, **named)
    assert run.lines["u2i-2"].from_store
    run.finish()
    assert (run.lines["u2i-1"].match, run.lines["u2i-1"].resume_id) == ("contacts", "7")


@pytest.mark.parametrize("named", [True, False])
def test_a_stored_line_without_a_resume_waits_for_those_who_may_name_it(named: bool) -> None:
    run = ResolverRun(NAMING)
    run.take_stored(1, outcome="no_resume")
    assert run.lines == {}
    if named:
        run.take(2)
    run.finish()
    assert run.lines["u2i-1"].from_store is not named
    assert run.lines["u2i-1"].match == ("contacts" if named else None)


APPLIED: dict[str, Any] = {"id": "a", "name": "Проба Своя", "phone": "+79991234560"}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_contacts_name_the_chat_of_an_application_without_a_resume(order: Any) -> None:
    run = ResolverRun(NAMING)
    for number in order:
        run.take(number, **(APPLIED if number == 1 else {}))
    run.finish()
    line = run.lines["u2i-1"]
    assert (line.outcome, line.match, line.resume_id) == ("found", "contacts", "7")
    assert (line.application_id, line.full_name, line.phone) == tuple(APPLIED.values())
    assert run.avito.methods() == {"chat": 1, "messages": 2, "resumes": 1, "contacts": 1}


def test_an_application_without_a_resume_that_nobody_names() -> None:
    run = ResolverRun(NAMING)
    run.take(4, **APPLIED)
    run.take(2)
    run.finish()
    line = run.lines["u2i-4"]
    assert (line.outcome, line.match, line.phone) == ("no_resume", None, "+79991234560")
    assert str(line.reason) == "the candidate applied without a resume"


@pytest.mark.parametrize("named", [True, False])
def test_a_stored_application_without_a_resume_waits_as_well(named: bool) -> None:
    run = ResolverRun(NAMING)
    told: dict[str, Any] = {"application_id": "a", "full_name": "Проба Своя", "phone": "+7999"}
    run.take_stored(1, outcome="no_resume", **told)
    assert run.lines == {}
    if named:
        run.take(2)
    run.finish()
    line = run.lines["u2i-1"]
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
    run = ResolverRun(FOR_SALE, replace(OPTIONS, contacts="all"))
    for number in (3, 2, 1):
        run.take(number)
    assert run.avito.methods()["contacts"] == 0
    assert run.lines == {}
    assert [resume_id for resume_id, _ in run.resolver.for_sale] == ["7", "8"]
    run.buy("7")
    assert {line.phone for line in run.lines.values()} == {"+79991234567"}
    assert {line.is_purchased for line in run.lines.values()} == {True}
    run.finish()
    assert run.lines["u2i-3"].is_purchased is False
    assert len(run.lines) == 3


@pytest.mark.parametrize(
    ("reply", "purchased"),
    [
        (Failure(Reason("connection_lost")), None),
        (Failure(Reason("status", status=402), 402), False),
    ],
)
def test_a_purchase_whose_end_is_not_known(reply: Reply, purchased: bool | None) -> None:
    run = ResolverRun({**FOR_SALE, ("contacts", "7"): reply}, replace(OPTIONS, contacts="all"))
    run.take(1)
    run.buy("7")
    line = run.lines["u2i-1"]
    assert (line.outcome, line.phone, line.is_purchased) == ("found", None, purchased)


@pytest.mark.parametrize("contacts", ["free", "all", "none"])
@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1)])
def test_contacts_of_a_resume_that_came_with_an_application_are_free(
    contacts: Any, order: tuple[int, ...]
) -> None:
    run = ResolverRun(FOR_SALE, replace(OPTIONS, contacts=contacts))
    run.index.resumes.add("7")
    for number in order:
        run.take(number, **({"resume_id": "7", "phone": "+7", "name": "x"} if number == 2 else {}))
    for_sale = [resume_id for resume_id, _ in run.resolver.for_sale]
    assert for_sale == (["8"] if contacts == "all" else [])
    assert run.avito.requested["contacts", "7"] == (contacts != "none")
    assert run.avito.requested["contacts", "8"] == 0
    run.finish()
    line = run.lines["u2i-1"]
    assert (line.match, line.is_purchased) == ("chat_item", False)
    assert line.phone == (None if contacts == "none" else "+79991234567")
    assert run.lines["u2i-2"].phone == "+7"


def test_when_buying_is_over_nothing_is_for_sale() -> None:
    """A stored line names a chat, with contacts that were free when they were read."""
    answers: Answers = {("resumes", "7"): ResumeFacts("7", is_purchased=False)}
    run = ResolverRun({**answers, ("chat", "u2i-1"): OURS}, replace(OPTIONS, contacts="all"))
    run.take(1)
    named: dict[str, Any] = {"resume_id": "7", "named_chats": ["u2i-1"], "outcome": "found"}
    run.take_stored(2, match="application", **named)
    run.finish()
    assert (run.lines["u2i-1"].match, run.lines["u2i-1"].phone) == ("contacts", None)


@pytest.mark.parametrize("granted", [False, True])
def test_one_refusal_is_about_one_resume_and_many_about_all(granted: bool) -> None:
    refused = Failure(Reason("status", status=403), 403)
    answers: dict[tuple[str, str], Reply] = {}
    for number in range(1, REFUSALS_BELIEVED + 3):
        answers["chat", f"u2i-{number}"] = resume_chat(number)
        answers["resumes", str(number)] = ResumeFacts(str(number), is_purchased=True)
        answers["contacts", str(number)] = refused
    if granted:
        answers["contacts", "1"] = ContactsFacts("Проба")
    run = ResolverRun(answers)
    for number in range(1, REFUSALS_BELIEVED + 3):
        run.take(number)
    expected = REFUSALS_BELIEVED + (2 if granted else 0)
    assert run.avito.methods()["contacts"] == expected
    assert {line.outcome for line in run.lines.values()} == {"found"}
