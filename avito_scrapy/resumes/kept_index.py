"""The index of applications across runs: read on from its last change, now and then anew."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Collection, Iterator
from datetime import date, datetime, timedelta, timezone

from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.resumes.application_index import ApplicationIndex, ApplicationsClient, read_index
from avito_scrapy.store.applications import IndexState, StoredApplications

logger = logging.getLogger(__name__)

POLL_EVERY_S = 300.0
"""Avito's rule: applications are to be asked for no more often."""
SHORT_WAIT_S = 15.0
"""A run that is sooner by no more than this waits; one every five minutes is now and then."""
WHOLE_EVERY_S = 7 * 86_400.0
_DAY_S = 86_400.0


class KeptIndex:
    """The index of an account's applications.

    Args:
        client: requests them.
        kept: the store's tables.
        account_id: whose applications they are.
        now: the present.
        clock_behind: seconds by which ``now`` is behind Avito's clock; None: not known.
        wait: sleeps so many seconds.
    """

    def __init__(
        self,
        client: ApplicationsClient,
        kept: StoredApplications,
        account_id: int,
        now: datetime,
        clock_behind: float | None = None,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._kept = kept
        self._account_id = account_id
        self._now = now
        self._clock_behind = clock_behind
        self._wait = wait

    async def read(
        self, chats: Collection[str], since: date, today: date, *, refresh: bool = False
    ) -> ApplicationIndex:
        """The applications of ``chats``.

        What changed since the last reading is read, with a day's overlap; everything when there is
        none that reaches back to ``since``, after a week, or with ``refresh``.
        """
        state = self._kept.state(self._account_id)
        if state is not None and date.fromisoformat(state.since) > since:
            state = None
        if state is not None and not refresh and await self._is_fresh(state):
            index = ApplicationIndex()
            index.add(self._wanted(chats, since))
            # Where Avito's clock is not known nothing is certain to be older than the index.
            behind = -math.inf if self._clock_behind is None else self._clock_behind
            index.as_of = state.polled_at + behind
            return index
        first = since
        if state is not None and not refresh and self._may_go_on(state):
            changed = datetime.fromtimestamp((state.changed_to or 0.0) - _DAY_S, timezone.utc)
            first = max(since, changed.date())
        known = {} if first == since else self._changes_of(first)
        read_at = self._now.timestamp()
        newest = 0.0 if state is None else state.changed_to or 0.0

        def keep(found: list[ApplicationFacts]) -> None:
            nonlocal newest
            newest = max([newest, *(one.updated for one in found)])
            self._kept.put(self._account_id, read_at, found)

        index = await read_index(self._client, chats, first, today, keep, known)
        if index.incomplete is None:
            whole = state is None or first == since
            state = IndexState(
                since.isoformat() if whole or state is None else state.since,
                read_at if whole or state is None else state.whole_at,
                read_at,
                newest or None,
            )
            self._kept.finish(self._account_id, state)
        if first != since or index.incomplete is not None:
            index.add(self._wanted(chats, since))
        return index

    async def _is_fresh(self, state: IndexState) -> bool:
        """Whether it is too soon to ask again."""
        age = self._now.timestamp() - state.polled_at
        if not 0 <= age < POLL_EVERY_S:  # a clock that was set back says nothing
            return False
        if POLL_EVERY_S - age <= SHORT_WAIT_S:
            await self._wait(POLL_EVERY_S - age)
            self._now += timedelta(seconds=POLL_EVERY_S - age)
            return False
        logger.info(
            "Applications are those of %d s ago: Avito allows asking every five minutes",
            age,
        )
        return True

    def _may_go_on(self, state: IndexState) -> bool:
        age = self._now.timestamp() - state.whole_at
        return state.changed_to is not None and -_DAY_S < age < WHOLE_EVERY_S

    def _changes_of(self, first: date) -> dict[str, float]:
        """Last changes of the applications since a day, by id; of those that were understood."""
        start = _start(first) - _DAY_S
        kept = self._kept.all(self._account_id)
        return {one.id: one.updated for one in kept if one.updated >= start and one.resume_known}

    def _wanted(self, chats: Collection[str], since: date) -> Iterator[ApplicationFacts]:
        start = _start(since)
        for one in self._kept.all(self._account_id):
            if one.updated and one.updated < start - _DAY_S:
                continue
            yield one if one.chat_id in chats else one._replace(chat_id="")


def _start(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp()
