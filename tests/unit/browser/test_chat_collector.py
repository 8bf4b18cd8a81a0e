from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avito_scrapy.avito.web_messenger import Channel, ChannelPage
from avito_scrapy.browser.chat_collector import WAIT_FOR_ANSWER, WAIT_FOR_ROW, ChatCollector, Row

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2025, 11, 24, 13, 30, 15, 500_000, tzinfo=MOSCOW)
SITE = "https://www.avito.ru"


def clock(zone: tzinfo) -> datetime:
    return NOW.astimezone(zone)


def row(chat: str, **more: Any) -> dict[str, Any]:
    return {
        "href": f"/profile/messenger/channel/{chat}", "data_id": None, "read": "false",
        "name": "Проба", "item": "Курьер", "text": "Добрый день", "when": "вчера", "out": False,
        **more,
    }  # fmt: skip


def answer(*channels: Channel) -> ChannelPage:
    return ChannelPage(channels, has_more=True)


@pytest.fixture
def collector() -> ChatCollector:
    return ChatCollector(SITE, MOSCOW, clock)


def test_row_alone(collector: ChatCollector) -> None:
    collector.add_rows([row("u2i-40-7")])
    for _ in range(WAIT_FOR_ANSWER - 1):
        assert collector.ready() == []
    (chat,) = collector.ready()
    assert chat.chat_id == "u2i-40-7"
    assert chat.chat_url == f"{SITE}/profile/messenger/channel/u2i-40-7"
    assert (chat.chat_type, chat.user_id, chat.item_id) == ("u2i", 7, 40)
    assert (chat.user_name, chat.item_title, chat.last_message) == (
        "Проба",
        "Курьер",
        "Добрый день",
    )
    assert chat.last_message_at == "2025-11-23T00:00:00+03:00"
    assert (chat.last_message_direction, chat.is_unread, chat.position) == ("in", True, 1)
    assert chat.collected_at == "2025-11-24T13:30:15+03:00"
    assert collector.ready(everything=True) == []


def test_answer_and_row_together(collector: ChatCollector) -> None:
    written = datetime(2025, 11, 3, 11, 5, 6, 789_000, tzinfo=timezone.utc)
    channel = Channel("u2i-opaque", "Имя", 5, "Место", "Текст", written, "9", is_read=True)
    collector.add_answer(answer(channel))
    assert collector.ready() == []
    collector.add_rows([row("u2i-opaque", out=True)])
    (chat,) = collector.ready()
    assert (chat.user_name, chat.item_title, chat.item_id) == ("Имя", "Место", 5)
    assert (chat.last_message, chat.last_message_direction) == ("Текст", "out")
    assert chat.last_message_at == "2025-11-03T14:05:06.789+03:00"
    assert (chat.is_unread, chat.user_id) == (False, None)


def test_chat_without_a_message_has_no_date_of_one(collector: ChatCollector) -> None:
    collector.add_answer(answer(Channel("u2i-1-1"), Channel("u2i-2-2")))
    collector.add_rows([row("u2i-1-1", text=None), row("u2i-2-2"), row("u2i-3-3", text=None)])
    found = {chat.chat_id: chat.last_message_at for chat in collector.ready(everything=True)}
    yesterday = "2025-11-23T00:00:00+03:00"
    assert found == {"u2i-1-1": None, "u2i-2-2": yesterday, "u2i-3-3": yesterday}


def test_answer_without_a_row_waits_then_goes(collector: ChatCollector) -> None:
    collector.add_answer(answer(Channel("u2i-a")))
    waits = [len(collector.ready()) for _ in range(WAIT_FOR_ROW)]
    assert waits == [0] * (WAIT_FOR_ROW - 1) + [1]


def test_each_once_and_in_order(collector: ChatCollector) -> None:
    collector.add_rows([row("u2i-1-1"), row("u2i-2-2"), row("u2i-1-1")])
    collector.add_answer(answer(Channel("u2i-3-3"), Channel("u2i-2-2")))
    chats = collector.ready(everything=True)
    assert [(c.chat_id, c.position) for c in chats] == [
        ("u2i-1-1", 1), ("u2i-2-2", 2), ("u2i-3-3", 3),
    ]  # fmt: skip
    collector.add_rows([row("u2i-2-2")])
    assert collector.ready(everything=True) == []
    assert collector.found == 3


def test_progress_since_the_list_began_anew(collector: ChatCollector) -> None:
    collector.add_rows([row("u2i-1-1"), row("u2i-2-2")])
    assert (collector.met, collector.found) == (2, 2)
    collector.start_over()
    collector.add_rows([row("u2i-1-1")])
    assert (collector.met, collector.found) == (1, 2)


def learned(collector: ChatCollector, *authors: str) -> None:
    for number, author in enumerate(authors):
        name = f"u2i-known-{number}"
        collector.add_answer(answer(Channel(name, author_id=author)))
        collector.add_rows([row(name, out=True)])
    collector.ready()


