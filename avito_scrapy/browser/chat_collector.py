"""Merging of the page's rows and the answers to its list calls into chats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo

from avito_scrapy.avito import chat_ids
from avito_scrapy.avito.chat_list import ListedChat, listed_chat
from avito_scrapy.avito.phrases import is_notice, is_stub
from avito_scrapy.avito.results import ChatFacts
from avito_scrapy.avito.text import whole_text
from avito_scrapy.avito.web_messenger import Channel, ChannelPage, list_moment
from avito_scrapy.items import Chat, Direction
from avito_scrapy.times import to_iso

# Rounds that a chat waits for its other source: the row of a chat that an answer brought is drawn
# some steps later, the answer behind a row is read a moment later.
WAIT_FOR_ROW = 8
WAIT_FOR_ANSWER = 3


@dataclass(frozen=True)
class Row:
    """A row of the list as collector.js reads it; what is missing or odd is None."""

    href: str | None = None
    data_id: str | None = None
    read: str | None = None
    name: str | None = None
    item: str | None = None
    text: str | None = None
    when: str | None = None
    out: bool = False

    @classmethod
    def from_page(cls, values: Mapping[str, object]) -> Row:
        """Read what the page reports; half characters are replaced, which no file can hold."""
        names = {field.name for field in fields(cls)} - {"out"}
        texts = {
            name: whole_text(value) or None
            for name, value in values.items()
            if name in names and isinstance(value, str)
        }
        return cls(**texts, out=values.get("out") is True)

    @property
    def chat_id(self) -> str | None:
        """The chat by its address, else by ``data-id``; else an id of unknown form."""
        by_address = chat_ids.from_href(self.href) if self.href else None
        for name in (by_address, self.data_id):
            if name and chat_ids.parse(name):
                return name
        name = by_address or self.data_id
        return chat_ids.bounded(name) if name else None


@dataclass
class _Entry:
    position: int
    round: int
    row: Row | None = None
    channel: Channel | None = None
    seen_at: datetime | None = None

    @property
    def words(self) -> str | None:
        """What a person wrote, as the row shows it; Avito's own notices are nobody's words."""
        text = self.row.text if self.row else None
        notice = self.channel is not None and self.channel.is_notice
        return None if notice or is_notice(text) or is_stub(text) else text


class ChatCollector:
    """Gives every chat once. Keeps all ids, and the facts of chats not handed over yet.

    Args:
        web_url: AVITO_WEB_URL, for the chats' addresses.
        zone: the zone of the page's times and of the moments written.
        clock: the present in a zone.
    """

    def __init__(self, web_url: str, zone: tzinfo, clock: Callable[[tzinfo], datetime]) -> None:
        self._web_url = web_url
        self._zone = zone
        self._clock = clock
        self._found: set[str] = set()
        self._met: set[str] = set()
        self._waiting: dict[str, _Entry] = {}
        self._round = 0
        self._account: str | None = None
        self._account_votes = 0

    @property
    def found(self) -> int:
        """Number of different chats."""
        return len(self._found)

    @property
    def ids(self) -> Set[str]:
        """The chats that were found."""
        return self._found

    @property
    def met(self) -> int:
        """Number of different chats since ``start_over``."""
        return len(self._met)

    def start_over(self) -> None:
        """The list is shown from its top again: chats met from here on are progress."""
        self._met.clear()

    def add_rows(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Add rows as collector.js hands them over."""
        for values in rows:
            row = Row.from_page(values)
            if entry := self._entry(row.chat_id):
                entry.row = row
                entry.seen_at = self._clock(self._zone)

    def add_answer(self, page: ChannelPage) -> None:
        """Add an answer to a list call."""
        for channel in page.channels:
            if entry := self._entry(channel.chat_id):
                entry.channel = channel

    def ready(self, *, everything: bool = False) -> list[Chat]:
        """Hand over chats by position, each once: those that both sources have told of or that
        have waited long enough; with ``everything`` all that are left."""
        self._round += 1
        for entry in self._waiting.values():
            self._learn_account(entry)
        due = [name for name, entry in self._waiting.items() if everything or self._is_due(entry)]
        return [self._chat(name, self._waiting.pop(name)) for name in due]

    def _entry(self, chat_id: str | None) -> _Entry | None:
        if not chat_id:
            return None
        self._met.add(chat_id)
        if chat_id not in self._found:
            self._found.add(chat_id)
            self._waiting[chat_id] = _Entry(position=len(self._found), round=self._round)
        return self._waiting.get(chat_id)

    def _is_due(self, entry: _Entry) -> bool:
        age = self._round - entry.round
        if entry.channel is None:
            return age >= WAIT_FOR_ANSWER
        return entry.row is not None or age >= WAIT_FOR_ROW

    def _learn_account(self, entry: _Entry) -> None:
        """Learn the account's own id, which no answer names: the author of messages that rows mark
        as outgoing. A single contradiction ends the trust in it."""
        if self._account_votes < 0 or entry.row is None or entry.channel is None:
            return
        author = entry.channel.author_id
        if author is None or entry.row.text is None:
            return
        if entry.row.out and self._account in (None, author):
            self._account = author
            self._account_votes += 1
        elif entry.row.out or author == self._account:
            self._account = None
            self._account_votes = -1

    def _direction(self, entry: _Entry) -> Direction | None:
        if entry.row is not None and entry.words is not None:
            return "out" if entry.row.out else "in"
        author = entry.channel and entry.channel.author_id
        if author is None or self._account_votes < 2:
            return None
        return "out" if author == self._account else "in"

    def _chat(self, chat_id: str, entry: _Entry) -> Chat:
        row = entry.row or Row()
        channel = entry.channel or Channel(chat_id)
        facts = ChatFacts(
            item_id=channel.item_id,
            user_name=channel.name or row.name,
            item_title=channel.item_title or row.item,
            last_message=channel.text or entry.words,
            last_message_at=self._last_at(entry),
            last_message_direction=self._direction(entry),
        )
        now = to_iso(self._clock(self._zone).replace(microsecond=0))
        chat = listed_chat(ListedChat(chat_id, channel.sorting, facts), self._web_url, now)
        read = channel.is_read
        if read is None and row.read in ("true", "false"):
            read = row.read == "true"
        chat.is_unread = None if read is None else not read
        chat.position = entry.position
        return chat

    def _last_at(self, entry: _Entry) -> str | None:
        if entry.channel and entry.channel.at:
            return to_iso(entry.channel.at.astimezone(self._zone))
        # The row of a chat without a message shows another date.
        silent = entry.channel is not None and not (entry.row and entry.row.text)
        if entry.row and entry.row.when and entry.seen_at and not silent:
            moment = list_moment(entry.row.when, entry.seen_at)
            return to_iso(moment) if moment else None
        return None
