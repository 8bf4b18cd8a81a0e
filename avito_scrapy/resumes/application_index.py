"""The index of applications: by chat, with the resume of each.

It is kept across runs: read on from its last change, now and then anew.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Protocol

from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.parsing import ApplicationBatch
from avito_scrapy.avito.results import ApplicationFacts, Failure, ListedApplication
from avito_scrapy.reasons import Reason
from avito_scrapy.store.applications import IndexState, StoredApplications
from avito_scrapy.times import iso_to_seconds

logger = logging.getLogger(__name__)
# Share of the listed applications that Avito may keep to itself (withdrawn meanwhile, say) before
# the others are doubted.
MOST_MISSING = 0.05
MOST_APPLICATIONS = 300_000
"""A list that goes on after so many does not end."""
POLL_EVERY_S = 300.0
"""Avito's rule: applications are to be asked for no more often."""
SHORT_WAIT_S = 15.0
"""A run that is sooner by no more than this waits; one every five minutes is now and then."""
WHOLE_EVERY_S = 7 * 86_400.0
_DAY_S = 86_400.0


class ApplicationIndex:
    """Applications by chat.

    Attributes:
        incomplete: why the index is not whole; None when it is. With it, that a chat is not in
            the index does not mean that there is no application.
        missing: how many Avito lists and does not return.
        as_of: when it was read, in Unix seconds of Avito's clock; None: now.
        resumes: those that came with an application, whichever chat it belongs to.
    """

    def __init__(self) -> None:
        self.incomplete: Reason | None = None
        self.missing = 0
        self.as_of: float | None = None
        self.resumes: set[str] = set()
        self._by_chat: dict[str, ApplicationFacts] = {}

    def add(self, applications: Iterable[ApplicationFacts]) -> None:
        """Take applications in, whatever their order: the newest with a resume counts."""
        for application in applications:
            if application.resume_id:
                self.resumes.add(application.resume_id)
            if not application.chat_id:
                continue
            there = self._by_chat.get(application.chat_id)
            if there is None or self._rank(application) > self._rank(there):
                self._by_chat[application.chat_id] = application

    @staticmethod
    def _rank(application: ApplicationFacts) -> tuple[bool, float, str]:
        return (application.resume_id is not None, application.created, application.id)

    def get(self, chat_id: str) -> ApplicationFacts | None:
        """The application of a chat."""
        return self._by_chat.get(chat_id)

    def unknown(self, *last_messages: str | None) -> Reason | None:
        """Why an application may be missing of a chat whose last message was then (the latest of
        several accounts of it counts); None: none is."""
        if self.incomplete:
            return Reason("applications_unreadable", cause=self.incomplete)
        if self.as_of is None:
            return None
        moments = [at for at in map(iso_to_seconds, last_messages) if at is not None]
        # The API tells whole seconds.
        if moments and max(moments) + 1.0 <= self.as_of:
            return None
        return Reason("applications_too_soon")

    def __len__(self) -> int:
        return len(self._by_chat)


class ApplicationsClient(Protocol):
    """Requests that the index needs; see ``AvitoClient``."""

    async def application_ids(
        self, since: date, cursor: str = ""
    ) -> list[ListedApplication] | Failure: ...

    async def applications(self, ids: Sequence[str], today: date) -> ApplicationBatch: ...


async def read_index(
    client: ApplicationsClient,
    chats: Collection[str],
    since: date,
    today: date,
    keep: Callable[[list[ApplicationFacts]], None] = lambda found: None,
    known: Mapping[str, float] = {},
) -> ApplicationIndex:
    """The applications of ``chats``: ids page after page, the applications of each beside them.

    A page or a batch that cannot be had, or many applications that are listed and not told of,
    leave the index ``incomplete``.

    Args:
        client: requests them.
        chats: those that matter.
        since: first day of the index (by the applications' last change).
        today: for ages.
        keep: called with the applications of each answer, those of other chats too.
        known: last changes of applications, by id, that are not asked for unless they changed.
    """

    async def ask(ids: list[str]) -> ApplicationBatch:
        batch = await client.applications(ids, today)
        keep(batch.found)
        # Of other chats no more stays in memory than whose resumes came with an application.
        batch.found = [
            facts
            if facts.chat_id in chats
            else ApplicationFacts(facts.id, "", 0.0, facts.resume_id)
            for facts in batch.found
            if facts.chat_id in chats or facts.resume_id
        ]
        return batch

    index = ApplicationIndex()
    batches: list[asyncio.Task[ApplicationBatch]] = []
    listed: set[str] = set()
    waiting: list[str] = []
    cursor = ""
    try:
        while True:
            if len(listed) > MOST_APPLICATIONS:
                index.incomplete = Reason("applications_endless")
                break
            page = await client.application_ids(since, cursor)
            if isinstance(page, Failure):
                index.incomplete = page.reason
                break
            # A cursor that leads back to what is known ends the list like an empty page does.
            new = [one for one in page if one.id not in listed]
            if not new:
                break
            listed.update(one.id for one in new)
            cursor = page[-1].id
            # A day's changes on several pages of the list fit into one request.
            waiting += [
                one.id for one in new if not one.updated or known.get(one.id) != one.updated
            ]
            while len(waiting) >= PAGE:
                batches.append(asyncio.ensure_future(ask(waiting[:PAGE])))
                del waiting[:PAGE]
        if waiting:
            batches.append(asyncio.ensure_future(ask(waiting)))
        for batch in await asyncio.gather(*batches):
            index.add(batch.found)
            index.missing += batch.missing
            if batch.failure is not None:
                index.incomplete = batch.failure.reason
            elif batch.unreadable:
                index.incomplete = Reason("application_chats_odd")
    finally:
        for task in batches:
            task.cancel()
    if index.missing > MOST_MISSING * len(listed):
        index.incomplete = Reason("applications_missing")
    elif index.missing:
        logger.warning("Avito lists %d applications that it does not tell of", index.missing)
    if index.incomplete:
        logger.error("Applications could not be read to the end: %s", index.incomplete)
    return index


