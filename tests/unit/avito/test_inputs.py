from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avito_scrapy.items import Chat
from avito_scrapy.resumes.input_file import decode, parse

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
    return [one.chat_id if isinstance(one, Chat) else one for one in parse(text)]


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
    with pytest.raises(UnicodeError):
        decode(b"P\xff\x00")


@pytest.mark.parametrize(
    "text",
    [
        "chat_id;Имя;Телефон\nu2i-1-2;Нина;89000000001\nu2u-a;Олег;\n",
        "u2i-1-2,\nu2u-a,\n",
        '"u2i-1-2",\n"u2u-a"\n',
        "['u2i-1-2',\n 'u2u-a']\n",
        "u2i-1-2, u2u-a",
        '"Нина";"u2i-1-2"\n"Олег";"u2u-a"',
        "https://www.avito.ru/profile/messenger/channel/u2i-1-2;Нина\nu2u-a\tОлег",
        '{"chat_id": "u2i-1-2", "user_name": "Ни\n{"chat_id":"u2u-a"',
        "id,имя\r\nu2i-1-2,Нина\r\nu2u-a,Олег\r\n",
    ],
)
def test_a_line_with_more_in_it_is_understood_by_its_id(text: str) -> None:
    assert [one for one in ids(text) if isinstance(one, str)] == ["u2i-1-2", "u2u-a"]


def test_other_columns_in_another_encoding() -> None:
    assert ids(decode("Нина;u2i-1-2".encode("cp1251"))) == ["u2i-1-2"]


def test_a_chat_of_an_unknown_form_is_kept() -> None:
    text = '{"chat_id": "g2g-a", "user_name": "Нина"}\n{"chat_id": "a chat!"}\ng2g-b;Олег\n'
    assert list(parse(text)) == [
        Chat("g2g-a", user_name="Нина"),
        Chat("a chat!"),
        Chat("g2g-b"),
    ]


def test_numbers_that_no_database_holds_are_not_known() -> None:
    line = {"chat_id": "u2i-a", "position": 10**30, "item_id": -(2**63)}
    assert list(parse(json.dumps(line))) == [Chat("u2i-a", chat_type="u2i")]
    assert [c.position for c in parse('{"chat_id": "u2i-a", "position": 1' + "0" * 9000 + "}")
            if isinstance(c, Chat)] == [None]  # fmt: skip
    line["position"] = 2**63 - 1
    assert [c.position for c in parse(json.dumps(line)) if isinstance(c, Chat)] == [2**63 - 1]


def test_half_a_character_is_made_whole() -> None:
    [chat] = parse(r'{"chat_id": "u2i-a", "user_name": "\ud83d", "last_message": "\ud83d\ude42"}')
    assert isinstance(chat, Chat)
    assert (chat.user_name, chat.last_message) == ("\ufffd", "\U0001f642")


@pytest.mark.parametrize(
    "line", ['{"chat_id": "u2u-b", "deep": %s}', '{"deep": %s, "chat_id": "u2u-b"}', "%s"]
)
def test_nesting_without_an_end_costs_no_other_chat(line: str) -> None:
    text = "u2i-1-2\n" + line % ("[" * 200_000 + "]" * 200_000) + "\nu2u-a"
    found = ids(text)
    assert (found[0], found[-1]) == ("u2i-1-2", "u2u-a")
    assert found[1] in ("u2u-b", 2)


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert all(isinstance(one, (Chat, int)) for one in parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "[Системное сообщение] Пользователь посмотрел номер",
        "Перейдите на подписку с API мессенджера, чтобы читать сообщения",
        "Иван создал чат",
    ],
)
def test_what_avito_wrote_is_nobodys_words(text: str) -> None:
    line = {"last_message": text, "last_message_direction": "in"}
    at = "2026-01-02T03:04:05+03:00"
    [chat] = parse(json.dumps({"chat_id": "u2i-1-2", "last_message_at": at, **line}))
    assert isinstance(chat, Chat)
    assert (chat.last_message, chat.last_message_direction) == (None, None)
    assert chat.last_message_at == at


def test_times_that_are_none_are_not_known() -> None:
    odd = {"last_message_at": "вчера", "collected_at": "2026-13-01"}
    [chat] = parse(json.dumps({"chat_id": "u2i-1-2", **odd}))
    assert isinstance(chat, Chat)
    assert (chat.last_message_at, chat.collected_at) == (None, None)


@pytest.mark.parametrize("text", ["u2i-1-2,", '"u2i-1-2"', " u2i-1-2; "])
def test_what_is_left_around_an_id_in_json(text: str) -> None:
    assert ids(json.dumps({"chat_id": text})) == ["u2i-1-2"]


def test_a_nul_that_no_postgresql_holds() -> None:
    [chat] = parse(json.dumps({"chat_id": "u2i-1-2", "user_name": "a\0b"}))
    assert isinstance(chat, Chat)
    assert chat.user_name == "a\ufffdb"
