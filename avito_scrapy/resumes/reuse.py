"""Whether what is stored of a chat still holds, so that nothing need be asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Literal

from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.changes import Changes
from avito_scrapy.resumes.checkpoint import KEEP_S
from avito_scrapy.store.outcomes import Outcomes
from avito_scrapy.store.runs import Runs
from avito_scrapy.times import iso_to_seconds, parse_iso, same_moment

_OWN = [f.name for f in fields(Chat)]
_LAST_MESSAGE = ("last_message", "last_message_at", "last_message_direction")
_CANDIDATES = ("found", "resume_removed", "no_resume")


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


class StoredResults:
    """What earlier runs found out about an account's chats, as far as it still holds."""

    def __init__(
        self,
        outcomes: Outcomes,
        account_id: int,
        policy: ReusePolicy,
        changes: Changes | None = None,
        since: Mapping[str, float] = {},
    ) -> None:
        """
        Args:
            outcomes: the store's.
            account_id: whose chats they are.
            policy: what may be taken.
            changes: what the API's list of chats says.
            since: by chat when it was certainly as it is stored.
        """
        self._outcomes = outcomes
        self._account_id = account_id
        self._policy = policy
        self._changes = changes or Changes()
        self._since = since

    def find(self, chat: Chat, application: ApplicationFacts | None) -> ChatResume | None:
        """The stored result of ``chat``; None: ask anew."""
        stored = self._outcomes.get(self._account_id, chat.chat_id)
        if stored is None:
            return None
        since = self._since.get(chat.chat_id, -math.inf)
        unchanged = self._changes.unchanged(stored, since)
        return reused(chat, stored, application, self._policy, unchanged)


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
    if _lacks_contacts(stored, policy.contacts) or _must_refresh(fetched, policy):
        return None
    if unchanged is None:
        unchanged = _unchanged(chat, stored, fetched, policy)
    if not unchanged:
        return None
    given = {name: getattr(chat, name) for name in _OWN}
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


def _must_refresh(fetched: datetime, policy: ReusePolicy) -> bool:
    return policy.refresh and not _is_of_this_run(fetched, policy)


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
