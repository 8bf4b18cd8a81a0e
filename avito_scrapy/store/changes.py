"""Whether anything has changed since the store was last looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.sql import functions

from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import note_history, runs, taken


@dataclass(frozen=True)
class StoreMarks:
    """Equal marks: nothing was written between them.

    ``started`` changes as a run starts, ``people`` as one ends or people are forgotten, ``notes``
    with each note, ``taken`` as somebody is taken or let go.
    """

    started: int | None
    people: tuple[object, ...]
    notes: tuple[object, ...]
    taken: tuple[object, ...]


class StoreChanges:
    """Looks at little, so that it can be asked every second."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self) -> StoreMarks:
        """The marks of this moment."""
        most, count = functions.max, functions.count
        with self._database.read() as connection:
            return StoreMarks(
                connection.execute(select(most(runs.c.id))).scalar(),
                # `scrapy forget` takes people out of the runs' figures, and notes away.
                tuple(connection.execute(
                    select(most(runs.c.finished_at), count(), functions.sum(runs.c.inputs))
                    .where(runs.c.finished_at.is_not(None))
                ).one()),
                tuple(connection.execute(select(most(note_history.c.id), count())
                                         .select_from(note_history)).one()),
                tuple(connection.execute(select(most(taken.c.taken_at), count())
                                         .select_from(taken)).one()),
            )  # fmt: skip
