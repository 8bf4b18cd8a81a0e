"""Pages of messages, and what they say together."""

from __future__ import annotations

from datetime import timezone
from typing import Any

import pytest

from avito_scrapy.avito.chat_status import MessagePage, next_offset, read_messages, read_talk
from avito_scrapy.avito.results import Failure, Reply, TalkFacts


def test_messages_drift_by_their_own_names() -> None:
    page, drifts = read_messages([{"created": "x", "direction": "in", "type": "text"}])
    assert drifts == ("created",)
    assert not isinstance(page, Failure)
    assert talk_of(page) == TalkFacts("unknown")
    page, drifts = read_messages({"chats": []})
    assert isinstance(page, Failure)
    assert drifts == ("messages",)


def talk_of(page: MessagePage) -> Reply:
    return read_talk(page.messages, timezone.utc, has_more=page.has_more)


def message(at: int, direction: str, **more: Any) -> dict[str, Any]:
    return {"created": at, "direction": direction, "type": "text", **more}


@pytest.mark.parametrize(
    ("read", "status", "drifts"),
    [
        (None, "unread", ()),
        (False, "unread", ()),
        (1571654040, "read_no_reply", ()),
        ("1571654040", "read_no_reply", ()),
        (1571654040000, "read_no_reply", ()),
        (10**30, "read_no_reply", ()),
        (True, "read_no_reply", ()),
        (0, "unknown", ()),
        ("2026-11-03T14:05:00Z", "unknown", ("read",)),
        ({"at": 5}, "unknown", ("read",)),
        (float("nan"), "unknown", ("read",)),
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
    told = talk_of(page)
    assert isinstance(told, TalkFacts)
    assert told.status == status


def test_a_mistyped_read_spoils_no_other_message() -> None:
    page, drifts = read_messages([message(1, "out", read="x"), None, message(2, "out", read=None)])
    assert drifts == ("read",)
    assert not isinstance(page, Failure)
    told = read_talk([one for one in page.messages if one], timezone.utc)
    assert isinstance(told, TalkFacts)
    assert told.status == "unread"


@pytest.mark.parametrize(
    ("length", "newest_first", "status"),
    [(1000, False, "awaits_us"), (1001, False, "unknown"), (1100, True, "awaits_us")],
)
def test_more_messages_than_can_be_read(length: int, newest_first: bool, status: str) -> None:
    data = [message(1 + at, "in" if at % 2 else "out") for at in range(1100)][-length:]
    page, _ = read_messages(data[::-1] if newest_first else data)
    assert not isinstance(page, Failure)
    told = talk_of(page)
    assert isinstance(told, TalkFacts)
    assert told.status == status


def test_the_last_page_that_can_be_asked_for_says_that_nothing_follows() -> None:
    data = [message(1 + at, "in" if at % 2 else "out") for at in range(1100)]
    page, _ = read_messages({"messages": data, "meta": {"has_more": False}})
    assert not isinstance(page, Failure)
    told = talk_of(page)
    assert isinstance(told, TalkFacts)
    assert told.status == "awaits_us"


@pytest.mark.parametrize(
    ("length", "has_more", "offset", "following"),
    [
        (0, None, 0, None),
        (0, True, 100, None),
        (100, None, 0, 100),
        (100, False, 0, None),
        (99, None, 0, 99),
        (7, True, 40, 47),
        (100, True, 900, 1000),
        (100, True, 1000, None),
    ],
)
def test_messages_are_read_on_until_a_page_ends_them(
    length: int, has_more: bool | None, offset: int, following: int | None
) -> None:
    assert next_offset(MessagePage([None] * length, has_more), offset) == following


@pytest.mark.parametrize(
    ("meta", "has_more"),
    [({"meta": {"has_more": True}}, True), ({"meta": {"has_more": False}}, False),
     ({"meta": {}}, None), ({"meta": None}, None), ({}, None)],
)  # fmt: skip
def test_whether_more_messages_follow(meta: dict[str, Any], has_more: bool | None) -> None:
    page, drifts = read_messages({"messages": [message(5, "in")], **meta})
    assert not isinstance(page, Failure)
    assert (page.has_more, drifts) == (has_more, ())
