"""What the web messenger's own requests and answers say, and the dates that its page shows.

Facts as seen in the web messenger (nothing of it is documented by Avito): the page asks
``POST /web/1/messenger/getChannels`` and is answered ``{"success": {"channels": [...],
"hasMore": bool}}``; moments are in nanoseconds. Whatever is missing or of another kind is None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, TypeGuard

from avito_scrapy.avito import chat_ids
from avito_scrapy.avito.answer_model import LARGEST_WHOLE, unix_seconds
from avito_scrapy.avito.phrases import is_notice, is_stub
from avito_scrapy.avito.text import load_json, whole_text

MESSENGER_PATH = "/profile/messenger"
FAVORITES_PATH = "/favorites?categoryId=112"

# Names of what a request says of the place in a list, not of which list it is.
_PLACE = re.compile(r"offset|limit|cursor|page|time|last|request", re.IGNORECASE)
_PICKS = re.compile(r"anytags|unread|only", re.IGNORECASE)
# By their first letters, so that «3 нояб.» is read like «3 ноября».
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})"
_DAY = r"(?P<day>\d{1,2}) (?P<month>[а-я]{3,8})\.?(?: (?P<year>\d{4})(?: ?г(?:ода|\.)?)?)?"
_DATE_TEXT = re.compile(
    rf"(?:(?P<word>сегодня|вчера|позавчера)|{_DAY})?(?:,? ?(?:в )?{_CLOCK})?", re.IGNORECASE
)
_DAYS_AGO = {"сегодня": 0, "вчера": 1, "позавчера": 2}
# A page's clock and ours may differ by this much; more than that is a message of yesterday.
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Channel:
    """One chat as an answer has it; ``at`` is when its last message was written.

    ``is_notice``: that message is Avito's own. It has no ``text`` and no ``author_id`` then.
    """

    chat_id: str
    name: str | None = None
    item_id: int | None = None
    item_title: str | None = None
    text: str | None = None
    at: datetime | None = None
    author_id: str | None = None
    is_notice: bool = False
    is_read: bool | None = None
    sorting: float | None = None
    """Place in the list: Unix seconds, larger is higher."""


@dataclass(frozen=True)
class ChannelPage:
    """One answer: its chats in the list's order, and whether it says that more follow."""

    channels: tuple[Channel, ...]
    has_more: bool | None
    below: float | None = None
    """The place that was asked for, in Unix seconds; None: the top of the list."""


@dataclass(frozen=True)
class ListRequest:
    """What the page asked for: ``offset`` is its cursor in Unix seconds, None for the top."""

    offset: float | None
    whole: bool
    """False when it asked for some chats of the list only (tags it picks out, unread ones)."""
    key: str | None = None
    """Which list it asked for, the same for all parts of it; None when that cannot be told."""
    odd: int = 0
    """In how many ways this is another list than the one that the page is known to show."""


def read_request(body: str | None) -> ListRequest:
    """Understand the body of a list call; one that is not understood is taken for the list's."""
    try:
        asked = load_json(body or "")
    except ValueError:
        asked = None
    if not isinstance(asked, Mapping):
        return ListRequest(offset=None, whole=True)
    filters = {name: value for name, value in _mapping(asked, "filters").items() if value}
    # What is empty is left out: it may as well be missing in the next request.
    chosen = {name: value for name, value in asked.items() if value and not _PLACE.search(name)}
    chosen.pop("filters", None)
    return ListRequest(
        offset=unix_seconds(asked.get("offsetTimestamp")),
        whole=not any(map(_PICKS.search, (*chosen, *filters))),
        key=json.dumps([chosen, filters], sort_keys=True),
        odd=len(filters.keys() - {"excludeTags"}) + (chosen.get("category", 1) != 1),
    )


