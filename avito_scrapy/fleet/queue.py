"""The queue: one job an account, in Procrastinate's tables; what a cycle runs and hands on."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from psycopg import AsyncConnection
from psycopg import Error as PostgresError
from psycopg_pool import PoolTimeout

from avito_scrapy.errors import UsageError
from avito_scrapy.store.database import CONNECT_S, parse_url, where

logger = logging.getLogger(__name__)

Commands = Sequence[Sequence[str]]

CYCLE: Commands = (
    ("chats", "-a", "source=api", "-a", "until=known"),
    ("resumes",),
)
"""Arguments of ``scrapy crawl``, one command after another."""
WHOLE_CYCLE: Commands = (
    ("chats", "-a", "source=api"),
    ("resumes",),
)
"""The same without leaving out what is known, once a night."""
NIGHT_HOUR = 2
"""From this hour on a day's whole cycle is due."""

# As deploy/crawl-both.sh: a scroll that did not see everything is no reason to stop.
GOES_ON = frozenset((0, 3, 8, 9))
WRONG_USAGE = 2
_SOON = timedelta(seconds=15)
_LONGEST = timedelta(hours=4)

TASK = "avito_cycle"
HEARTBEAT_S = 10.0
STALLED_S = 40.0
"""A worker that has been silent for so long is dead; its jobs are given to others."""
UNREACHABLE = (ConnectorException, PostgresError, PoolTimeout, OSError)
_LOCK = 0x666C_6565  # any number that nobody else locks: "flee"
_MIN_CONNECTIONS = 2
_TODO, _DOING = Status.TODO.value, Status.DOING.value


@dataclass(frozen=True)
class State:
    """What a cycle hands on to the account's next one. Times are ISO 8601."""

    failures: int = 0
    """Cycles that failed since the last that did not."""
    whole_on: str | None = None
    """Day of the last whole cycle."""
    ended_at: str | None = None
    status: int | None = None
    seconds: float | None = None
    machine: str | None = None

    @classmethod
    def parse(cls, given: Any) -> State:
        """Read what a job holds; what another version wrote is taken as far as it is known."""
        known = given if isinstance(given, dict) else {}
        return cls(**{name: known[name] for name in cls.__dataclass_fields__ if name in known})

    def after(self, status: int, ended: datetime, seconds: float, machine: str) -> State:
        """The state after a cycle that ended with ``status``."""
        return replace(
            self,
            failures=0 if status in GOES_ON else self.failures + 1,
            ended_at=ended.replace(microsecond=0).isoformat(),
            status=status,
            seconds=round(seconds, 1),
            machine=machine,
        )

    def whole_is_due(self, now: datetime) -> bool:
        """Whether the next cycle is to be a whole one; ``now`` in the account's zone."""
        day = now.date().isoformat()
        return self.whole_on is None or (now.hour >= NIGHT_HOUR and self.whole_on != day)

    def wait(self, every: timedelta) -> timedelta:
        """How long after the start of a cycle the next one is due: longer after each failure.

        Wrong usage is tried again soon at first: another run may have had the account.
        """
        if not self.failures:
            return every
        first = min(_SOON, every) if self.status == WRONG_USAGE else every
        grown: timedelta = first * 2 ** min(self.failures - 1, 20)
        return min(grown, max(_LONGEST, every))


@dataclass(frozen=True)
class FleetAccount:
    """An account in the queue: its last cycle, and when the next one is due or who runs it."""

    name: str
    state: State
    running: bool
    due_at: datetime | None


class CycleQueue:
    """The jobs of the accounts. A job's lock and queue are the account's name, so that one cycle
    an account runs at a time and a machine takes only accounts whose keys it has."""

    def __init__(self, app: App) -> None:
        self.app = app

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str) -> AsyncIterator[CycleQueue]:
        """Open the queue in the database of the store, making its tables when they are missing.

        Raises:
            UsageError: ``url`` is not PostgreSQL's.
        """
        parsed = parse_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise UsageError("AVITO_STORE_URL: a fleet needs PostgreSQL, postgresql://...")
        address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
        # The pool would try for half a minute before it says that nobody is there.
        await (await AsyncConnection.connect(address, connect_timeout=CONNECT_S)).close()
        connector = PsycopgConnector(
            conninfo=address,
            kwargs={"connect_timeout": CONNECT_S, "application_name": "avito fleet"},
            min_size=_MIN_CONNECTIONS,
            timeout=CONNECT_S,
        )
        async with App(connector=connector).open_async() as app:
            async with connector.pool.connection() as connection:
                # Of two that start together the second waits, then finds nothing to do.
                await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
                if not await app.check_connection_async():
                    await app.schema_manager.apply_schema_async()
            yield cls(app)

    async def put(self, name: str, state: State, due_at: datetime | None = None) -> bool:
        """Put the account's next cycle into the queue; false when there is one already."""
        try:
            await self.app.configure_task(
                TASK, queue=name, lock=name, queueing_lock=name, schedule_at=due_at
            ).defer_async(name=name, state=asdict(state))
        except AlreadyEnqueued:
            return False
        return True

    async def put_missing(self, names: Iterable[str]) -> None:
        """Put a cycle into the queue for each account that has none there and none at work."""
        there = {job.queue for job in await self._jobs()}
        for name in names:
            if name not in there:
                await self.put(name, State())

    async def put_now(self, name: str) -> None:
        """Have the account's next cycle run as soon as a worker is free."""
        await self.put(name, await self.take_out(name))

    async def take_out(self, name: str) -> State:
        """Take the account's next cycle out of the queue; gives what is known of its last."""
        state = State()
        for job in await self._jobs(name):
            state = State.parse(job.task_kwargs.get("state"))
            if job.status == _TODO and job.id is not None:
                await self.app.job_manager.cancel_job_by_id_async(job.id, delete_job=True)
        return state

    async def rescue(self) -> None:
        """Give the cycles of dead workers to others."""
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(
            task_name=TASK, seconds_since_heartbeat=STALLED_S
        ):
            logger.warning("%s: its worker is dead, the cycle is taken up again", job.queue)
            try:
                await manager.retry_job(job)
            except ConnectorException:
                # Somebody else was faster, or a cycle of this account waits already.
                await manager.finish_job(job, Status.ABORTED, delete_job=True)

    async def accounts(self) -> list[FleetAccount]:
        """Every account that has a job, by its name."""
        found: dict[str, FleetAccount] = {}
        for job in await self._jobs():
            state, running = State.parse(job.task_kwargs.get("state")), job.status == _DOING
            found[job.queue] = FleetAccount(job.queue, state, running, job.scheduled_at)
        return [found[name] for name in sorted(found)]

    async def workers(self) -> int:
        rows = await self.app.connector.execute_query_all_async(
            "SELECT count(*) AS alive FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %(seconds)s)",
            seconds=STALLED_S,
        )
        return int(rows[0]["alive"])

    async def _jobs(self, name: str | None = None) -> list[Job]:
        """Those that wait, then those at work."""
        # In one question: between two an account's cycle may end and its next be put in.
        jobs = await self.app.job_manager.list_jobs_async(queue=name, task=TASK)
        return [job for status in (_TODO, _DOING) for job in jobs if job.status == status]


def unreachable(url: str) -> str:
    return f"{where(parse_url(url))} cannot be reached"


def utcnow() -> datetime:
    return datetime.now(timezone.utc)
