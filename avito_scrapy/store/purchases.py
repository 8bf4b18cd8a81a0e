"""The ledger of bought contacts: each is written down before the request that may cost money."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, func, insert, select, update

from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import purchases, runs

State = Literal["intended", "bought", "not_bought"]


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


class Purchases:
    """The ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def intend(self, run_id: int, account_id: int, resume_id: str, chat_id: str) -> int:
        """Write down that a contact is about to be bought; on the disk when this returns."""
        with self._database.write(durable=True) as connection:
            added = connection.execute(
                insert(purchases)
                .values(
                    run_id=run_id,
                    account_id=account_id,
                    resume_id=resume_id,
                    chat_id=chat_id,
                    state="intended",
                    intended_at=time.time(),
                )
                .returning(purchases.c.id)
            )
            return int(added.scalar_one())

    def settle(self, purchase_id: int, state: Literal["bought", "not_bought"]) -> None:
        """Write down what came of it."""
        with self._database.write(durable=True) as connection:
            connection.execute(
                update(purchases)
                .where(purchases.c.id == purchase_id)
                .values(state=state, settled_at=time.time())
            )

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
        with self._database.read() as connection:
            return int(
                connection.execute(
                    select(func.count())
                    .select_from(purchases)
                    .where(
                        purchases.c.account_id == account_id,
                        purchases.c.state != "not_bought",
                        purchases.c.run_id > last,
                    )
                ).scalar_one()
            )

    def intended(self, account_id: int) -> list[Purchase]:
        """Those whose end is not known, oldest first. What was forgotten is left out."""
        return self._list(
            purchases.c.account_id == account_id,
            purchases.c.state == "intended",
            purchases.c.resume_id.is_not(None),
        )

    def all(self, account_id: int) -> list[Purchase]:
        """The whole ledger of an account, oldest first."""
        return self._list(purchases.c.account_id == account_id)

    def _list(self, *conditions: ColumnElement[bool]) -> list[Purchase]:
        columns = [purchases.c[name] for name in Purchase.__dataclass_fields__]
        with self._database.read() as connection:
            rows = connection.execute(select(*columns).where(*conditions).order_by(purchases.c.id))
            return [Purchase(*row) for row in rows]
