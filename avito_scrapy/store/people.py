"""Takes people out of the store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, case, delete, or_, select, update
from sqlalchemy.sql import functions

from avito_scrapy.store.database import Database
from avito_scrapy.store.schema import (
    application_index,
    applications,
    note_history,
    notes,
    outcomes,
    purchases,
    runs,
    taken,
)

_CHUNK = 500  # values in one statement; SQLite takes 32,766


@dataclass(frozen=True)
class Forgotten:
    """How much was taken out: outcomes and notes deleted, purchases left without their person."""

    chats: int
    notes: int
    purchases: int


class People:
    """Finds and forgets people, whichever account they belong to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_phone(self, phone: str) -> tuple[set[str], set[str]]:
        """Chats and resumes of the person with ``phone`` (E.164).

        The chats are those with this phone, and those that led to the same resume.
        """
        same = select(outcomes.c.resume_id).where(outcomes.c.phone == phone)
        with self._database.read() as connection:
            rows = connection.execute(
                select(outcomes.c.chat_id, outcomes.c.resume_id).where(
                    or_(outcomes.c.phone == phone, outcomes.c.resume_id.in_(same))
                )
            ).all()
        return {row.chat_id for row in rows}, {row.resume_id for row in rows if row.resume_id}

    def account_of(self, chats: Collection[str]) -> int | None:
        """The account that most of the first 500 of ``chats`` belong to; None: nothing is known."""
        first = sorted(chats)[:_CHUNK]
        count = functions.count()
        with self._database.read() as connection:
            found: int | None = connection.execute(
                select(outcomes.c.account_id)
                .where(outcomes.c.chat_id.in_(first))
                .group_by(outcomes.c.account_id)
                .order_by(count.desc())
                .limit(1)
            ).scalar()
        return found

    def last_seen(self) -> Iterator[tuple[str, float | None, float]]:
        """Each chat with the time of its last message (None: not known) and when it was fetched.

        Unix seconds. For what was never fetched: when the run began that tried.
        """
        fetched = functions.coalesce(outcomes.c.fetched_at, runs.c.started_at)
        with self._database.read() as connection:
            for row in connection.execute(
                select(outcomes.c.chat_id, outcomes.c.last_message_at, fetched).join(runs)
            ):
                yield row[0], row[1], row[2]

    def forget(
        self, chats: Collection[str], phone: str | None = None, before: float | None = None
    ) -> Forgotten:
        """Delete the outcomes of ``chats`` and what else is kept about their people.

        Notes go with the last chat of their person. Purchases stay, as they are money, but
        nameless. A run was given that many chats less. Nothing deleted can be found in SQLite's
        file afterwards.

        Args:
            chats: chat ids.
            phone: of the person (E.164), whose note may stand without a chat.
            before: notes without a chat and purchases older than this Unix time go as well.
        """
        with self._database.write(durable=True) as connection:
            persons = {phone} if phone else set()
            gone = 0
            for part in _parts(chats):
                persons |= _known_by(connection, part)
                gone += _drop_outcomes(connection, part)
            # Whose an application is its record alone says: the index is read anew.
            connection.execute(delete(application_index))
            connection.execute(delete(applications))
            notes_gone = nameless = 0
            for part in _parts({*persons, *chats}):
                notes_gone += _drop_notes(connection, keys=part)
                of_chat = purchases.c.chat_id.in_(part)
                of_resume = purchases.c.resume_id.in_(part)
                nameless += _unname(connection, or_(of_chat, and_(of_resume, _UNKNOWN_RESUME)))
            if before is not None:
                notes_gone += _drop_notes(connection, before=before)
                old = and_(purchases.c.intended_at < before, _UNKNOWN_RESUME)
                nameless += _unname(connection, old)
        self._database.compact()
        return Forgotten(gone, notes_gone, nameless)


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _known_by(connection: Connection, chats: list[str]) -> set[str]:
    rows = connection.execute(
        select(outcomes.c.phone, outcomes.c.resume_id).where(outcomes.c.chat_id.in_(chats))
    )
    return {key for row in rows for key in row if key}


def _drop_outcomes(connection: Connection, chats: list[str]) -> int:
    dropped = connection.execute(
        delete(outcomes).where(outcomes.c.chat_id.in_(chats)).returning(outcomes.c.run_id)
    ).scalars()
    of_run: dict[int, int] = {}
    for run_id in dropped:
        of_run[run_id] = of_run.get(run_id, 0) + 1
    for run_id, count in of_run.items():
        # Else the counts of a workbook written again would not add up.
        connection.execute(
            update(runs).where(runs.c.id == run_id).values(inputs=runs.c.inputs - count)
        )
    return sum(of_run.values())


def _unknown(table: Table, column: str, *ways: str) -> ColumnElement[bool]:
    """No outcome of the account is left that has ``column`` in one of ``ways``."""
    return and_(
        *(
            ~select(outcomes.c.chat_id)
            .where(outcomes.c.account_id == table.c.account_id, outcomes.c[way] == table.c[column])
            .exists()
            for way in ways
        )
    )


_UNKNOWN_RESUME = _unknown(purchases, "resume_id", "resume_id")


# What is kept by the key of a person, and when it was written.
_ABOUT = {notes: "updated_at", note_history: "made_at", taken: "taken_at"}


def _drop_notes(
    connection: Connection, keys: Collection[str] = (), before: float | None = None
) -> int:
    """Delete what was written about people of whom nothing else is known; gives how many notes."""
    gone = {}
    for table, moment in _ABOUT.items():
        unknown = _unknown(table, "person_key", "phone", "resume_id", "chat_id")
        which = table.c.person_key.in_(keys) if before is None else table.c[moment] < before
        gone[table] = connection.execute(delete(table).where(which, unknown)).rowcount
    return gone[notes]


def _unname(connection: Connection, which: ColumnElement[bool]) -> int:
    named = or_(purchases.c.chat_id.is_not(None), purchases.c.resume_id.is_not(None))
    resume = case((_UNKNOWN_RESUME, None), else_=purchases.c.resume_id)
    statement = update(purchases).where(which, named).values(chat_id=None, resume_id=resume)
    return connection.execute(statement).rowcount
