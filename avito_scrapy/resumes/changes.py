"""What has changed since chats were fetched, asked of the API's list and not believed of the input.

The list shows the newest 1,100 chats. A chat that is not among them, and was as it is now when the
oldest of them had its last message, has not changed.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from avito_scrapy.avito.chat_list import LAST_OFFSET, ListedChat
from avito_scrapy.avito.known_list import KnownMessage, in_order
from avito_scrapy.avito.results import Failure
from avito_scrapy.items import Chat, ChatResume

logger = logging.getLogger(__name__)

NEWEST = "avito/chat_list/newest"
"""Stat: place of the list's top (Unix seconds of Avito's) before each chat of the run was either
asked for or compared with the list: all were so then, or later."""
CLOCKS = timedelta(hours=2).total_seconds()
"""How far the moments of this computer are trusted against Avito's: an hour is often wrong."""
TYPES = (("u2i", "u2u"), ())
"""Types of chats to ask for, then Avito's own choice, which is the first of them."""


class NewestChatsClient(Protocol):
    """What the list is read with."""

    async def chats(
        self, offset: int = 0, *, types: Sequence[str] = ()
    ) -> list[ListedChat] | Failure:
        """A page of chats."""


@dataclass
class Changes:
    """What the list said.

    Attributes:
        listed: the chats that it showed.
        read_to: every chat with a place above this one was shown; it is of Avito's clock.
        newest: place of its top when reading began.
        types: types of chats that it shows.
    """

    listed: Mapping[str, ListedChat] = field(default_factory=dict)
    read_to: float = math.inf
    newest: float | None = None
    types: frozenset[str] = frozenset()

    def unchanged(self, stored: ChatResume, since: float) -> bool | None:
        """Whether a chat is as it is stored; None: the list does not tell.

        Args:
            stored: what is known of it.
            since: when it was so, in Unix seconds of Avito's clock, or earlier.
        """
        listed = self.listed.get(stored.chat_id)
        if listed is not None:
            return KnownMessage.of_chat(stored).same_as(listed.last)
        if stored.chat_id.partition("-")[0] in self.types and self.read_to < since:
            return True
        return None

    def updated(self, chat: Chat) -> Chat:
        """``chat`` with its last message as the list has it, unless it is the same or later."""
        listed = self.listed.get(chat.chat_id)
        if listed is None:
            return chat
        given = KnownMessage.of_chat(chat)
        later = given.at is not None and listed.last.at is not None and given.at > listed.last.at
        if later or listed.last.at is None or given.same_as(listed.last):
            return chat
        facts = listed.facts
        return replace(
            chat,
            last_message=facts.last_message,
            last_message_at=facts.last_message_at,
            last_message_direction=facts.last_message_direction,
        )


async def read_changes(client: NewestChatsClient, needed: float) -> Changes:
    """Read the list down to the place ``needed``, to its end or as far as it goes.

    Infinity is its top: of use to the next run only. At most eleven requests. A page that cannot be
    had, and a list that is not in the order of last messages, leave what was read until then.
    """
    for types in TYPES:
        page = await client.chats(0, types=types)
        if not isinstance(page, Failure) or page.status != 400:
            break
    listed: dict[str, ListedChat] = {}
    changes = Changes(listed, types=frozenset(types or ("u2i",)))
    offset, upper = 0, math.inf
    while True:
        if isinstance(page, Failure):
            if needed < math.inf:
                logger.warning("What has changed is not known: the list of chats: %s", page.reason)
            break
        fresh = [one for one in page if one.chat_id not in listed]
        if offset == 0:
            changes.newest = max((one.updated or 0.0 for one in page), default=None)
        for one in fresh:
            if not in_order(one.entry, upper):
                logger.warning("The API's list is not in the order of last messages")
                changes.read_to, changes.newest = math.inf, None
                return changes
            listed[one.chat_id] = one
            upper = one.updated or 0.0
        changes.read_to = upper if page else -math.inf
        offset += len(page)
        if not page or upper < needed or offset > LAST_OFFSET:
            break
        page = await client.chats(offset, types=types)
    return changes


def since(fetched_at: float | None, compared_at: float | None) -> float:
    """When a chat was certainly as it is stored, in Unix seconds of Avito's clock.

    Args:
        fetched_at: when it was fetched, by this computer's clock.
        compared_at: top of the list before it was last asked for or compared (``NEWEST``).
    """
    fetched = -math.inf if fetched_at is None else fetched_at - CLOCKS
    return max(fetched, -math.inf if compared_at is None else compared_at)


def lowest(moments: Iterable[float]) -> float:
    """How far down the list must be read to tell of all; those that were never fetched aside."""
    return min((one for one in moments if one > -math.inf), default=-math.inf)
