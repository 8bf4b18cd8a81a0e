"""The list of chats: its entries in the API's answers, and where it is known from an earlier run.

The list is in the order of last messages, so nothing has changed below a stretch of it that is
known: as long as that order holds, which is checked in the answers and not assumed.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import tzinfo
from typing import Any, NamedTuple

from avito_scrapy.avito import chat_ids
from avito_scrapy.avito.answer_model import Drifts, read
from avito_scrapy.avito.endpoints import OWN_ITEMS_PAGE
from avito_scrapy.avito.models import ChatListAnswer, ListedChatAnswer
from avito_scrapy.avito.parsing import chat_facts
from avito_scrapy.avito.results import ChatFacts, Failure
from avito_scrapy.items import CHAT_FIELDS, Chat
from avito_scrapy.reasons import Reason
from avito_scrapy.times import iso_to_seconds, same_moment

logger = logging.getLogger(__name__)
LAST_OFFSET = 1000
"""Furthest that the list can be read (seen in the field; Avito's document says the same)."""
MOST_PAGES = 10
"""Of own items that are asked for."""
PAGES = 2
"""Pages in a row that must be known."""
# Seconds: a browser does not hold nanoseconds exactly.
_SLACK = 0.001
# Seconds that a chat's last message may be later than its place: the API tells whole ones.
_ROUNDED = 1.0


class KnownMessage(NamedTuple):
    """What tells a chat's last message from another: Unix seconds, and a hash of its text."""

    at: float | None = None
    text: int | None = None

    @classmethod
    def of(cls, at: float | None, text: str | None) -> KnownMessage:
        """The key of a message; the text itself is not kept."""
        return cls(at, None if text is None else hash(text))

    @classmethod
    def of_chat(cls, chat: Chat) -> KnownMessage:
        """The key of the last message of a line of ``chats.jl``."""
        return cls.of(iso_to_seconds(chat.last_message_at), chat.last_message)

    def same_as(self, other: KnownMessage) -> bool:
        """Whether both are the same message; a text that one of them lacks does not count."""
        if None not in (self.text, other.text) and self.text != other.text:
            return False
        if self.at is None or other.at is None:
            # Without a moment only chats that have no message at all are alike.
            return self == other == KnownMessage()
        return same_moment(self.at, other.at)


class KnownEntry(NamedTuple):
    """A chat in an answer; ``place``: what the list is sorted by, Unix seconds."""

    chat_id: str
    place: float | None
    last: KnownMessage


def in_order(entry: KnownEntry, upper: float) -> bool:
    """Whether a chat may follow one at the place ``upper`` in the order of last messages."""
    if entry.place is None or entry.place > upper + _SLACK:
        return False
    # One that stands lower than its last message may have one more that nobody sees.
    return entry.last.at is None or entry.last.at <= entry.place + _ROUNDED


class ListedChat(NamedTuple):
    """A chat as the list shows it; ``updated``: its place there, Unix seconds."""

    chat_id: str
    updated: float | None
    facts: ChatFacts

    @property
    def last(self) -> KnownMessage:
        """The key of its last message."""
        return KnownMessage.of(iso_to_seconds(self.facts.last_message_at), self.facts.last_message)

    @property
    def entry(self) -> KnownEntry:
        """What tells whether it is known."""
        return KnownEntry(self.chat_id, self.updated, self.last)


def read_chat_list(
    data: Any, account_id: int, tz: tzinfo
) -> tuple[list[ListedChat] | Failure, Drifts]:
    """A page of the list and the names of drifted fields; an entry without an id is a failure."""
    page, names = read(ChatListAnswer, data)
    drifts = dict.fromkeys(names)
    if page.chats is None:
        return Failure(Reason("chat_odd")), names
    found: list[ListedChat] = []
    for value in page.chats:
        chat, drifted = read(ListedChatAnswer, value)
        drifts.update(dict.fromkeys(f"chats.{name}" if name else "chats" for name in drifted))
        if not chat.id:
            return Failure(Reason("chat_odd")), tuple(drifts)
        found.append(
            ListedChat(chat_ids.bounded(chat.id), chat.updated, chat_facts(chat, account_id, tz))
        )
    return found, tuple(drifts)


def listed_chat(listed: ListedChat, web_url: str, collected_at: str) -> Chat:
    """The line of ``chats.jl``, as far as the list tells it."""
    form = chat_ids.parse(listed.chat_id) or chat_ids.ChatId(listed.chat_id)
    facts = listed.facts
    return Chat(
        chat_id=listed.chat_id,
        chat_url=web_url + chat_ids.page_path(listed.chat_id),
        chat_type=form.chat_type,
        user_id=form.user_id,
        item_id=facts.item_id if form.item_id is None else form.item_id,
        user_name=facts.user_name,
        item_title=facts.item_title,
        last_message=facts.last_message,
        last_message_at=facts.last_message_at,
        last_message_direction=facts.last_message_direction,
        collected_at=collected_at,
    )


def merged(listed: Chat, earlier: Chat) -> Chat:
    """A chat that is as it was: what the earlier run knew of it stays (a moment to the
    millisecond, a text that the API hides)."""
    stays = ("last_message", "last_message_at", "last_message_direction", "chat_url")
    known = {
        name: value
        for name in CHAT_FIELDS
        if (value := getattr(earlier, name)) is not None
        and (name in stays or getattr(listed, name) is None)
    }
    return replace(listed, **known)


def named_chat(chat_id: str, vacancy: int | None, web_url: str, now: str) -> Chat:
    """A chat of which only an application tells."""
    bare = ListedChat(chat_id, None, ChatFacts(item_id=vacancy))
    return listed_chat(bare, web_url, now)


async def own_items(ask: Callable[[int], Awaitable[list[int | None] | Failure]]) -> set[int]:
    """The ids of all pages that ``ask`` gives; fewer, and said, where it fails."""
    found: set[int] = set()
    for number in range(1, MOST_PAGES + 1):
        page = await ask(number)
        if isinstance(page, Failure):
            logger.warning("The list of own items could not be read: %s", page.reason)
            return found
        found |= {one for one in page if one is not None}
        if len(page) < OWN_ITEMS_PAGE:
            return found
    logger.warning("Only the first %d own items are asked about", len(found))
    return found


class KnownList:
    """Follows the answers to a list's loads until they are known.

    Args:
        known: last messages by chat, of a run that saw every chat.
        complete_to: place of the list's top when it was last read with chats of every kind; an
            entry above it does not count as known.
    """

    def __init__(self, known: Mapping[str, KnownMessage], complete_to: float = math.inf) -> None:
        self._known = known
        self._complete_to = complete_to
        self._run = 0
        self._lowest = math.inf
        self.ordered = True
        """False: an answer was not in the order of last messages."""
        self.reached = False
        """Everything below what was read is known."""

    @property
    def ids(self) -> Set[str]:
        """The chats of the earlier run."""
        return self._known.keys()

    def add_page(self, entries: Sequence[KnownEntry], below: float | None) -> None:
        """Take in an answer.

        Args:
            entries: its chats, in their order.
            below: the place that was asked for; None: the top, where the list begins anew.
        """
        if self.reached or not self.ordered:
            return
        if below is None:
            self._run, self._lowest = 0, math.inf
        elif below > self._lowest + _SLACK:
            return  # a part that was read before
        elif below < self._lowest - _SLACK:
            self._run = 0  # what is between was not read
        upper = math.inf if below is None else below
        for entry in entries:
            if not in_order(entry, upper):
                self.ordered = False
                return
            upper = entry.place or 0.0
        if not entries:
            return
        self._lowest = upper
        self._run = self._run + 1 if all(map(self.knows, entries)) else 0
        self.reached = self._run >= PAGES

    def knows(self, entry: KnownEntry) -> bool:
        """Whether a chat is as it was."""
        known = self._known.get(entry.chat_id)
        above = entry.place is None or entry.place > self._complete_to + _ROUNDED
        return known is not None and not above and known.same_as(entry.last)
