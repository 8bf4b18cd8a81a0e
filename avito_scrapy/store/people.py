"""Takes people out of the store."""

from __future__ import annotations

from collections import Counter
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
            theirs = or_(outcomes.c.phone == phone, outcomes.c.resume_id.in_(same))
            rows = connection.execute(
                select(outcomes.c.chat_id, outcomes.c.resume_id).where(theirs)
            ).all()
        return {row.chat_id for row in rows}, {row.resume_id for row in rows if row.resume_id}

    def account_of(self, chats: Collection[str]) -> int | None:
        """The account that most of the first 500 of ``chats`` belong to; None: nothing is known."""
        accounts = (
            select(outcomes.c.account_id)
            .where(outcomes.c.chat_id.in_(sorted(chats)[:_CHUNK]))
            .group_by(outcomes.c.account_id)
            .order_by(functions.count().desc())
        )
        with self._database.read() as connection:
            return connection.execute(accounts.limit(1)).scalar()

    def last_seen(self) -> Iterator[tuple[str, float | None, float]]:
        """Each chat with the time of its last message (None: not known) and when it was fetched.

        Unix seconds. For what was never fetched: when the run began that tried.
        """
        fetched = functions.coalesce(outcomes.c.fetched_at, runs.c.started_at)
        seen = select(outcomes.c.chat_id, outcomes.c.last_message_at, fetched).join(runs)
        with self._database.read() as connection:
            yield from connection.execute(seen)

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
            of_run: Counter[int] = Counter()
            for part in _parts(chats):
                dropped = connection.execute(
                    delete(outcomes)
                    .where(outcomes.c.chat_id.in_(part))
                    .returning(outcomes.c.run_id, outcomes.c.phone, outcomes.c.resume_id)
                ).all()
                of_run.update(row.run_id for row in dropped)
                persons |= {key for row in dropped for key in (row.phone, row.resume_id) if key}
            for run_id, count in of_run.items():
                # Else the counts of a workbook written again would not add up.
                connection.execute(
                    update(runs).where(runs.c.id == run_id).values(inputs=runs.c.inputs - count)
                )
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
        return Forgotten(of_run.total(), notes_gone, nameless)


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def _unknown(table: Table, column: str, *ways: str) -> ColumnElement[bool]:
    """No outcome of the account is left that has ``column`` in one of ``ways``."""
    # One search a way: each has an index of its own.
    outcome = select(outcomes.c.chat_id).where(outcomes.c.account_id == table.c.account_id)
    return and_(*(~outcome.where(outcomes.c[way] == table.c[column]).exists() for way in ways))


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