def test_direction_by_the_author_once_we_know_who_we_are(collector: ChatCollector) -> None:
    learned(collector, "9", "9")
    collector.add_answer(answer(Channel("u2i-a", author_id="9"), Channel("u2i-b", author_id="8")))
    found = {c.chat_id: c.last_message_direction for c in collector.ready(everything=True)}
    assert found == {"u2i-a": "out", "u2i-b": "in"}


@pytest.mark.parametrize("authors", [("9",), ("9", "8"), ()])
def test_direction_is_not_guessed(collector: ChatCollector, authors: tuple[str, ...]) -> None:
    learned(collector, *authors)
    collector.add_answer(answer(Channel("u2i-a", author_id="9")))
    (chat,) = collector.ready(everything=True)
    assert chat.last_message_direction is None


def test_a_row_that_speaks_against_it_ends_the_trust(collector: ChatCollector) -> None:
    learned(collector, "9", "9")
    collector.add_answer(answer(Channel("u2i-c", author_id="9")))
    collector.add_rows([row("u2i-c", out=False)])
    collector.ready()
    collector.add_answer(answer(Channel("u2i-a", author_id="9")))
    (chat,) = collector.ready(everything=True)
    assert chat.last_message_direction is None


def test_nothing_known_is_null(collector: ChatCollector) -> None:
    bare = dict.fromkeys(row(""), None) | {"data_id": "x2x-new-kind", "out": False}
    collector.add_rows([bare, {**bare, "data_id": None}])
    (chat,) = collector.ready(everything=True)
    assert chat.chat_id == "x2x-new-kind"
    known = {name for name, value in vars(chat).items() if value is not None}
    assert known == {"chat_id", "chat_url", "position", "collected_at"}


@pytest.mark.parametrize(
    ("href", "data_id", "expected"),
    [
        ("/profile/messenger/channel/u2i-1-2", None, "u2i-1-2"),
        ("https://www.avito.ru/profile/messenger/channel/u2i-1-2?x=1#y", "77", "u2i-1-2"),
        (None, "a2u-1-2", "a2u-1-2"),
        ("/profile/messenger", "u2u-x", "u2u-x"),
        ("/profile/messenger/channel/77", "u2i-1-2", "u2i-1-2"),
        ("/profile/messenger/channel/77", None, "77"),
        ("/items/1", None, None),
        (None, None, None),
    ],
)
def test_chat_of_a_row(href: str | None, data_id: str | None, expected: str | None) -> None:
    assert Row.from_page({"href": href, "data_id": data_id}).chat_id == expected


TEXT = st.text(st.characters(), max_size=30) | st.sampled_from(
    ["u2i-1-2", "a2u-\ud83d", "/profile/messenger/channel/u2i-%00", "/profile/messenger/channel/%",
     "29 февраля", "31 декабря 0000", "24:99", "1 января 0001", "\x00", "-" * 300]
)  # fmt: skip
VALUE = TEXT | st.none() | st.integers() | st.booleans() | st.lists(TEXT, max_size=2)
FIELDS = ("href", "data_id", "read", "name", "item", "text", "when", "out")
ROWS = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, VALUE))


@given(st.lists(ROWS, max_size=6))
@settings(max_examples=150, derandomize=True, deadline=None)
def test_odd_rows_lose_nobody_and_break_nothing(rows: list[dict[str, Any]]) -> None:
    collector = ChatCollector(SITE, MOSCOW, clock)
    collector.add_rows(rows)
    chats = collector.ready(everything=True)
    named = {Row.from_page(row).chat_id for row in rows} - {None}
    assert {chat.chat_id for chat in chats} == named
    assert len(chats) == collector.found == len(named)
    for row in rows:
        if isinstance(row.get("data_id"), str) and row["data_id"]:
            assert Row.from_page(row).chat_id
    for chat in chats:
        json.dumps(asdict(chat), ensure_ascii=False).encode("utf-8")
        assert (chat.chat_url or "").startswith(f"{SITE}/profile/messenger/channel/")


def test_half_an_emoji_is_replaced(collector: ChatCollector) -> None:
    collector.add_rows([row("u2i-1-2", href=None, data_id="u2i-1-2\ud83d", name="Проба \ud83d")])
    (chat,) = collector.ready(everything=True)
    assert (chat.chat_id, chat.user_name) == ("u2i-1-2\ufffd", "Проба \ufffd")


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Иван создал чат", None),
        ("[Системное сообщение] Кандидат открыл контакты", None),
        ("Перейдите на подписку с API мессенджера", None),
        ("Кандидат откликнулся на вакансию", Channel("u2i-40-7", is_notice=True)),
    ],
)
def test_a_notice_is_no_last_message(
    collector: ChatCollector, text: str, channel: Channel | None
) -> None:
    collector.add_rows([row("u2i-40-7", text=text)])
    if channel:
        collector.add_answer(answer(channel))
    (chat,) = collector.ready(everything=True)
    assert (chat.last_message, chat.last_message_direction) == (None, None)
    assert chat.last_message_at == "2025-11-23T00:00:00+03:00"