@dataclass
class KeptIndex:
    """The index of an account's applications.

    Attributes:
        client: requests them.
        kept: the store's tables.
        account_id: whose applications they are.
        now: the present.
        clock_behind: seconds by which ``now`` is behind Avito's clock; None: not known.
        wait: sleeps so many seconds.
    """

    client: ApplicationsClient
    kept: StoredApplications
    account_id: int
    now: datetime
    clock_behind: float | None = None
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def read(
        self, chats: Collection[str], since: date, today: date, *, refresh: bool = False
    ) -> ApplicationIndex:
        """The applications of ``chats``.

        What changed since the last reading is read, with a day's overlap; everything when there is
        none that reaches back to ``since``, after a week, or with ``refresh``.
        """
        state = self.kept.state(self.account_id)
        if state is not None and date.fromisoformat(state.since) > since:
            state = None
        if state is not None and not refresh and await self._is_fresh(state):
            index = ApplicationIndex()
            index.add(self._wanted(chats, since))
            # Where Avito's clock is not known nothing is certain to be older than the index.
            behind = -math.inf if self.clock_behind is None else self.clock_behind
            index.as_of = state.polled_at + behind
            return index
        first = since
        if state is not None and not refresh and self._may_go_on(state):
            changed = datetime.fromtimestamp((state.changed_to or 0.0) - _DAY_S, timezone.utc)
            first = max(since, changed.date())
        known = {} if first == since else self._changes_of(first)
        read_at = self.now.timestamp()
        newest = 0.0 if state is None else state.changed_to or 0.0

        def keep(found: list[ApplicationFacts]) -> None:
            nonlocal newest
            newest = max([newest, *(one.updated for one in found)])
            self.kept.put(self.account_id, read_at, found)

        index = await read_index(self.client, chats, first, today, keep, known)
        if index.incomplete is None:
            reading = IndexState(since.isoformat(), read_at, read_at, newest or None)
            if state is not None and first != since:
                reading = reading._replace(since=state.since, whole_at=state.whole_at)
            self.kept.finish(self.account_id, reading)
        if first != since or index.incomplete is not None:
            index.add(self._wanted(chats, since))
        return index

    async def _is_fresh(self, state: IndexState) -> bool:
        """Whether it is too soon to ask again."""
        age = self.now.timestamp() - state.polled_at
        if not 0 <= age < POLL_EVERY_S:  # a clock that was set back says nothing
            return False
        if POLL_EVERY_S - age <= SHORT_WAIT_S:
            await self.wait(POLL_EVERY_S - age)
            self.now += timedelta(seconds=POLL_EVERY_S - age)
            return False
        logger.info(
            "Applications are those of %d s ago: Avito allows asking every five minutes", age
        )
        return True

    def _may_go_on(self, state: IndexState) -> bool:
        age = self.now.timestamp() - state.whole_at
        return state.changed_to is not None and -_DAY_S < age < WHOLE_EVERY_S

    def _changes_of(self, first: date) -> dict[str, float]:
        """Last changes of the applications since a day, by id; of those that were understood."""
        start = _start(first) - _DAY_S
        kept = self.kept.all(self.account_id)
        return {one.id: one.updated for one in kept if one.updated >= start and one.resume_known}

    def _wanted(self, chats: Collection[str], since: date) -> Iterator[ApplicationFacts]:
        start = _start(since)
        for one in self.kept.all(self.account_id):
            if one.updated and one.updated < start - _DAY_S:
                continue
            yield one if one.chat_id in chats else one._replace(chat_id="")


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp()
