"""Chats from what a person gives: ``chats.jl``, a list of ids, JSON with ``all_chat_ids``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from avito_scrapy.avito import chat_ids
from avito_scrapy.errors import UsageError
from avito_scrapy.items import Chat

_KINDS: dict[str, type] = {
    "chat_url": str,
    "user_name": str,
    "item_title": str,
    "last_message": str,
    "last_message_at": str,
    "last_message_direction": str,
    "is_unread": bool,
    "position": int,
    "collected_at": str,
}
assert set(_KINDS) <= {field.name for field in fields(Chat)}


class Bad(NamedTuple):
    """A line (or an entry of a list, from 1) that is no chat."""

    number: int


def decode(raw: bytes) -> str:
    """The text of an input file: UTF-8, with a mark at its beginning or without, or UTF-16.

    Raises:
        UsageError: it is neither.
    """
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"not a text file in UTF-8 (byte {error.start})") from None


def parse(text: str) -> Iterator[Chat | Bad]:
    """The chats of an input in the order they stand, each once; what is no chat is a ``Bad``."""
    seen: set[str] = set()
    for number, entry in _entries(text):
        chat = _chat(entry)
        if chat is None:
            yield Bad(number)
        elif chat.chat_id not in seen:
            seen.add(chat.chat_id)
            yield chat


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    stripped = text.strip()
    if stripped.startswith(("{", "[")):
        try:
            whole = json.loads(stripped)
        except ValueError:
            whole = None
        if isinstance(whole, dict) and isinstance(whole.get("all_chat_ids"), list):
            whole = whole["all_chat_ids"]
        if isinstance(whole, list):
            yield from enumerate(whole, 1)
            return
    # Not splitlines(): a name may hold one of the other characters that it splits at.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _value(line.strip())


def _value(line: str) -> Any:
    if line.startswith(("{", '"', "[")):
        try:
            return json.loads(line)
        except ValueError:
            return None
    return line


def _chat(entry: Any) -> Chat | None:
    given: dict[str, Any] = {}
    if isinstance(entry, dict):
        given = entry
        entry = given.get("chat_id", given.get("id"))
    if not isinstance(entry, str):
        return None
    text = entry.strip()
    parsed = chat_ids.parse(text) or chat_ids.parse(chat_ids.from_href(text) or "")
    if parsed is None:
        return None
    own = {name: _fit(given.get(name), kind) for name, kind in _KINDS.items()}
    if own["last_message_direction"] not in ("in", "out"):
        own["last_message_direction"] = None
    return Chat(
        chat_id=parsed.text,
        chat_type=parsed.chat_type,
        user_id=parsed.user_id,
        # The page's answers may tell it where the id does not.
        item_id=_fit(given.get("item_id"), int) if parsed.item_id is None else parsed.item_id,
        **own,
    )


def _fit(value: Any, kind: type) -> Any:
    """``value`` if it is of the field's kind, else None: the chats spider has not written it."""
    if kind is int and isinstance(value, bool):
        return None
    return value if isinstance(value, kind) else None
