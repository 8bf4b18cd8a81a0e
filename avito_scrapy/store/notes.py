"""The recruiter's notes by person: they outlive the workbook they were written into."""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import and_, delete, select

from avito_scrapy.items import Note
from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import notes, upserts

_PUT = upserts(notes)


class Notes:
    """The table of notes. The key of a person is ``items.person_key``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_all(self, account_id: int) -> dict[str, Note]:
        """Every note of the account, by person."""
        with self._database.read() as connection:
            rows = connection.execute(select(notes).where(notes.c.account_id == account_id))
            return {r.person_key: Note(r.outcome, r.comment, r.next_call) for r in rows}

    def put_many(self, account_id: int, given: Mapping[str, Note]) -> None:
        """Keep the notes of the persons named, all or none; an empty one takes the old away.

        Persons not named keep what they have.
        """
        now = time.time()
        rows = [
            {
                "account_id": account_id,
                "person_key": key,
                "outcome": note.outcome,
                "comment": note.comment,
                "next_call": note.next_call,
                "updated_at": now,
            }
            for key, note in given.items()
            if note
        ]
        empty = [key for key, note in given.items() if not note]
        with self._database.write() as connection:
            for key in empty:
                connection.execute(
                    delete(notes).where(
                        and_(notes.c.account_id == account_id, notes.c.person_key == key)
                    )
                )
            if rows:
                connection.execute(_PUT[connection.dialect.name], rows)
