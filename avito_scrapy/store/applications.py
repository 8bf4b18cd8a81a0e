"""The index of applications: what Avito told of each, and how far it was read."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import delete, select

from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.store.database import StoreTables
from avito_scrapy.store.schema import application_index, applications, upserts

_PUT = upserts(applications)
_PUT_STATE = upserts(application_index)


class IndexState(NamedTuple):
    """How far the index of an account was read; moments in Unix seconds.

    Attributes:
        since: its first day, by the applications' last change (YYYY-MM-DD).
        whole_at: when it was last read as a whole, by this computer's clock.
        polled_at: when it was last read at all, by this computer's clock.
        changed_to: last change of any application, by Avito's clock; None: it has told none.
    """

    since: str
    whole_at: float
    polled_at: float
    changed_to: float | None


class StoredApplications(StoreTables):
    def state(self, account_id: int) -> IndexState | None:
        """How far the index was read; None: there is none."""
        table = application_index
        wanted = select(table.c.since, table.c.whole_at, table.c.polled_at, table.c.changed_to)
        rows = self._database.rows(wanted.where(table.c.account_id == account_id))
        return next((IndexState(*row) for row in rows), None)

    def put(self, account_id: int, read_at: float, facts: Iterable[ApplicationFacts]) -> None:
        """Keep applications in place of what was known of them."""
        rows = [
            {"account_id": account_id, "id": one.id, "read_at": read_at, "record": json.dumps(one)}
            for one in facts
        ]
        if rows:
            with self._database.write() as connection:
                connection.execute(_PUT[connection.dialect.name], rows)

    def finish(self, account_id: int, state: IndexState) -> None:
        """Note how far the index was read.

        After a reading of the whole what it did not show is deleted.
        """
        with self._database.write() as connection:
            row = {"account_id": account_id, **state._asdict()}
            connection.execute(_PUT_STATE[connection.dialect.name], row)
            if state.whole_at == state.polled_at:
                old = applications.c.read_at != state.whole_at
                connection.execute(
                    delete(applications).where(applications.c.account_id == account_id, old)
                )

    def all(self, account_id: int) -> Generator[ApplicationFacts, None, None]:
        """The applications of the account; read as they are asked for."""
        wanted = select(applications.c.record).where(applications.c.account_id == account_id)
        with closing(self._database.stream(wanted)) as rows:
            for (text,) in rows:
                yield ApplicationFacts(*json.loads(text))
