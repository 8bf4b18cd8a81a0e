from __future__ import annotations

import json
from datetime import date, timezone
from typing import Any

import pytest

from avito_scrapy.avito.reading import (
    next_offset,
    read_chat,
    read_contacts,
    read_messages,
    read_resume,
    read_talk,
)
from avito_scrapy.avito.results import (
    ChatFacts,
    ContactsFacts,
    Failure,
    Known,
    NotFound,
    ResumeFacts,
    TalkFacts,
    pack,
    unpack,
)

UTC = timezone.utc


def chat_reply(chat_id: str, data: Any) -> tuple[Any, tuple[str, ...]]:
    return read_chat(chat_id, data, 94235311, UTC)


def resume_reply(resume_id: str, data: Any) -> tuple[Any, tuple[str, ...]]:
    return read_resume(resume_id, data, "https://www.avito.ru", date(2026, 11, 24))


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
    reply, drifts = chat_reply("u2i-x", CHAT)
    assert drifts == ()
    assert reply == ChatFacts(
        77, 8, "/x/rezume/y_77", "Повар", "Проба", "да", "2019-10-21T10:34:00+00:00", "in"
    )


@pytest.mark.parametrize("context", [None, {"type": "system", "value": {}}])
def test_a_chat_about_nothing(context: object) -> None:
    reply, drifts = chat_reply("u2i-x", {**CHAT, "context": context})
    assert drifts == ()
    assert isinstance(reply, ChatFacts)
    assert reply.item_id is None


@pytest.mark.parametrize(
    "context",
    ["item", {"value": {"id": 7}}, {"type": "item"}, {"type": "item", "value": {"id": {}}}],
)
def test_a_chat_that_does_not_tell_is_not_about_nothing(context: object) -> None:
    reply, drifts = chat_reply("u2i-x", {**CHAT, "context": context})
    assert isinstance(reply, Failure)
    assert drifts


def test_a_name_of_two_others_is_nobodys() -> None:
    users = [*CHAT["users"], {"id": 9, "name": "Третий"}]
    reply, _ = chat_reply("u2i-x", {**CHAT, "users": users})
    assert isinstance(reply, ChatFacts)
    assert reply.user_name is None


def test_another_resume_than_the_one_asked_for() -> None:
    data = {"id": 78, "title": "", "url": "", "update_time": None, "is_purchased": False}
    assert isinstance(resume_reply("77", data)[0], Failure)
    assert isinstance(resume_reply("78", data)[0], ResumeFacts)
    assert isinstance(resume_reply("78", [])[0], Failure)


# Answers with status 200 that are nothing of what was asked for.
OTHER: list[Any] = [
    {},
    {"error": {"code": 500, "message": "x"}},
    {"result": {"id": 77, "title": "Повар"}},
]


@pytest.mark.parametrize("data", OTHER)
@pytest.mark.parametrize("read", [chat_reply, resume_reply])
def test_an_answer_about_something_else_is_no_fact(read: Any, data: Any) -> None:
    reply, drifts = read("77", dict(data))
    assert isinstance(reply, Failure)
    assert drifts


@pytest.mark.parametrize("part", [{"id": 77}, {"title": "Повар"}, {"url": "/x/rezume/y_77"}])
def test_a_part_of_a_resume_is_one(part: dict[str, Any]) -> None:
    assert isinstance(resume_reply("77", part)[0], ResumeFacts)


@pytest.mark.parametrize("name", ["id", "users", "context", "last_message"])
def test_a_part_of_a_chat_is_one(name: str) -> None:
    reply, _ = chat_reply("u2i-x", {name: CHAT[name]})
    assert isinstance(reply, ChatFacts)


def test_another_chat_than_the_one_asked_for() -> None:
    assert isinstance(chat_reply("u2i-y", dict(CHAT))[0], Failure)
    without = {name: value for name, value in CHAT.items() if name != "id"}
    assert isinstance(chat_reply("u2i-y", without)[0], ChatFacts)


def test_contacts() -> None:
    told, drifts = read_contacts({"contacts": []})
    assert (told, drifts) == (ContactsFacts(chat_ids=[]), ())
    told, drifts = read_contacts({})
    assert isinstance(told, Failure)
    assert drifts == ("contacts",)


def test_messages_drift_by_their_own_names() -> None:
    page, drifts = read_messages([{"created": "x", "direction": "in", "type": "text"}])
    assert drifts == ("created",)
    assert not isinstance(page, Failure)
    assert read_talk(page, UTC) == TalkFacts("unknown")
    page, drifts = read_messages({"chats": []})
    assert isinstance(page, Failure)
    assert drifts == ("messages",)


def message(at: int, direction: str, **more: Any) -> dict[str, Any]:
    return {"created": at, "direction": direction, "type": "text", **more}


@pytest.mark.parametrize(
    ("read", "status", "drifts"),
    [
        (None, "unread", ()),
        (1571654040, "read_no_reply", ()),
        ("2026-11-03T14:05:00Z", "unknown", ("read",)),
        ({"at": 5}, "unknown", ("read",)),
        (False, "unknown", ()),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_mistyped_read_is_not_taken_for_not_read(
    read: object, status: str, drifts: tuple[str, ...], wrapped: bool
) -> None:
    data: Any = [message(1, "out", read=read)]
    page, found = read_messages({"messages": data} if wrapped else data)
    assert found == drifts
    assert not isinstance(page, Failure)
    told = read_talk(page, UTC)
    assert isinstance(told, TalkFacts)
    assert told.status == status


def test_a_mistyped_read_spoils_no_other_message() -> None:
    page, drifts = read_messages([message(1, "out", read="x"), None, message(2, "out", read=None)])
    assert drifts == ("read",)
    assert not isinstance(page, Failure)
    told = read_talk([one for one in page if one], UTC)
    assert isinstance(told, TalkFacts)
    assert told.status == "unread"


@pytest.mark.parametrize(
    ("length", "newest_first", "status"),
    [(1099, False, "awaits_us"), (1100, False, "unknown"), (1100, True, "awaits_us")],
)
def test_more_messages_than_can_be_read(length: int, newest_first: bool, status: str) -> None:
    data = [message(1 + at, "in" if at % 2 else "out") for at in range(1100)][-length:]
    page, _ = read_messages(data[::-1] if newest_first else data)
    assert not isinstance(page, Failure)
    told = read_talk(page, UTC)
    assert isinstance(told, TalkFacts)
    assert told.status == status


@pytest.mark.parametrize(
    ("length", "offset", "following"),
    [(0, 0, None), (99, 0, None), (100, 0, 100), (100, 900, 1000), (100, 1000, None)],
)
def test_pages_of_messages(length: int, offset: int, following: int | None) -> None:
    assert next_offset([None] * length, offset) == following


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
