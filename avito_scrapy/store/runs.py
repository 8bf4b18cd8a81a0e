"""Runs: when, for which account, why they ended, their figures. The contacts they bought: each is
written down before the request that may cost money. The access tokens that the next run takes."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update

from avito_scrapy.store.database import Database, StoreTables
from avito_scrapy.store.schema import purchases, runs, tokens

State = Literal["intended", "bought", "not_bought"]


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


class Runs(StoreTables):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._accounts: dict[int, int] = {}

    def start(self, spider: str) -> int:
        """Note that ``spider`` starts; gives the number of the run."""
        new = insert(runs).values(spider=spider, started_at=time.time()).returning(runs.c.id)
        with self._database.write() as connection:
            return int(connection.execute(new).scalar_one())

    def set_account(self, run_id: int, account_id: int, inputs: int) -> None:
        """Note whose chats the run is about, and how many it was given."""
        self._update(run_id, account_id=account_id, inputs=inputs)
        self._accounts[run_id] = account_id

    def account(self, run_id: int) -> int:
        """The account of a run.

        Raises:
            LookupError: ``set_account`` was not called for it.
        """
        if run_id not in self._accounts:
            found = self._database.rows(select(runs.c.account_id).where(runs.c.id == run_id))
            if not found or found[0].account_id is None:
                raise LookupError(f"run {run_id} has no account yet: set_account comes first")
            self._accounts[run_id] = found[0].account_id
        return self._accounts[run_id]

    def finish(self, run_id: int, reason: str, figures: Mapping[str, float]) -> None:
        kept = json.dumps(dict(figures))
        self._update(run_id, finished_at=time.time(), reason=reason, figures=kept)

    def _update(self, run_id: int, **values: Any) -> None:
        with self._database.write() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(values))

    def figure(self, run_ids: Collection[int], name: str) -> dict[int, float]:
        """The figure ``name`` of those of the runs that have it."""
        found: dict[int, float] = {}
        with self._database.read() as connection:
            for run_id in run_ids:
                wanted = select(runs.c.figures).where(runs.c.id == run_id)
                value = _figures(connection.execute(wanted).scalar() or "{}").get(name)
                if isinstance(value, (int, float)):
                    found[run_id] = float(value)
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
        return next(map(_run, self._database.rows(wanted)), None)

    def latest(self, count: int, account_id: int | None = None) -> list[Run]:
        """The newest ``count`` runs, the newest first; of the account only if one is given, and
        those that ended before they knew theirs."""
        wanted = select(runs).order_by(runs.c.id.desc()).limit(count)
        if account_id is not None:
            own = or_(runs.c.account_id == account_id, runs.c.account_id.is_(None))
            wanted = wanted.where(own)
        return [_run(row) for row in self._database.rows(wanted)]


def _run(row: Row[Any]) -> Run:
    def when(seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, timezone.utc)

    return Run(
        id=row.id,
        spider=row.spider,
        account_id=row.account_id,
        inputs=row.inputs,
        started_at=when(row.started_at),
        finished_at=None if row.finished_at is None else when(row.finished_at),
        reason=row.reason,
        figures=_figures(row.figures),
    )


def _figures(text: str) -> dict[str, float]:
    try:
        kept = json.loads(text)
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


@dataclass(frozen=True)
class Purchase:
    """One line of the ledger; ``resume_id`` and ``chat_id`` are None once the person is forgotten.

    ``intended`` for as long as nobody knows whether Avito took money: the run died between the
    request and its answer.
    """

    id: int
    run_id: int
    account_id: int
    resume_id: str | None
    chat_id: str | None
    state: State


class Purchases(StoreTables):
    def intend(self, run_id: int, account_id: int, resume_id: str, chat_id: str) -> int:
        """Write down that a contact is about to be bought; on the disk when this returns."""
        new = insert(purchases).values(
            run_id=run_id,
            account_id=account_id,
            resume_id=resume_id,
            chat_id=chat_id,
            state="intended",
            intended_at=time.time(),
        )
        with self._database.write(durable=True) as connection:
            return int(connection.execute(new.returning(purchases.c.id)).scalar_one())

    def settle(self, purchase_id: int, state: Literal["bought", "not_bought"]) -> None:
        settled = update(purchases).values(state=state, settled_at=time.time())
        with self._database.write(durable=True) as connection:
            connection.execute(settled.where(purchases.c.id == purchase_id))

    def open_budget_spent(self, account_id: int) -> int:
        """How much of a budget runs that did not finish have used: what a killed run leaves.

        Counts what was bought, or intended with nobody knowing the end of it, since the last
        resumes run of the account that ended as ``finished``.
        """
        last = (
            select(func.coalesce(func.max(runs.c.id), 0))
            .where(
                runs.c.spider == "resumes",
                runs.c.account_id == account_id,
                runs.c.reason == "finished",
            )
            .scalar_subquery()
        )
        wanted = select(func.count()).where(
            purchases.c.account_id == account_id,
            purchases.c.state != "not_bought",
            purchases.c.run_id > last,
        )
        [(count,)] = self._database.rows(wanted)
        return int(count)

    def intended(self, account_id: int) -> list[Purchase]:
        """Those whose end is not known, oldest first. What was forgotten is left out."""
        return self._list(
            purchases.c.account_id == account_id,
            purchases.c.state == "intended",
            purchases.c.resume_id.is_not(None),
        )

    def all(self, account_id: int) -> list[Purchase]:
        return self._list(purchases.c.account_id == account_id)

    def _list(self, *conditions: ColumnElement[bool]) -> list[Purchase]:
        columns = [purchases.c[name] for name in Purchase.__dataclass_fields__]
        wanted = select(*columns).where(*conditions).order_by(purchases.c.id)
        return [Purchase(*row) for row in self._database.rows(wanted)]


@dataclass(frozen=True)
class StoredToken:
    """An access token (kept out of ``repr``) and when it ends, in Unix seconds."""

    value: str = field(repr=False)
    expires_at: float


class Tokens(StoreTables):
    """The table of tokens. ``key`` says for whom: a hash of the API's address and the client id."""

    def get(self, key: str) -> StoredToken | None:
        """The token kept for ``key``, also one that has ended; None when there is none."""
        wanted = select(tokens.c.value, tokens.c.expires_at).where(tokens.c.key == key)
        return next((StoredToken(*row) for row in self._database.rows(wanted)), None)

    def put(self, key: str, token: StoredToken) -> None:
        """Keep ``token`` for ``key`` in place of the one before."""
        with self._database.write() as connection:
            connection.execute(delete(tokens).where(tokens.c.key == key))
            connection.execute(
                insert(tokens).values(key=key, value=token.value, expires_at=token.expires_at)
            )

    def drop(self, key: str) -> None:
        """Forget the token of ``key``; nothing happens when there is none."""
        with self._database.write() as connection:
            connection.execute(delete(tokens).where(tokens.c.key == key))
