"""What recruiters keep of people: notes, each with its history, which outlive the workbook, and who
is working on whom («взял в работу»), so that two do not call the same person."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, select, update

from avito_scrapy.items import Note
from avito_scrapy.store.database import StoreTables
from avito_scrapy.store.schema import inserts_if_new, note_history, notes, taken

UNSAVED_FILE = "dashboard-notes.json"
"""In the private folder: notes that were typed while the store was away."""

Source = Literal["workbook", "dashboard"]
_PUT_NEW = inserts_if_new(notes)
_TAKE = inserts_if_new(taken)
_TYPED = ("outcome", "comment", "next_call")


@dataclass(frozen=True)
class NoteVersion:
    """What a note said from ``made_at`` (in ``note``) on; an empty note: it was taken away."""

    note: Note
    source: str


class NoteChanged(Exception):
    """The note is not what its editor saw. ``current`` is what it is now; None: there is none."""

    def __init__(self, current: Note | None) -> None:
        super().__init__("the note was changed meanwhile")
        self.current = current


class Notes(StoreTables):
    """The tables of notes. The key of a person is ``items.person_key``."""

    def get_all(self, account_id: int) -> dict[str, Note]:
        rows = self._database.rows(select(notes).where(notes.c.account_id == account_id))
        return {row.person_key: _note(row) for row in rows}

    def put(
        self,
        account_id: int,
        key: str,
        note: Note,
        *,
        expected: Note | None,
        author: str | None,
        at: float | None = None,
        seen_at: float | None = None,
        source: Source = "dashboard",
    ) -> None:
        """Keep the note of one person, if what is kept is still ``expected`` (None: nothing).

        An empty note takes the old one away.

        Args:
            author: who wrote it, where that is known.
            at: when, in Unix seconds; now by default.
            seen_at: up to when the author knew the chats; ``at`` by default.
            source: where it was written.

        Raises:
            NoteChanged: it is not; nothing was written then.
        """
        at = time.time() if at is None else at
        expected = expected or None
        row = {"account_id": account_id, "person_key": key, "author": author}
        row |= {name: getattr(note, name) for name in _TYPED}
        kept = {**row, "updated_at": at, "seen_at": at if seen_at is None else seen_at}
        with self._database.write() as connection:
            this = and_(notes.c.account_id == account_id, notes.c.person_key == key)
            if not _replace(connection, this, kept, note, expected):
                now = connection.execute(select(notes).where(this)).first()
                raise NoteChanged(None if now is None else _note(now))
            if note != (expected or Note()):
                connection.execute(insert(note_history), {**row, "source": source, "made_at": at})

    def history(self, account_id: int, *keys: str) -> list[NoteVersion]:
        """What was written about a person, the oldest first.

        Args:
            keys: all that the person was ever known by.
        """
        entries = [entry for _, entry in self._entries(account_id, keys)]
        # A note that moves to the person's new key is taken away under the old one.
        kept = {entry.note.made_at for entry in entries if entry.note}
        return [entry for entry in entries if entry.note or entry.note.made_at not in kept]

    def histories(self, account_id: int) -> dict[str, list[NoteVersion]]:
        found: dict[str, list[NoteVersion]] = {}
        for key, entry in self._entries(account_id, None):
            found.setdefault(key, []).append(entry)
        return found

    def _entries(
        self, account_id: int, keys: Collection[str] | None
    ) -> Iterator[tuple[str, NoteVersion]]:
        wanted = select(note_history).where(note_history.c.account_id == account_id)
        if keys is not None:
            wanted = wanted.where(note_history.c.person_key.in_(keys))
        wanted = wanted.order_by(note_history.c.made_at, note_history.c.id)
        for row in self._database.stream(wanted):
            typed = (row.outcome, row.comment, row.next_call)
            note = Note(*typed, author=row.author, made_at=row.made_at)
            yield row.person_key, NoteVersion(note, row.source)


def _note(row: Row[Any]) -> Note:
    typed = (row.outcome, row.comment, row.next_call)
    return Note(*typed, author=row.author, made_at=row.updated_at, seen_at=row.seen_at)


def _replace(
    connection: Connection,
    this: ColumnElement[bool],
    row: dict[str, Any],
    note: Note,
    expected: Note | None,
) -> bool:
    """Write ``row`` in place of ``expected``; False: something else is there. One statement, so
    that of two editors one is told, on PostgreSQL too."""
    if expected is None:
        if not note:
            found = connection.execute(select(notes.c.person_key).where(this))
            return found.first() is None
        put = _PUT_NEW[connection.dialect.name].returning(notes.c.person_key)
        return connection.execute(put, row).first() is not None
    same = [notes.c[name].is_not_distinct_from(getattr(expected, name)) for name in _TYPED]
    replaced = update(notes).values(row) if note else delete(notes)
    return connection.execute(replaced.where(this, *same)).rowcount == 1


@dataclass(frozen=True)
class Taken:
    """Who took a person into work, and when (Unix seconds)."""

    author: str
    taken_at: float


class TakenPeople(StoreTables):
    """People who were taken into work, by ``items.person_key``."""

    def get_all(self, account_id: int) -> dict[str, Taken]:
        rows = self._database.rows(select(taken).where(taken.c.account_id == account_id))
        return {row.person_key: Taken(row.author, row.taken_at) for row in rows}

    def take(self, account_id: int, key: str, author: str, at: float | None = None) -> Taken:
        """Take a person, unless somebody has; give who has them now."""
        at = time.time() if at is None else at
        row = {"account_id": account_id, "person_key": key, "author": author, "taken_at": at}
        which = and_(taken.c.account_id == account_id, taken.c.person_key == key)
        with self._database.write() as connection:
            connection.execute(_TAKE[connection.dialect.name], row)
            found = connection.execute(select(taken.c.author, taken.c.taken_at).where(which)).one()
        return Taken(*found)

    def release(self, account_id: int, key: str) -> None:
        """Let go of a person, whoever has them."""
        which = and_(taken.c.account_id == account_id, taken.c.person_key == key)
        with self._database.write() as connection:
            connection.execute(delete(taken).where(which))
