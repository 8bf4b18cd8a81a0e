"""Reads the chats of a resumes run and checks its stop list."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from avito_scrapy.avito import chat_ids
from avito_scrapy.avito.answer_model import LARGEST_WHOLE
from avito_scrapy.avito.chat_ids import ChatId
from avito_scrapy.avito.phrases import is_notice, is_stub
from avito_scrapy.avito.text import load_json
from avito_scrapy.errors import UsageError
from avito_scrapy.files import MEGABYTE, UnreadableFile, read_bounded
from avito_scrapy.items import Chat
from avito_scrapy.times import parse_iso

DEFAULT = "chats.jl"
LARGEST_INPUT = 200 * MEGABYTE
MOST_CHATS = 500_000
STOP_LISTS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".htm", ".html",
              ".xml")  # fmt: skip
_ALLOWED = "allowed: chats.jl, a list of chat ids one a line, JSON with all_chat_ids"
_KINDS: dict[str, type] = {
    "chat_url": str,
    "user_name": str,
    "item_title": str,
    "last_message": str,
    "last_message_at": datetime,
    "last_message_direction": str,
    "is_unread": bool,
    "position": int,
    "collected_at": datetime,
}
assert set(_KINDS) <= {field.name for field in fields(Chat)}
# An id in a line with other columns, quotes, or commas left from JSON. The form of the three
# known kinds is Avito's affair; of others it is known only that they look like these.
_ID_IN_LINE = re.compile(r"""(?<![\w-])[a-z]\d[a-z]-[^\s,;|"'`<>()\[\]{}\\/?#&]+""")
_AROUND = " \t\r\n,;\"'`"
_HEADING = re.compile(r"\W*(chat|id|чат|ид)\w*\b", re.IGNORECASE)


def input_path(given: Path | None, data_dir: Path) -> Path:
    """Return where the input is: as given, or in the data folder."""
    if given is None:
        return data_dir / DEFAULT
    # os.path: a name too long, or a ~user that nobody is, raises nothing there.
    path = Path(os.path.expanduser(given))
    return path if path.is_absolute() or os.path.exists(path) else data_dir / path


def check_stoplist(path: Path) -> None:
    """Check that ``path`` can be a stop list; its files are read later.

    Raises:
        UsageError: it is neither a folder nor a file of a kind that is read.
    """
    there = os.path.expanduser(path)
    if os.path.isdir(there):
        return
    if not os.path.isfile(there):
        what = "is not a regular file" if os.path.exists(there) else "is not there"
    elif path.suffix.lower() in STOP_LISTS:
        return
    else:
        what = "is not a file of a kind that is read"
    allowed = f"{', '.join(STOP_LISTS)}, or a folder of them"
    raise UsageError(f"argument stoplist: {path} {what}; allowed: {allowed}")


def read_chats(path: Path, limit: int | None = None) -> tuple[list[Chat], list[int]]:
    """Read the first ``limit`` chats of a file, and the numbers of its lines that are no chats.

    Raises:
        UsageError: there is no such file, it cannot be read, or it holds no chat, or too many.
    """
    try:
        text = decode(read_bounded(path, LARGEST_INPUT))
    except UnreadableFile as problem:
        missing = path.name == DEFAULT and not path.exists()
        hint = "; `scrapy crawl chats` makes it" if missing else ""
        raise UsageError(f"argument input: {problem}{hint}; {_ALLOWED}") from None
    except UnicodeError:
        raise UsageError(
            f"argument input: {path} is not a text file in UTF-8; {_ALLOWED}"
        ) from None
    chats: list[Chat] = []
    bad: list[int] = []
    for entry in parse(text):
        if isinstance(entry, int):
            bad.append(entry)
        else:
            chats.append(entry)
        if len(chats) > MOST_CHATS:
            raise UsageError(f"argument input: {path} holds more than {MOST_CHATS} chats")
    if not chats:
        raise UsageError(f"argument input: {path} holds no chat; {_ALLOWED}")
    return chats[:limit], bad


