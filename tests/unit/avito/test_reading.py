from __future__ import annotations

import json
from datetime import date, timezone
from typing import Any

import pytest

from avito_scrapy.avito.case import Ask, Rules
from avito_scrapy.avito.facts import (
    ChatFacts,
    ContactsFacts,
    Gone,
    Known,
    ResumeFacts,
    TalkFacts,
    Trouble,
    pack,
    unpack,
)
from avito_scrapy.avito.reading import next_offset, read_messages, read_reply, read_talk

RULES = Rules(94235311, date(2025, 11, 24), timezone.utc, "https://www.avito.ru")
CHAT: dict[str, Any] = {
    "id": "u2i-x",
    "users": [{"id": 94235311, "name": "Мы"}, {"id": 8, "name": "Проба"}],
    "context": {
        "type": "item",
        "value": {"id": 77, "title": "Повар", "url": "/x/rezume/y_77", "user_id": "8"},
    },
    "last_message": {
        "created": 1571654040, "direction": "in", "type": "text", "content": {"text": "да"},
    },
}  # fmt: skip


def test_a_chat() -> None:
    reply, drifts = read_reply(Ask("chat", "u2i-x"), CHAT, RULES)
    assert drifts == ()
    assert reply == ChatFacts(
        77, 8, "/x/rezume/y_77", "Повар", "Проба", "да", "2019-10-21T10:34:00+00:00", "in"
    )


@pytest.mark.parametrize("context", [None, {"type": "system", "value": {}}])
def test_a_chat_about_nothing(context: object) -> None:
    reply, drifts = read_reply(Ask("chat", "u2i-x"), {**CHAT, "context": context}, RULES)
    assert drifts == ()
    assert isinstance(reply, ChatFacts)
    assert reply.item_id is None


@pytest.mark.parametrize(
    "context",
    ["item", {"value": {"id": 7}}, {"type": "item"}, {"type": "item", "value": {"id": {}}}],
)
def test_a_chat_that_does_not_tell_is_not_about_nothing(context: object) -> None:
    reply, drifts = read_reply(Ask("chat", "u2i-x"), {**CHAT, "context": context}, RULES)
    assert isinstance(reply, Trouble)
    assert drifts


def test_a_name_of_two_others_is_nobodys() -> None:
    users = [*CHAT["users"], {"id": 9, "name": "Третий"}]
    reply, _ = read_reply(Ask("chat", "u2i-x"), {**CHAT, "users": users}, RULES)
    assert isinstance(reply, ChatFacts)
    assert reply.user_name is None


def test_another_resume_than_the_one_asked_for() -> None:
    data = {"id": 78, "title": "", "url": "", "update_time": None, "is_purchased": False}
    assert isinstance(read_reply(Ask("resumes", "77"), data, RULES)[0], Trouble)
    assert isinstance(read_reply(Ask("resumes", "78"), data, RULES)[0], ResumeFacts)
    assert isinstance(read_reply(Ask("resumes", "78"), [], RULES)[0], Trouble)


def test_contacts() -> None:
    told, drifts = read_reply(Ask("contacts", "7"), {"contacts": []}, RULES)
    assert (told, drifts) == (ContactsFacts(chat_ids=[]), ())
    told, drifts = read_reply(Ask("contacts", "7"), {}, RULES)
    assert isinstance(told, Trouble)
    assert drifts == ("contacts",)


def test_messages_drift_by_their_own_names() -> None:
    page, drifts = read_messages([{"created": "x", "direction": "in", "type": "text"}])
    assert drifts == ("created",)
    assert not isinstance(page, Trouble)
    assert read_talk(page, RULES) == TalkFacts("unknown")
    page, drifts = read_messages({"chats": []})
    assert isinstance(page, Trouble)
    assert drifts == ("messages",)


@pytest.mark.parametrize(
    ("length", "offset", "following"),
    [(0, 0, None), (99, 0, None), (100, 0, 100), (100, 900, 1000), (100, 1000, None)],
)
def test_pages_of_messages(length: int, offset: int, following: int | None) -> None:
    assert next_offset([None] * length, offset) == following


@pytest.mark.parametrize(
    "fact",
    [
        Gone(),
        ChatFacts(7, 8),
        ResumeFacts("7", title="Повар"),
        ContactsFacts("Проба", None, None, ["u2i-1"]),
        TalkFacts("replied", None, [["2026-11-01T10:00:00+00:00", 5]]),  # type: ignore[list-item]
    ],
)
def test_facts_survive_as_json(fact: Known) -> None:
    assert unpack(json.loads(json.dumps(pack(fact)))) == fact


@pytest.mark.parametrize("packed", [None, [], ["What"], ["Gone", 1], {"a": 1}, "Gone", [["x"]]])
def test_what_is_no_fact_is_none(packed: Any) -> None:
    assert unpack(packed) is None
