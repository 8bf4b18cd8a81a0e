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

    ``people`` changes as a run ends or people are forgotten, ``rest`` as a run starts, with each
    note, and as somebody is taken or let go.
    """

    people: tuple[object, ...]
    rest: tuple[object, ...]


def store_marks(database: Database) -> StoreMarks:
    """The marks of this moment. Looks at little, so that it can be asked every second."""
    most, count = functions.max, functions.count()
    # `scrapy forget` takes people out of the runs' figures, and notes away.
    ended = select(most(runs.c.finished_at), count, functions.sum(runs.c.inputs))
    written = (
        select(most(runs.c.id)),
        select(most(note_history.c.id), count).select_from(note_history),
        select(most(taken.c.taken_at), count).select_from(taken),
    )
    with database.read() as connection:
        people = connection.execute(ended.where(runs.c.finished_at.is_not(None))).one()
        rest = [tuple(connection.execute(one).one()) for one in written]
    return StoreMarks(tuple(people), tuple(rest))
