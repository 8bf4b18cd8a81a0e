"""Runs: when, for which account, why they ended, their figures."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import runs


@dataclass(frozen=True)
class Run:
    """One run of a spider. A run that was killed has no ``finished_at`` and no ``reason``.

    ``inputs`` is how many chats it was given; ``figures`` its ``avito/...`` stats.
    """

    id: int
    spider: str
    account_id: int | None
    inputs: int | None
    started_at: datetime
    finished_at: datetime | None
    reason: str | None
    figures: dict[str, float]


class Runs:
    """The table of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._accounts: dict[int, int] = {}

    def start(self, spider: str) -> int:
        """Note that ``spider`` starts; gives the number of the run."""
        with self._database.write() as connection:
            added = connection.execute(
                insert(runs).values(spider=spider, started_at=time.time()).returning(runs.c.id)
            )
            return int(added.scalar_one())

    def set_account(self, run_id: int, account_id: int, inputs: int) -> None:
        """Note whose chats the run is about, and how many it was given."""
        with self._database.write() as connection:
            connection.execute(
                update(runs).where(runs.c.id == run_id).values(account_id=account_id, inputs=inputs)
            )
        self._accounts[run_id] = account_id

    def account(self, run_id: int) -> int:
        """The account of a run.

        Raises:
            LookupError: ``set_account`` was not called for it.
        """
        if run_id not in self._accounts:
            with self._database.read() as connection:
                found = connection.execute(
                    select(runs.c.account_id).where(runs.c.id == run_id)
                ).scalar()
            if found is None:
                raise LookupError(f"run {run_id} has no account yet: set_account comes first")
            self._accounts[run_id] = int(found)
        return self._accounts[run_id]

    def finish(self, run_id: int, reason: str, figures: Mapping[str, float]) -> None:
        """Note why the run ended, and its figures."""
        with self._database.write() as connection:
            connection.execute(
                update(runs)
                .where(runs.c.id == run_id)
                .values(finished_at=time.time(), reason=reason, figures=json.dumps(dict(figures)))
            )

    def figure(self, run_ids: Collection[int], name: str) -> dict[int, float]:
        """The figure ``name`` of those of the runs that have it."""
        found: dict[int, float] = {}
        with self._database.read() as connection:
            for run_id in run_ids:
                wanted = select(runs.c.figures).where(runs.c.id == run_id)
                figures = json.loads(connection.execute(wanted).scalar() or "{}")
                if isinstance(figures.get(name), (int, float)):
                    found[run_id] = float(figures[name])
        return found

    def last(
        self, spider: str, before: int | None = None, account_id: int | None = None
    ) -> Run | None:
        """The newest run of ``spider``, however it ended or did not; None when there was none.

        Args:
            before: the number of a run; only runs that started earlier are looked at.
            account_id: only runs known to be about this account are looked at.
        """
        wanted = select(runs).where(runs.c.spider == spider).order_by(runs.c.id.desc()).limit(1)
        if before is not None:
            wanted = wanted.where(runs.c.id < before)
        if account_id is not None:
            wanted = wanted.where(runs.c.account_id == account_id)
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _run(row)

    def latest(self, count: int, account_id: int | None = None) -> list[Run]:
        """The newest ``count`` runs, the newest first; of the account only if one is given, and
        those that ended before they knew theirs."""
        wanted = select(runs).order_by(runs.c.id.desc()).limit(count)
        if account_id is not None:
            own = or_(runs.c.account_id == account_id, runs.c.account_id.is_(None))
            wanted = wanted.where(own)
        with self._database.read() as connection:
            return [_run(row) for row in connection.execute(wanted)]


def _run(row: Row[Any]) -> Run:
    def when(seconds: float | None) -> datetime | None:
        return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc)

    return Run(
        id=row.id,
        spider=row.spider,
        account_id=row.account_id,
        inputs=row.inputs,
        started_at=datetime.fromtimestamp(row.started_at, timezone.utc),
        finished_at=when(row.finished_at),
        reason=row.reason,
        figures=_figures(row.figures),
    )


def _figures(text: str) -> dict[str, float]:
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}
