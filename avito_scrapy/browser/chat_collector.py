"""The chats found so far: what rows and answers say of each, put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from avito_scrapy.avito import chat_ids, list_dates
from avito_scrapy.avito.notices import is_notice
from avito_scrapy.avito.web_messenger import Channel, ChannelPage
from avito_scrapy.items import Chat, Direction
from avito_scrapy.times import to_iso

# Rounds that a chat waits for what the other source says of it: the row of a chat that an answer
# brought is drawn some steps later, the answer behind a row is read a moment later.
WAIT_FOR_ROW = 8
WAIT_FOR_ANSWER = 3


@dataclass
class _Entry:
    position: int
    round: int
    row: Mapping[str, Any] | None = None
    channel: Channel | None = None
    seen_at: datetime | None = None


class ChatCollector:
    """Every chat once. Holds the ids of all and the facts of those not handed over yet.

    Args:
        web_url: AVITO_WEB_URL, for the chats' addresses.
        zone: the zone that the page shows its times in and that moments are written in.
        clock: the present.
    """

    def __init__(self, web_url: str, zone: tzinfo, clock: Callable[[tzinfo], datetime]) -> None:
        self._web_url = web_url
        self._zone = zone
        self._clock = clock
        self._seen: set[str] = set()
        self._met: set[str] = set()
        self._waiting: dict[str, _Entry] = {}
        self._round = 0
        self._account: str | None = None
        self._account_votes = 0

    @property
    def found(self) -> int:
        """How many different chats there are."""
        return len(self._seen)

    @property
    def met(self) -> int:
        """How many different chats were met since ``start_over``."""
        return len(self._met)

    def start_over(self) -> None:
        """The list is shown from its top again: what is met from here on is progress."""
        self._met.clear()

    def add_rows(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take in rows as collector.js drains them."""
        for row in rows:
            chat_id = row_id(row)
            entry = chat_id and self._entry(chat_id)
            if entry:
                entry.row = row
                entry.seen_at = self._clock(self._zone)

    def add_answer(self, page: ChannelPage) -> None:
        """Take in what the page was answered."""
        for channel in page.channels:
            entry = self._entry(channel.chat_id)
            if entry:
                entry.channel = channel

    def ready(self, *, everything: bool = False) -> list[Chat]:
        """Chats to hand over, each once, by position: those that both sources have told of or
        that have waited long enough; with ``everything`` all that are left."""
        self._round += 1
        for entry in self._waiting.values():
            self._learn_account(entry)
        due = [
            chat_id for chat_id, entry in self._waiting.items() if everything or self._is_due(entry)
        ]
        return [self._chat(chat_id, self._waiting.pop(chat_id)) for chat_id in due]

    def _entry(self, chat_id: str) -> _Entry | None:
        self._met.add(chat_id)
        if chat_id not in self._seen:
            self._seen.add(chat_id)
            self._waiting[chat_id] = _Entry(position=len(self._seen), round=self._round)
        return self._waiting.get(chat_id)

    def _is_due(self, entry: _Entry) -> bool:
        age = self._round - entry.round
        if entry.channel is None:
            return age >= WAIT_FOR_ANSWER
        return entry.row is not None or age >= WAIT_FOR_ROW

    def _learn_account(self, entry: _Entry) -> None:
        """Who we are is not said; the author of what a row marks as outgoing is us."""
        if self._account_votes < 0 or entry.row is None or entry.channel is None:
            return
        author = entry.channel.author_id
        if author is None or entry.row["text"] is None:
            return
        if not entry.row["out"]:
            if author == self._account:
                self._distrust()
        elif self._account in (None, author):
            self._account = author
            self._account_votes += 1
        else:
            self._distrust()

    def _distrust(self) -> None:
        self._account = None
        self._account_votes = -1

    def _direction(self, entry: _Entry) -> Direction | None:
        if entry.row is not None and _row_text(entry) is not None:
            return "out" if entry.row["out"] else "in"
        author = entry.channel and entry.channel.author_id
        if author is None or self._account_votes < 2:
            return None
        return "out" if author == self._account else "in"

    def _chat(self, chat_id: str, entry: _Entry) -> Chat:
        row: Mapping[str, Any] = entry.row or {}
        channel = entry.channel or Channel(chat_id)
        form = chat_ids.parse(chat_id)
        read = channel.is_read
        if read is None and row.get("read") in ("true", "false"):
            read = row["read"] == "true"
        return Chat(
            chat_id=chat_id,
            chat_url=self._web_url + chat_ids.page_path(chat_id),
            chat_type=form.chat_type if form else None,
            user_id=form.user_id if form else None,
            item_id=form.item_id if form and form.item_id is not None else channel.item_id,
            user_name=channel.name or row.get("name"),
            item_title=channel.item_title or row.get("item"),
            last_message=channel.text or _row_text(entry),
            last_message_at=self._last_at(entry),
            last_message_direction=self._direction(entry),
            is_unread=None if read is None else not read,
            position=entry.position,
            collected_at=to_iso(self._clock(self._zone).replace(microsecond=0)),
        )

    def _last_at(self, entry: _Entry) -> str | None:
        if entry.channel and entry.channel.at:
            return to_iso(entry.channel.at.astimezone(self._zone))
        # A chat that has no message shows another date.
        silent = entry.channel is not None and not (entry.row and entry.row["text"])
        if entry.row and entry.row["when"] and entry.seen_at and not silent:
            moment = list_dates.resolve(entry.row["when"], entry.seen_at)
            return to_iso(moment) if moment else None
        return None


def _row_text(entry: _Entry) -> str | None:
    """A person's words in the row; Avito's own notices are none."""
    text: str | None = entry.row["text"] if entry.row else None
    notice = (entry.channel is not None and entry.channel.is_notice) or is_notice(text)
    return None if notice else text


def row_id(row: Mapping[str, Any]) -> str | None:
    """The chat of a row: by its address, else by its ``data-id``; None when it names none."""
    by_address = chat_ids.from_href(row["href"]) if row["href"] else None
    by_mark: str | None = row["data_id"]
    for name in (by_address, by_mark):
        if name and chat_ids.parse(name):
            return name
    return by_address or by_mark
