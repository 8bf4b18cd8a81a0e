"""What the web messenger's own requests and answers say.

Facts as seen in the web messenger (nothing of it is documented by Avito): the page asks
``POST /web/1/messenger/getChannels`` and is answered ``{"success": {"channels": [...],
"hasMore": bool}}``; moments are in nanoseconds. Whatever is missing or of another kind is None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import unquote, urlsplit

MESSENGER_PATH = "/profile/messenger"
FAVORITES_PATH = "/favorites?categoryId=112"

_LIST_CALL = re.compile(r"[/.]getchannels/?$", re.IGNORECASE)
_CHAT_PAGE = re.compile(r"/messenger/channel(/|$)", re.IGNORECASE)
_READ_CALL = re.compile(r"[/.](?:mark[-_]?(?:as)?[-_]?)?(?:read|open)[^/]*/?$", re.IGNORECASE)
_CHAT_ID = re.compile(r"\b(?:u2i|u2u|a2u)-[\w~-]")


@dataclass(frozen=True)
class Channel:
    """One chat as an answer has it; ``at`` is when its last message was written."""

    chat_id: str
    name: str | None = None
    item_id: int | None = None
    item_title: str | None = None
    text: str | None = None
    at: datetime | None = None
    author_id: str | None = None
    is_read: bool | None = None
    sorting: float | None = None
    """Place in the list: Unix seconds, larger is higher."""


@dataclass(frozen=True)
class ChannelPage:
    """One answer: its chats in the list's order, and whether it says that more follow."""

    channels: tuple[Channel, ...]
    has_more: bool | None


@dataclass(frozen=True)
class ListRequest:
    """What the page asked for: ``offset`` is its cursor in Unix seconds, None for the top."""

    offset: float | None
    whole: bool
    """False when it asked for another list than the one on the page (tags it picks out)."""


def is_list_call(url: str) -> bool:
    """Whether ``url`` is the page's request for a part of the list."""
    return bool(_LIST_CALL.search(unquote(urlsplit(url).path)))


def must_not_be_sent(method: str, url: str, body: str | None = None) -> bool:
    """Whether a request opens a chat or may mark one as read.

    A chat's page does. So may any call of the messenger that names a chat, whatever it is called:
    the list needs none of them.
    """
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _CHAT_PAGE.search(path):
        return True
    if "messenger" not in path.lower() or is_list_call(url) or method.upper() == "OPTIONS":
        return False
    if method.upper() not in ("GET", "HEAD") and _READ_CALL.search(path):
        return True
    return bool(_CHAT_ID.search(f"{path}?{unquote(parts.query)} {body or ''}"))


def read_request(body: str | None) -> ListRequest:
    """Understand the body of a list call; one that is not understood is taken for the list's."""
    try:
        asked = json.loads(body or "")
    except ValueError:
        asked = None
    asked = asked if isinstance(asked, Mapping) else {}
    filters = asked.get("filters")
    picked = filters.get("anyTags") if isinstance(filters, Mapping) else None
    return ListRequest(offset=_seconds(asked.get("offsetTimestamp")), whole=not picked)


def read_answer(answer: object) -> ChannelPage | None:
    """Understand an answer to the list call; None when it is not one."""
    if not isinstance(answer, Mapping):
        return None
    inner = answer.get("success", answer.get("result", answer))
    listed = inner.get("channels") if isinstance(inner, Mapping) else None
    if not isinstance(inner, Mapping) or not isinstance(listed, list):
        return None
    channels = (_channel(entry) for entry in listed if isinstance(entry, Mapping))
    more = inner.get("hasMore")
    return ChannelPage(
        channels=tuple(channel for channel in channels if channel is not None),
        has_more=more if isinstance(more, bool) else None,
    )


def _channel(entry: Mapping[str, Any]) -> Channel | None:
    chat_id = entry.get("id")
    if not isinstance(chat_id, str) or not chat_id:
        return None
    item = _item(entry)
    last = _mapping(entry, "lastMessage")
    author = last.get("authorId")
    written = _seconds(last.get("createdAt"))
    read = entry.get("isRead")
    return Channel(
        chat_id=chat_id,
        name=_text(_mapping(entry, "info").get("name")),
        item_id=_number(item.get("id")),
        item_title=_text(item.get("title")),
        text=_message(last),
        at=datetime.fromtimestamp(round(written, 3), timezone.utc) if written else None,
        author_id=str(author) if isinstance(author, (int, str)) and author else None,
        is_read=read if isinstance(read, bool) else None,
        sorting=_seconds(entry.get("sortingTimestamp")),
    )


def _item(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    value = _mapping(entry, "context", "item", "value")
    return _mapping(value, "item") or value


def _message(last: Mapping[str, Any]) -> str | None:
    chunks = _mapping(last, "body", "composite").get("chunks")
    parts = [_mapping(chunk, "text").get("text") for chunk in chunks or () if _is_map(chunk)]
    joined = " ".join(part.strip() for part in parts if isinstance(part, str))
    ways = (
        _mapping(last, "preview").get("text"),
        _mapping(last, "body", "text").get("text"),
        joined,
    )
    return next((found for found in map(_text, ways) if found), None)


def _is_map(value: object) -> bool:
    return isinstance(value, Mapping)


def _mapping(value: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _seconds(value: object) -> float | None:
    """A moment as Unix seconds. Nanoseconds by the facts; the size tells other units apart."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e20:
        return None
    while value > 1e11:  # seconds reach 1e11 in the year 5138
        value /= 1000
    return float(value)
