from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avito_scrapy.errors import UsageError
from avito_scrapy.items import Chat
from avito_scrapy.resumes.input_file import Bad, decode, parse

LINE = {
    "chat_id": "u2i-1768287444-94235312",
    "chat_url": "https://www.avito.ru/profile/messenger/channel/u2i-1768287444-94235312",
    "chat_type": "u2i",
    "user_id": 94235312,
    "item_id": 1768287444,
    "user_name": "Имя\u2028с разрывом",
    "item_title": None,
    "last_message": "да\nнет",
    "last_message_at": "2026-11-03T14:05:00+03:00",
    "last_message_direction": "in",
    "is_unread": True,
    "position": 7,
    "collected_at": "2026-11-24T10:00:00+00:00",
}


def ids(text: str) -> list[str | int]:
    return [one.chat_id if isinstance(one, Chat) else one.number for one in parse(text)]


def test_a_line_of_chats_jl_keeps_its_fields() -> None:
    text = json.dumps(LINE, ensure_ascii=False) + "\n"
    assert list(parse(text)) == [Chat(**LINE)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "odd",
    [
        {"position": "7", "is_unread": 1, "user_name": 5, "last_message_direction": "up"},
        {"user_id": "x", "item_id": None, "chat_type": "a2u", "new_field": [1]},
        {"position": True, "user_name": None},
    ],
)
def test_odd_fields_are_survived_and_the_id_is_believed(odd: dict[str, object]) -> None:
    [chat] = parse(json.dumps({"chat_id": LINE["chat_id"], **odd}))
    assert isinstance(chat, Chat)
    assert (chat.chat_type, chat.user_id, chat.item_id) == ("u2i", 94235312, 1768287444)
    assert chat.position is None
    assert chat.last_message_direction is None


@pytest.mark.parametrize(
    ("chat_id", "given", "item_id"),
    [
        ("u2i-1768287444-94235312", 5, 1768287444),
        ("u2i-abcdefghijklmnopqrstu~", 5, 5),
        ("u2i-abcdefghijklmnopqrstu~", "5", None),
        ("u2i-abcdefghijklmnopqrstu~", True, None),
        ("u2i-abcdefghijklmnopqrstu~", None, None),
    ],
)
def test_the_item_is_the_ids_or_else_the_given_one(
    chat_id: str, given: object, item_id: int | None
) -> None:
    [chat] = parse(json.dumps({"chat_id": chat_id, "item_id": given, "user_id": 7}))
    assert isinstance(chat, Chat)
    assert chat.item_id == item_id
    assert chat.user_id in (94235312, None), "never the given one"


FORMS = {
    "a list": "u2i-1-2\nu2u-a\na2u-3-4\n",
    "with CRLF": "u2i-1-2\r\nu2u-a\r\na2u-3-4\r\n",
    "with gaps": "\n  u2i-1-2  \n\nu2u-a\na2u-3-4",
    "quoted": '"u2i-1-2"\n"u2u-a"\n"a2u-3-4"',
    "objects": '{"chat_id": "u2i-1-2"}\n{"id": "u2u-a"}\n{"chat_id": "a2u-3-4"}\n',
    "addresses": "https://www.avito.ru/profile/messenger/channel/u2i-1-2\nu2u-a\na2u-3-4",
    "all_chat_ids": json.dumps({"all_chat_ids": ["u2i-1-2", "u2u-a", "a2u-3-4"], "count": 3}),
    "indented": json.dumps({"all_chat_ids": ["u2i-1-2", "u2u-a", "a2u-3-4"]}, indent=2),
    "of objects": json.dumps(
        {"all_chat_ids": [{"id": "u2i-1-2"}, {"chat_id": "u2u-a"}, "a2u-3-4"]}
    ),
    "an array": json.dumps(["u2i-1-2", "u2u-a", "a2u-3-4"]),
}  # fmt: skip


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_forms(text: str) -> None:
    assert ids(text) == ["u2i-1-2", "u2u-a", "a2u-3-4"]


def test_what_is_no_chat_is_named_by_its_line() -> None:
    text = 'u2i-1-2\nhello\n{"chat_id": 5}\n{"broken\n\n[]\nu2u-a\nnull\nu2i-\n'
    assert ids(text) == ["u2i-1-2", 2, 3, 4, 6, "u2u-a", 8, 9]


def test_in_a_list_by_its_place() -> None:
    assert ids(json.dumps({"all_chat_ids": ["u2i-1-2", None, {"a": 1}, "u2u-a"]})) == [
        "u2i-1-2", 2, 3, "u2u-a",
    ]  # fmt: skip


def test_each_chat_once_the_first_line_counts() -> None:
    text = '{"chat_id": "u2i-1-2", "position": 1}\nu2u-a\n{"chat_id": "u2i-1-2", "position": 9}\n'
    chats = [one for one in parse(text) if isinstance(one, Chat)]
    assert [(one.chat_id, one.position) for one in chats] == [("u2i-1-2", 1), ("u2u-a", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    raw = json.dumps(LINE, ensure_ascii=False).encode(encoding)
    assert ids(decode(raw)) == [LINE["chat_id"]]


def test_a_binary_file_is_refused() -> None:
    with pytest.raises(UsageError, match=r"not a text file in UTF-8 \(byte 1\)"):
        decode(b"P\xff\x00")


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert all(isinstance(one, (Chat, Bad)) for one in parse(text))
