from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.reuse import ReusePolicy, reused

NOW = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
REUSE = ReusePolicy(now=NOW, max_age=timedelta(days=7), messages=True, contacts="free")
CHAT = Chat("u2i-1", chat_type="u2i", last_message_at="2026-11-03T14:05:00+03:00", position=3)
STORED = ChatResume(
    "u2i-1", chat_type="u2i", last_message_at="2026-11-03T11:05:00Z", position=9, user_name="Имя",
    outcome="found", match="application", resume_id="5", application_id="a", phone="+79991234567",
    chat_status="replied", fetched_at="2026-11-23T12:00:00+00:00",
)  # fmt: skip
APPLIED = ApplicationFacts("a", "u2i-1", 1.0, "5")


def take(
    rules: ReusePolicy = REUSE,
    chat: Chat = CHAT,
    application: ApplicationFacts | None = APPLIED,
    **stored: Any,
) -> ChatResume | None:
    return reused(chat, replace(STORED, **stored), application, rules)


def test_an_unchanged_chat_comes_from_the_store() -> None:
    line = take()
    assert line is not None
    assert (line.from_store, line.fetched_at) == (True, STORED.fetched_at)
    # its own fields are today's, those that are not told today stay
    assert (line.position, line.last_message_at) == (3, CHAT.last_message_at)
    assert line.user_name == "Имя"


@pytest.mark.parametrize(
    "stored",
    [
        {"outcome": "failed"},
        {"outcome": None},
        {"fetched_at": "2026-11-17T11:59:59+00:00"},
        {"fetched_at": None},
        {"fetched_at": "2026-11-23T12:00:00"},
        {"last_message_at": "2026-11-03T14:05:00Z"},
        {"last_message_at": None},
        {"chat_status": "unknown"},
        {"application_id": "b"},
        {"resume_id": "6"},
    ],
)
def test_otherwise_it_is_asked_anew(stored: dict[str, Any]) -> None:
    assert take(**stored) is None


def test_an_application_that_has_come_since_counts() -> None:
    alone: dict[str, Any] = {
        "match": None,
        "application_id": None,
        "resume_id": None,
        "outcome": "no_resume",
    }
    assert take(application=None, **alone) is not None
    assert take(**alone) is None


def test_an_application_that_has_left_the_window_still_counts() -> None:
    assert take(application=None) is not None


@pytest.mark.parametrize("outcome", ["not_candidate"])
def test_those_who_are_no_candidates_have_no_status(outcome: Any) -> None:
    assert take(application=None, outcome=outcome, chat_status="unknown") is not None


def test_a_status_is_not_missed_when_it_is_not_asked_for() -> None:
    assert take(replace(REUSE, messages=False), chat_status="unknown") is not None


def test_without_a_time_only_an_unfinished_run_is_continued() -> None:
    plain = Chat("u2i-1", chat_type="u2i")
    assert take(chat=plain) is None
    begun = NOW - timedelta(days=2)
    assert take(replace(REUSE, continues=begun), plain) is not None
    assert take(replace(REUSE, continues=NOW - timedelta(hours=1)), plain) is None


@pytest.mark.parametrize(
    ("looked", "told", "kept"),
    [(True, None, True), (False, None, False), (True, "2026-11-03T11:05:00Z", False)],
)
def test_a_chat_in_which_nobody_has_said_anything(
    looked: bool, told: str | None, kept: bool
) -> None:
    chat = Chat("u2i-1", chat_type="u2i", collected_at=NOW.isoformat() if looked else None)
    assert (take(chat=chat, last_message_at=told) is not None) == kept


@pytest.mark.parametrize(
    ("now", "before", "kept"),
    [
        (("Приходите завтра", "out"), ("Когда собеседование?", "in"), False),
        (("да", "out"), ("да", "in"), False),
        (("Приходите завтра", None), ("Когда собеседование?", None), False),
        (("да", "in"), ("да", "in"), True),
        (("да", "in"), (None, None), True),
        ((None, None), ("да", "in"), True),
        ((None, "in"), ("да", "in"), True),
    ],
)
def test_another_last_message_of_the_same_day(now: Any, before: Any, kept: bool) -> None:
    today = "2026-11-24T00:00:00+03:00"
    chat = replace(CHAT, last_message_at=today, last_message=now[0], last_message_direction=now[1])
    stored = {"last_message": before[0], "last_message_direction": before[1]}
    assert (take(chat=chat, last_message_at=today, **stored) is not None) == kept


def test_another_last_message_counts_without_a_time_too() -> None:
    begun = replace(REUSE, continues=NOW - timedelta(days=2))
    chat = Chat("u2i-1", chat_type="u2i", last_message="Приходите", last_message_direction="out")
    assert take(begun, chat, last_message="Приходите", last_message_direction="out") is not None
    assert take(begun, chat, last_message="Когда?", last_message_direction="out") is None
    assert take(begun, chat, last_message="Приходите", last_message_direction="in") is None


@pytest.mark.parametrize("told", [{"last_message": "да"}, {"last_message_direction": "in"}])
def test_a_chat_in_which_somebody_has_spoken_since(told: dict[str, Any]) -> None:
    chat = Chat("u2i-1", chat_type="u2i", collected_at=NOW.isoformat(), **told)
    assert take(chat=chat, last_message_at=None) is None


def test_refresh_takes_only_what_its_own_unfinished_run_has_fetched() -> None:
    assert take(replace(REUSE, refresh=True)) is None
    begun = NOW - timedelta(days=2)
    assert take(replace(REUSE, refresh=True, continues=begun)) is not None
    assert take(replace(REUSE, refresh=True, continues=NOW)) is None


FOUND = {"match": "chat_item", "application_id": None, "phone": None, "is_purchased": True}


@pytest.mark.parametrize(
    ("contacts", "change", "kept"),
    [
        ("free", {}, False),
        ("none", {}, True),
        ("free", {"full_name": "Проба"}, True),  # asked before, there was no phone
        ("free", {"is_purchased": False}, True),
        ("all", {"is_purchased": False}, False),
        ("free", {"is_purchased": None}, False),
        ("all", {"is_purchased": False, "phone": "+79991234567"}, True),
        ("all", {"is_purchased": False, "match": "application"}, True),
    ],
)
def test_contacts_that_are_wanted_now(contacts: Any, change: dict[str, Any], kept: bool) -> None:
    rules = replace(REUSE, contacts=contacts)
    assert (take(rules, application=None, **{**FOUND, **change}) is not None) == kept


@pytest.mark.parametrize("match", ["application", "chat_item"])
@pytest.mark.parametrize(
    ("cause", "kept"),
    [
        (Reason("status", status=400), True),
        (Reason("gone"), True),
        (Reason("status", status=402), False),
        (Reason("tries", cause=Reason("status", status=503), tries=10), False),
    ],
)
def test_contacts_that_could_not_be_read_are_asked_for_again(
    match: Any, cause: Reason, kept: bool
) -> None:
    change = {"match": match, "reason": Reason("contacts_unreadable", cause=cause)}
    assert (take(**change) is not None) == kept
    assert take(replace(REUSE, contacts="none"), **change) is not None
