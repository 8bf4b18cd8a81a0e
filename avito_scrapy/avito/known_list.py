"""Tells where a list of chats that is read from its top is known from an earlier run.

The list is in the order of last messages, so nothing has changed below a stretch of it that is
known: as long as that order holds, which is checked in the answers and not assumed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple

from avito_scrapy.items import Chat
from avito_scrapy.times import iso_to_seconds, same_moment

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
