"""Parse chat ids. No user or item is read out of an id whose form does not hold them.

Forms, as seen in the messenger and in Avito's documents:

- ``u2i-<22 characters>``: user to item, opaque. No id of a user can be read out of it.
- ``u2i-<item id>-<user id>``: user to item, older.
- ``u2u-...``: user to user; with two numbers it does not say which of them is the other side.
- ``a2u-<user id>-<account id>``: Avito and its assistants to a user.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from avito_scrapy.avito.answer_model import LARGEST_WHOLE
from avito_scrapy.items import ChatType

LONGEST = 255
"""Characters of an id, whatever its form; those of today have some forty at most."""

# The three kinds are known; what follows is Avito's affair and may change its form, so any
# printable text without spaces is taken, and escaped wherever it goes into an address.
_ID = re.compile(r"(u2i|u2u|a2u)-([!-~]{1,128})", re.ASCII)
_TWO_NUMBERS = re.compile(r"(\d{1,19})-(\d{1,19})", re.ASCII)
_IN_PATH = re.compile(r"/profile/messenger/channel/([^/?#]+)")


@dataclass(frozen=True)
class ChatId:
    """A chat id taken apart; what its form does not hold is None."""

    text: str
    chat_type: ChatType | None = None
    user_id: int | None = None
    item_id: int | None = None


def parse(text: str) -> ChatId | None:
    """Take a chat id apart; None when ``text`` is no chat id of a known form."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    kind, rest = match.groups()
    numbers = _TWO_NUMBERS.fullmatch(rest)
    first, second = map(int, numbers.groups()) if numbers else (None, None)
    if max(first or 0, second or 0) > LARGEST_WHOLE:
        first = second = None
    if kind == "u2i":
        return ChatId(text, "u2i", user_id=second, item_id=first)
    if kind == "a2u":
        return ChatId(text, "a2u", user_id=first)
    return ChatId(text, "u2u")


def bounded(text: str) -> str:
    """``text``, or something shorter that stands for it and for no other id: databases and files
    must hold it, and whose chat it is must not be lost."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:180]}...{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def page_path(chat_id: str) -> str:
    """The path of the chat's page, escaped. Opening it marks the chat as read."""
    return f"/profile/messenger/channel/{quote(chat_id, safe='~')}"


def from_href(href: str) -> str | None:
    """The chat id in the address of a chat's page, unescaped; None when there is none."""
    match = _IN_PATH.search(href)
    return unquote(match[1]) if match else None
