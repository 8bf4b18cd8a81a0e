from __future__ import annotations

import json
from datetime import date, timezone
from typing import Any

import pytest

from avito_scrapy.avito.parsing import read_chat, read_contacts, read_resume
from avito_scrapy.avito.results import (
    ChatFacts,
    ContactsFacts,
    Failure,
    Known,
    NotFound,
    Reply,
    ResumeFacts,
    TalkFacts,
    pack,
    unpack,
)


def chat(data: Any, chat_id: str = "u2i-x") -> tuple[Reply, tuple[str, ...]]:
    return read_chat(chat_id, data, 94235311, timezone.utc)


def resume(data: Any, resume_id: str = "77") -> tuple[Reply, tuple[str, ...]]:
    return read_resume(resume_id, data, "https://www.avito.ru", date(2025, 11, 24))


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
    reply, drifts = chat(CHAT)
    assert drifts == ()
    assert reply == ChatFacts(
        77, 8, "/x/rezume/y_77", "Повар", "Проба", "да", "2019-10-21T10:34:00+00:00", "in"
    )


@pytest.mark.parametrize("context", [None, {"type": "system", "value": {}}])
def test_a_chat_about_nothing(context: object) -> None:
    reply, drifts = chat({**CHAT, "context": context})
    assert drifts == ()
    assert isinstance(reply, ChatFacts)
    assert reply.item_id is None


@pytest.mark.parametrize(
    "context",
    ["item", {"value": {"id": 7}}, {"type": "item"}, {"type": "item", "value": {"id": {}}}],
)
def test_a_chat_that_does_not_tell_is_not_about_nothing(context: object) -> None:
    reply, drifts = chat({**CHAT, "context": context})
    assert isinstance(reply, Failure)
    assert drifts


def test_a_name_of_two_others_is_nobodys() -> None:
    users = [*CHAT["users"], {"id": 9, "name": "Третий"}]
    reply, _ = chat({**CHAT, "users": users})
    assert isinstance(reply, ChatFacts)
    assert reply.user_name is None


def test_another_resume_than_the_one_asked_for() -> None:
    data = {"id": 78, "title": "", "url": "", "update_time": None, "is_purchased": False}
    assert isinstance(resume(data, "77")[0], Failure)
    assert isinstance(resume(data, "78")[0], ResumeFacts)
    assert isinstance(resume([], "78")[0], Failure)


# Answers with status 200 that are nothing of what was asked for.
OTHER: list[Any] = [
    {},
    {"error": {"code": 500, "message": "x"}},
    {"result": {"id": 77, "title": "Повар"}},
]


@pytest.mark.parametrize("data", OTHER)
@pytest.mark.parametrize("method", [chat, resume])
def test_an_answer_about_something_else_is_no_fact(method: Any, data: Any) -> None:
    reply, drifts = method(dict(data), "77")
    assert isinstance(reply, Failure)
    assert drifts


@pytest.mark.parametrize("part", [{"id": 77}, {"title": "Повар"}, {"url": "/x/rezume/y_77"}])
def test_a_part_of_a_resume_is_one(part: dict[str, Any]) -> None:
    assert isinstance(resume(part, "77")[0], ResumeFacts)


@pytest.mark.parametrize("name", ["id", "users", "context", "last_message"])
def test_a_part_of_a_chat_is_one(name: str) -> None:
    reply, _ = chat({name: CHAT[name]})
    assert isinstance(reply, ChatFacts)


def test_another_chat_than_the_one_asked_for() -> None:
    assert isinstance(chat(dict(CHAT), "u2i-y")[0], Failure)
    without = {name: value for name, value in CHAT.items() if name != "id"}
    assert isinstance(chat(without, "u2i-y")[0], ChatFacts)


def test_contacts() -> None:
    told, drifts = read_contacts({"contacts": []})
    assert (told, drifts) == (ContactsFacts(chat_ids=[]), ())
    told, drifts = read_contacts({})
    assert isinstance(told, Failure)
    assert drifts == ("contacts",)


@pytest.mark.parametrize(
    "fact",
    [
        NotFound(),
        ChatFacts(7, 8),
        ResumeFacts("7", title="Повар"),
        ContactsFacts("Проба", None, None, ["u2i-1"]),
        TalkFacts("replied", None, [["2026-11-01T10:00:00+00:00", 5]]),  # type: ignore[list-item]
    ],
)
def test_facts_survive_as_json(fact: Known) -> None:
    assert unpack(json.loads(json.dumps(pack(fact)))) == fact


@pytest.mark.parametrize(
    "packed", [None, [], ["What"], ["NotFound", 1], {"a": 1}, "NotFound", [["x"]]]
)
def test_what_is_no_fact_is_none(packed: Any) -> None:
    assert unpack(packed) is None