def read_answer(answer: object) -> ChannelPage | None:
    """Understand an answer to the list call; None when it is not one."""
    if not isinstance(answer, Mapping):
        return None
    # As seen it is under ``success``; that may as well be a mere true, with the rest elsewhere.
    places = (*(_mapping(answer, name) for name in ("success", "result", "data")), answer)
    inner = next((place for place in places if isinstance(place.get("channels"), list)), None)
    if inner is None:
        return None
    channels = (_channel(entry) for entry in inner["channels"] if isinstance(entry, Mapping))
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
    author = _author(last.get("authorId"))
    text = _message(last)
    kind = last.get("type")
    kind = kind if isinstance(kind, str) else None
    notice = is_stub(text) or is_notice(text, kind=kind, author_id=_number(author))
    written = unix_seconds(last.get("createdAt"))
    flags = (entry.get(name) for name in ("isRead", "is_read", "read"))
    return Channel(
        chat_id=chat_ids.bounded(whole_text(chat_id)),
        name=_text(_mapping(entry, "info").get("name")),
        item_id=_number(item.get("id")),
        item_title=_text(item.get("title")),
        text=None if notice else text,
        at=datetime.fromtimestamp(round(written, 3), timezone.utc) if written else None,
        author_id=None if notice else author,
        is_notice=notice,
        is_read=next((flag for flag in flags if isinstance(flag, bool)), None),
        sorting=unix_seconds(entry.get("sortingTimestamp")),
    )


def _item(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    value = _mapping(entry, "context", "item", "value")
    return _mapping(value, "item") or value


def _author(value: object) -> str | None:
    is_id = isinstance(value, (int, str)) and not isinstance(value, bool) and value != ""
    return whole_text(str(value)) if is_id else None


def _message(last: Mapping[str, Any]) -> str | None:
    """The text of a message, wherever it is.

    The pieces come first: the text of an assistant stands there, and a placeholder elsewhere.
    """
    body = last.get("body")
    inner = body.get("text") if isinstance(body, Mapping) else None
    ways = (
        _joined(_mapping(last, "body", "composite").get("chunks")),
        inner.get("text") if isinstance(inner, Mapping) else inner,
        _mapping(last, "preview").get("text"),
        last.get("preview"),
    )
    return next((found for found in map(_text, ways) if found), None)


def _joined(chunks: object) -> str:
    """A text in pieces, which may be cut anywhere in a word."""
    return "".join(map(_piece, chunks)) if isinstance(chunks, list) else ""


def _piece(chunk: object) -> str:
    """The text of a piece: at ``text``, else in another part of it (of a link, say)."""
    if not isinstance(chunk, Mapping):
        return chunk if isinstance(chunk, str) else ""
    own = chunk.get("text")
    parts = (own, *(part.get("text") for part in (own, *chunk.values()) if _is_mapping(part)))
    return next((part for part in parts if isinstance(part, str)), "")


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def _mapping(value: Any, *path: str) -> Mapping[str, Any]:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str | None:
    return (whole_text(value).strip() or None) if isinstance(value, str) else None


def _number(value: object) -> int | None:
    text = str(value)
    known = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if known and int(text) <= LARGEST_WHOLE else None


def list_moment(text: str, now: datetime) -> datetime | None:
    """The moment that a date text of the list means, as seen at ``now``, in ``now``'s zone.

    «14:05», «сегодня», «вчера», «3 ноября», «3 ноября 2025»: a minute or a day, which stands for
    its first moment. It is never later than ``now``: a clock time alone is the last one that was, a
    day without a year the last one that was. None when the text says nothing that is understood.
    """
    plain = " ".join(text.split()).lower()
    match = _DATE_TEXT.fullmatch(plain)
    if not plain or match is None:
        return None
    day = _day(match, now.date())
    clock = _clock(match)
    if day is None or clock is None:
        return None
    moment = datetime.combine(day, clock, tzinfo=now.tzinfo)
    if moment <= now:
        return moment
    if moment - now <= _CLOCKS_DIFFER:
        return now
    if match["word"] is None and match["day"] is None:
        return datetime.combine(day - timedelta(days=1), clock, tzinfo=now.tzinfo)
    return None


def _clock(match: re.Match[str]) -> time | None:
    if match["hour"] is None:
        return time()
    try:
        return time(int(match["hour"]), int(match["minute"]))
    except ValueError:
        return None


def _day(match: re.Match[str], today: date) -> date | None:
    if match["word"]:
        return today - timedelta(days=_DAYS_AGO[match["word"]])
    if match["day"] is None:
        return today
    name = "мая" if match["month"] == "май" else match["month"][:3]
    if name not in _MONTHS:
        return None
    month = _MONTHS.index(name) + 1
    if match["year"]:
        return _date(int(match["year"]), month, int(match["day"]))
    # 29 February is up to eight years back.
    years = range(today.year, today.year - 9, -1)
    days = (_date(year, month, int(match["day"])) for year in years)
    return next((day for day in days if day is not None and day <= today), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
