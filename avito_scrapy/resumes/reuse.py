"""Whether what is stored of a chat still holds, so that nothing need be asked."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Literal

from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.checkpoint import KEEP_S
from avito_scrapy.store.outcomes import Outcomes
from avito_scrapy.store.runs import Runs
from avito_scrapy.times import parse_iso

_OWN = [f.name for f in fields(Chat)]
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

    def __init__(self, outcomes: Outcomes, account_id: int, policy: ReusePolicy) -> None:
        self._outcomes = outcomes
        self._account_id = account_id
        self._policy = policy

    def find(self, chat: Chat, application: ApplicationFacts | None) -> ChatResume | None:
        """The stored result of ``chat``; None: ask anew."""
        stored = self._outcomes.get(self._account_id, chat.chat_id)
        return None if stored is None else reused(chat, stored, application, self._policy)


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
    chat: Chat, stored: ChatResume, application: ApplicationFacts | None, policy: ReusePolicy
) -> ChatResume | None:
    """The stored record with the chat's own fields as they are given now; None: ask anew."""
    fetched = parse_iso(stored.fetched_at)
    if fetched is None or policy.now - fetched > policy.max_age:
        return None
    if stored.outcome in (None, "failed") or not _agrees(stored, application):
        return None
    if policy.messages and stored.outcome in _CANDIDATES and stored.chat_status == "unknown":
        return None
    if _lacks_contacts(stored, policy.contacts) or not _unchanged(chat, stored, fetched, policy):
        return None
    given = {name: getattr(chat, name) for name in _OWN}
    told = {name: value for name, value in given.items() if value is not None}
    return replace(stored, **told, from_store=True)


def _agrees(stored: ChatResume, application: ApplicationFacts | None) -> bool:
    """An application that Avito no longer lists (it has an earliest day) has still been made."""
    if application is None:
        return True
    return (stored.application_id, stored.resume_id) == (application.id, application.resume_id)


def _unchanged(chat: Chat, stored: ChatResume, fetched: datetime, policy: ReusePolicy) -> bool:
    ours = policy.continues is not None and fetched >= policy.continues
    if policy.refresh and not ours:
        return False
    # The page alone tells the time to a minute or a day: two messages may have the same.
    for told, kept in (
        (chat.last_message, stored.last_message),
        (chat.last_message_direction, stored.last_message_direction),
    ):
        if None not in (told, kept) and told != kept:
            return False
    now, before = parse_iso(chat.last_message_at), parse_iso(stored.last_message_at)
    if now is not None:
        return now == before
    # The messenger was looked at and shows no message, and Avito's API told of none.
    said = (one.last_message or one.last_message_direction for one in (chat, stored))
    silent = before is None and not any(said) and chat.collected_at is not None
    return ours or silent


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
