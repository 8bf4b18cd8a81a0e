"""Whether what is stored of a chat still holds, so that nothing need be asked.

What has changed since is asked of the API's list and not believed of the input. The list shows the
newest 1,100 chats. A chat that is not among them, and was as it is now when the oldest of them had
its last message, has not changed.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from avito_scrapy.avito.chat_list import LAST_OFFSET, KnownMessage, ListedChat, in_order
from avito_scrapy.avito.results import ApplicationFacts, Failure
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.checkpoint import KEEP_S
from avito_scrapy.store.outcomes import Outcomes
from avito_scrapy.store.runs import Runs
from avito_scrapy.times import iso_to_seconds, parse_iso, same_moment

logger = logging.getLogger(__name__)

NEWEST = "avito/chat_list/newest"
"""Stat: place of the list's top (Unix seconds of Avito's) before each chat of the run was either
asked for or compared with the list: all were so then, or later."""
CLOCKS = timedelta(hours=2).total_seconds()
"""How far the moments of this computer are trusted against Avito's: an hour is often wrong."""
TYPES = (("u2i", "u2u"), ())
"""Types of chats to ask for, then Avito's own choice, which is the first of them."""
_LAST_MESSAGE = ("last_message", "last_message_at", "last_message_direction")
_CANDIDATES = ("found", "resume_removed", "no_resume")


class NewestChatsClient(Protocol):
    """What the list is read with; see ``AvitoClient``."""

    async def chats(
        self, offset: int = 0, *, types: Sequence[str] = ()
    ) -> list[ListedChat] | Failure: ...


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
        return replace(chat, **{name: getattr(listed.facts, name) for name in _LAST_MESSAGE})


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


@dataclass(frozen=True)
class ReusePolicy:
    """When a stored result is taken instead of asking anew.

    ``continues``: when the run before started, if it did not finish and this one goes on with it.
    ``refresh``: only what that one has fetched may be taken.
    """

    now: datetime
    max_age: timedelta
    messages: bool
    contacts: Literal["free", "none", "all"]
    continues: datetime | None = None
    refresh: bool = False


@dataclass(frozen=True)
class StoredResults:
    """What earlier runs found out about an account's chats, as far as it still holds.

    Attributes:
        outcomes: the store's.
        account_id: whose chats they are.
        policy: what may be taken.
        changes: what the API's list of chats says.
        since: by chat when it was certainly as it is stored.
    """

    outcomes: Outcomes
    account_id: int
    policy: ReusePolicy
    changes: Changes = field(default_factory=Changes)
    since: Mapping[str, float] = field(default_factory=dict)

    def find(self, chat: Chat, application: ApplicationFacts | None) -> ChatResume | None:
        """The stored result of ``chat``; None: ask anew."""
        stored = self.outcomes.get(self.account_id, chat.chat_id)
        if stored is None:
            return None
        since = self.since.get(chat.chat_id, -math.inf)
        unchanged = self.changes.unchanged(stored, since)
        return reused(chat, stored, application, self.policy, unchanged)


def unfinished_since(
    runs: Runs, run_id: int, now: datetime, account_id: int | None = None
) -> datetime | None:
    """When the unfinished runs that this one continues began; None when the last one finished."""
    since: datetime | None = None
    before = runs.last("resumes", run_id, account_id)
    while before is not None and before.reason != "finished":
        if (now - before.started_at).total_seconds() > KEEP_S:
            break
        since = before.started_at
        before = runs.last("resumes", before.id, account_id)
    return since


def reused(
    chat: Chat,
    stored: ChatResume,
    application: ApplicationFacts | None,
    policy: ReusePolicy,
    unchanged: bool | None = None,
) -> ChatResume | None:
    """The stored record with the chat's own fields as they are given now; None: ask anew.

    ``unchanged``: what Avito says of the chat; None: only the input tells.
    """
    fetched = parse_iso(stored.fetched_at)
    if fetched is None or policy.now - fetched > policy.max_age:
        return None
    if stored.outcome in (None, "failed") or not _agrees(stored, application):
        return None
    if policy.messages and stored.outcome in _CANDIDATES and stored.chat_status == "unknown":
        return None
    if _lacks_contacts(stored, policy.contacts):
        return None
    if policy.refresh and not _is_of_this_run(fetched, policy):
        return None
    if unchanged is None:
        unchanged = _unchanged(chat, stored, fetched, policy)
    if not unchanged:
        return None
    given = dict(vars(chat))
    if _is_older(chat, stored):
        given |= dict.fromkeys(_LAST_MESSAGE)
    own = {name: value for name, value in given.items() if value is not None}
    return replace(stored, **own, from_store=True)


def _agrees(stored: ChatResume, application: ApplicationFacts | None) -> bool:
    """An application that Avito no longer lists (it has an earliest day) has still been made."""
    if application is None:
        return True
    return (stored.application_id, stored.resume_id) == (application.id, application.resume_id)


def _is_of_this_run(fetched: datetime, policy: ReusePolicy) -> bool:
    """Whether this run has fetched it, or the unfinished one that it continues."""
    return policy.continues is not None and fetched >= policy.continues


def _is_older(chat: Chat, stored: ChatResume) -> bool:
    """Whether the input knows an earlier last message than the store."""
    given, known = iso_to_seconds(chat.last_message_at), iso_to_seconds(stored.last_message_at)
    return given is not None and known is not None and given < known


def _unchanged(chat: Chat, stored: ChatResume, fetched: datetime, policy: ReusePolicy) -> bool:
    # The page alone tells the time to a minute or a day: two messages may have the same.
    for shown, kept in (
        (chat.last_message, stored.last_message),
        (chat.last_message_direction, stored.last_message_direction),
    ):
        if None not in (shown, kept) and shown != kept:
            return False
    now, before = parse_iso(chat.last_message_at), parse_iso(stored.last_message_at)
    if now is not None:
        return before is not None and same_moment(now.timestamp(), before.timestamp())
    # The messenger was looked at and shows no message, and Avito's API told of none.
    last_messages = (
        record.last_message or record.last_message_direction for record in (chat, stored)
    )
    silent = before is None and not any(last_messages) and chat.collected_at is not None
    return silent or _is_of_this_run(fetched, policy)


def _lacks_contacts(stored: ChatResume, wanted: str) -> bool:
    """Whether the run wants contacts that the one before did not."""
    if stored.outcome == "found" and wanted != "none" and _may_be_read_now(stored.reason):
        return True
    if stored.outcome != "found" or stored.match == "application" or wanted == "none":
        return False
    if stored.phone or stored.email or stored.full_name:
        return False
    return stored.is_purchased is not False or wanted == "all"


def _may_be_read_now(reason: Reason | None) -> bool:
    """Whether contacts that could not be read are worth another request.

    Not those of a resume that is "not available" (400) or gone (404): Avito would say so again.
    """
    if reason is None or reason.code != "contacts_unreadable":
        return False
    cause = reason.values.get("cause")
    return cause not in (Reason("gone"), Reason("status", status=400))
