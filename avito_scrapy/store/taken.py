"""Who is working on whom («взял в работу»): so that two do not call the same person."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import and_, delete, select

from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import inserts_if_new, taken

_TAKE = inserts_if_new(taken)


@dataclass(frozen=True)
class Taken:
    """Who took a person into work, and when (Unix seconds)."""

    author: str
    taken_at: float


class TakenPeople:
    """The table of people who were taken into work, by ``items.person_key``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_all(self, account_id: int) -> dict[str, Taken]:
        """Everybody of the account who is taken, by person."""
        with self._database.read() as connection:
            rows = connection.execute(select(taken).where(taken.c.account_id == account_id))
            return {row.person_key: Taken(row.author, row.taken_at) for row in rows}

    def take(self, account_id: int, key: str, author: str, at: float | None = None) -> Taken:
        """Take a person, unless somebody has; give who has them now."""
        at = time.time() if at is None else at
        row = {"account_id": account_id, "person_key": key, "author": author, "taken_at": at}
        which = and_(taken.c.account_id == account_id, taken.c.person_key == key)
        with self._database.write() as connection:
            connection.execute(_TAKE[connection.dialect.name], row)
            found = connection.execute(select(taken.c.author, taken.c.taken_at).where(which)).one()
        return Taken(found.author, found.taken_at)

    def release(self, account_id: int, key: str) -> None:
        """Let go of a person, whoever has them."""
        which = and_(taken.c.account_id == account_id, taken.c.person_key == key)
        with self._database.write() as connection:
            connection.execute(delete(taken).where(which))
