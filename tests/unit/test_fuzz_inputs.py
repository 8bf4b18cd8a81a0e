"""Whatever is given to a run: no traceback, no secret, no lost chat, an end in bounded time."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.utils.project import get_project_settings

from avito_scrapy.arguments import ChatsArguments, ResumesArguments
from avito_scrapy.arguments import parse as parse_arguments
from avito_scrapy.avito.phones import find_phones, is_rounded
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.files import chat_lines, remove_chats
from avito_scrapy.items import Chat
from avito_scrapy.report.list_files import ENDINGS
from avito_scrapy.report.stoplist import read_stop_lists
from avito_scrapy.resumes.input_file import decode, parse, read_chats
from avito_scrapy.store.outcomes import to_record

BOUNDED = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
SECRET = "hunter2-hunter2"
# Half characters, control characters and all.
TEXT = st.text(st.characters(), max_size=40)
ODD_TEXT = st.one_of(
    TEXT,
    st.sampled_from(
        ["inf", "nan", "-1", "9" * 400, "http://", "http://[::1", "http://h:99999", "\0", "~x/y",
         "sqlite:///", "postgresql://u:hunter2-hunter2@h:x/db", "Mars/Olympus", "off", "true"]
    ),
)  # fmt: skip
NUMBERS = st.one_of(
    st.integers(), st.integers(10**18, 10**30), st.floats(), st.sampled_from([2**63, -(2**63)])
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
IDS = st.one_of(
    st.from_regex(r"u2i-[A-Za-z0-9_~]{22}", fullmatch=True),
    st.from_regex(r"(u2i|a2u|u2u)-[1-9][0-9]{0,18}-[1-9][0-9]{0,18}", fullmatch=True),
    st.from_regex(r"[a-z][0-9][a-z]-[a-z]{1,10}", fullmatch=True),
)
OWN = st.dictionaries(st.sampled_from(list(Chat.__annotations__)), VALUES, max_size=3)
SETTINGS = [f"AVITO_{name.upper()}" for name in Config.model_fields]


DEFAULTS = dict(get_project_settings())


def one_line(problem: UsageError) -> None:
    assert "\n" not in str(problem)
    assert SECRET not in str(problem)


@BOUNDED
@given(st.sampled_from(SETTINGS), ODD_TEXT)
def test_a_setting_is_taken_or_named_in_one_line(name: str, value: str) -> None:
    try:
        config = Config.from_settings({**DEFAULTS, "AVITO_CLIENT_SECRET": SECRET, name: value})
    except UsageError as problem:
        one_line(problem)
    else:
        assert config.data_dir.is_absolute()


@BOUNDED
@given(
    st.sampled_from([ChatsArguments, ResumesArguments]),
    st.one_of(st.sampled_from(["limit", "expected", "timeout", "pace", "input", "since",
                               "contacts", "budget", "messages", "refresh", "stoplist"]), TEXT),
    ODD_TEXT,
)  # fmt: skip
def test_an_argument_is_taken_or_named_in_one_line(model: Any, name: str, value: str) -> None:
    try:
        parse_arguments(model, {name: value})
    except UsageError as problem:
        one_line(problem)


@BOUNDED
@given(
    st.lists(st.tuples(IDS, OWN), max_size=5),
    st.sampled_from(["objects", "plain", "columns", "quoted", "all_chat_ids"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_no_chat_of_an_input_is_lost(
    chats: list[tuple[str, dict[str, Any]]], form: str, encoding: str
) -> None:
    ids = [chat_id for chat_id, _ in chats]
    if form == "all_chat_ids":
        text = json.dumps({"all_chat_ids": ids})
    elif form == "objects":
        text = "\n".join(json.dumps({**own, "chat_id": chat_id}) for chat_id, own in chats)
    else:
        left, right = {"plain": ("", ""), "columns": ("", ";Нина;89000000001"),
                       "quoted": ('  "', '",')}[form]  # fmt: skip
        text = "\r\n".join(f"{left}{chat_id}{right}" for chat_id in ids)
    found = [one for one in parse(decode(text.encode(encoding))) if isinstance(one, Chat)]
    assert [chat.chat_id for chat in found] == list(dict.fromkeys(ids))
    for chat in found:
        for number in (chat.position, chat.item_id, chat.user_id):
            assert number is None or abs(number) < 2**64
        json.dumps(vars(chat), ensure_ascii=False).encode()


@BOUNDED
@given(st.one_of(st.binary(max_size=300), TEXT.map(lambda text: text.encode("utf-8", "replace"))))
def test_any_file_is_read_or_named_in_one_line(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "chats.jl")
        path.write_bytes(content)
        try:
            chats, bad = read_chats(path)
        except UsageError as problem:
            one_line(problem)
        else:
            assert chats
            assert all(number > 0 for number in bad)
        before = list(chat_lines(path))
        assert remove_chats(path, {line["chat_id"] for line in before}, []) == len(before)
        assert list(chat_lines(path)) == []


@BOUNDED
@given(st.dictionaries(st.sampled_from(["replies", "salary", "phone", "outcome"]), VALUES))
def test_any_record_is_taken(values: dict[str, Any]) -> None:
    record = to_record({**values, "chat_id": "u2i-a"})
    assert record.salary is None or abs(record.salary) < 2**63
    assert record.phone is None or isinstance(record.phone, str)


@BOUNDED
@given(
    st.sampled_from([*ENDINGS, ".pdf", ""]),
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=60).map(lambda tail: b"PK\x03\x04" + tail),
        st.binary(max_size=600).map(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail),
        st.lists(st.lists(TEXT, max_size=4), max_size=6).map(
            lambda rows: "\n".join(";".join(row) for row in rows).encode("utf-16", "replace")
        ),
        TEXT.map(lambda text: f"<table><tr><td colspan=9>{text}".encode("utf-8", "replace")),
    ),
)
def test_any_stop_list_is_read_or_named(ending: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"list{ending}")
        path.write_bytes(content)
        lists = read_stop_lists(Path(folder))
        assert lists.entries or lists.unread or [file.phones for file in lists.files] == [0]


@BOUNDED
@given(st.one_of(VALUES, st.from_regex(r"[\d+() ,.;eE-]{0,60}", fullmatch=True)))
def test_any_cell_is_looked_at(cell: object) -> None:
    is_rounded(cell)
    phones = find_phones(cell)
    assert all(phone.startswith("+") and phone[1:].isdigit() for phone in phones)
    assert len(phones) <= 60


@BOUNDED
@given(TEXT)
def test_any_text_gives_chats_or_numbers(text: str) -> None:
    assert all(isinstance(one, (Chat, int)) for one in parse(text))