def decode(raw: bytes) -> str:
    """Decode an input file: UTF-8, with a mark at its beginning or without, or UTF-16.

    Ids are ASCII: what is written otherwise in other columns does not matter.

    Raises:
        UnicodeError: it is no text.
    """
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = raw.decode("utf-16" if utf16 else "utf-8-sig", "replace")
    if "\0" in text:
        raise UnicodeError("a NUL in it")
    return text


def parse(text: str) -> Iterator[Chat | int]:
    """Give the chats of an input in the order they stand, each once; of a line (or an entry of a
    list, from 1) that is no chat its number.

    A chat whose id has an unknown form is kept with an unknown type.
    """
    seen: set[str] = set()
    for number, entry in _entries(text):
        chats = _chats(entry)
        if not chats:
            yield number
        for chat in chats:
            if chat.chat_id not in seen:
                seen.add(chat.chat_id)
                yield chat


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    # Not splitlines(): a name may hold one of the other characters that it splits at.
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip().startswith(("{", "[")) and not _is_chat(_value(first)):
        whole = _value(text)
        if isinstance(whole, dict) and isinstance(whole.get("all_chat_ids"), list):
            whole = whole["all_chat_ids"]
        if isinstance(whole, list):
            yield from enumerate(whole, 1)
            return
    for number, line in enumerate(lines, 1):
        if line.strip() and not (number == 1 and _is_heading(line)):
            yield number, _value(line)


def _value(text: str) -> Any:
    """``text`` as JSON if it is some, else as it is."""
    text = text.strip()
    if text.startswith(("{", "[", '"')) or text == "null":
        try:
            return load_json(text)
        except ValueError:
            pass
    return text


def _is_chat(value: Any) -> bool:
    return isinstance(value, dict) and ("chat_id" in value or "id" in value)


def _is_heading(line: str) -> bool:
    return bool(_HEADING.match(line)) and not _ID_IN_LINE.search(line)


def _chats(entry: Any) -> list[Chat]:
    if isinstance(entry, dict):
        text = entry.get("chat_id", entry.get("id"))
        known = _known(text)
        return [_chat(known, entry)] if known else []
    if not isinstance(entry, str):
        return []
    found = _ID_IN_LINE.findall(chat_ids.from_href(entry) or entry)
    return [_chat(known) for known in map(_known, dict.fromkeys(found)) if known]


def _known(text: object) -> ChatId | None:
    """What an id says, nothing but itself when its form is unknown; None when it is none."""
    if not isinstance(text, str) or not text.strip(_AROUND):
        return None
    text = text.strip(_AROUND)
    # "u2i-" of a known kind alone is cut off.
    if re.fullmatch(r"[a-z]\d[a-z]-?", text):
        return None
    return (
        chat_ids.parse(text)
        or chat_ids.parse(chat_ids.from_href(text) or "")
        or ChatId(chat_ids.bounded(text))
    )


def _chat(known: ChatId, given: dict[str, Any] | None = None) -> Chat:
    given = given or {}
    own = {name: _fit(given.get(name), kind) for name, kind in _KINDS.items()}
    if own["last_message_direction"] not in ("in", "out"):
        own["last_message_direction"] = None
    # A file of another program may hold what Avito wrote as if the candidate had.
    if is_stub(own["last_message"]) or is_notice(own["last_message"]):
        own["last_message"] = own["last_message_direction"] = None
    # The page's answers may tell the item where the id does not.
    item_id = _fit(given.get("item_id"), int) if known.item_id is None else known.item_id
    return Chat(
        chat_id=known.text,
        chat_type=known.chat_type,
        user_id=known.user_id,
        item_id=item_id,
        **own,
    )


def _fit(value: Any, kind: type) -> Any:
    """``value`` if it is of the field's kind, else None: the chats spider has not written it."""
    if kind is int and (isinstance(value, bool) or not isinstance(value, int)):
        return None
    if kind is int and abs(value) > LARGEST_WHOLE:
        return None
    if kind is datetime:
        return value if parse_iso(value) else None
    return value if isinstance(value, kind) else None
