"""What a recruiter has changed in a workbook, and how it gets into the store beside what others
wrote meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from avito_scrapy.items import Note, note_key
from avito_scrapy.report.cells import fingerprint, plain
from avito_scrapy.report.row_marks import Known
from avito_scrapy.store import NoteChanged, Store

_TRIES = 5


@dataclass(frozen=True)
class NoteEdit:
    """What was changed about one person.

    Attributes:
        keys: the person's, today's first.
        note: the own columns as they are now.
        changed: those of them that were changed, by field of ``note``.
        basis: fingerprints of the own columns as they were written.
    """

    keys: Sequence[str]
    note: Note
    changed: Mapping[str, Any]
    basis: Mapping[str, str]


@dataclass
class RecruiterNotes:
    """What the recruiter changed in a workbook.

    Attributes:
        edits: a person each.
        unclear: rows by sheet whose changed note was given to nobody, because name and phone do
            not agree with the key.
        author: who saved the workbook last, where it says so.
        begun_at: when it was written: up to then its reader knew the chats (Unix seconds).
        saved_at: when it was saved last.
        extended: whether a person added columns or sheets.
        colours: of rows that a person painted (None: taken away).
        painted: rows by sheet with a colour that belongs to nobody.
    """

    edits: list[NoteEdit] = field(default_factory=list)
    unclear: dict[str, list[int]] = field(default_factory=dict)
    author: str | None = field(default=None, compare=False)
    begun_at: float | None = field(default=None, compare=False)
    saved_at: float | None = field(default=None, compare=False)
    extended: bool = field(default=False, compare=False)
    colours: Known = field(default_factory=dict, compare=False)
    painted: dict[str, list[int]] = field(default_factory=dict, compare=False)

    @property
    def notes(self) -> dict[str, Note]:
        """By person; under everything else a person was known by an empty note: to be forgotten."""
        before = {key: Note() for edit in self.edits for key in edit.keys}
        return before | {edit.keys[0]: edit.note for edit in self.edits}

    @property
    def touched(self) -> bool:
        """Whether a person changed anything."""
        painted = any(changed for changed, _ in self.colours.values())
        return bool(self.edits or self.unclear or self.extended or painted)

    def describe(self) -> str:
        """The unclear rows in words, without anybody's data."""
        rows = row_numbers(self.unclear)
        return f"notes given to nobody, name and phone do not agree with the row's key ({rows})"


def row_numbers(rows: Mapping[str, Sequence[int]]) -> str:
    """Rows by sheet in words: ``5, 7-9`` for 5, 7, 8, 9."""
    return "; ".join(f"{sheet}: {_ranges(numbers)}" for sheet, numbers in rows.items())


def _ranges(numbers: Sequence[int]) -> str:
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def keep_notes(store: Store, account_id: int, read: RecruiterNotes, *, copy: bool) -> None:
    """Write the changed cells of a workbook into the store; cells that were not changed keep what
    is stored by now.

    Args:
        copy: it is somebody's copy: what it says stands beside what the workbook said.
    """
    stored = store.notes.get_all(account_id)
    for edit in read.edits:
        for _ in range(_TRIES):
            try:
                _keep(store, account_id, edit, read, stored, copy=copy)
                break
            except NoteChanged:  # by another editor, this moment
                stored = store.notes.get_all(account_id)


def _keep(
    store: Store,
    account_id: int,
    edit: NoteEdit,
    read: RecruiterNotes,
    stored: Mapping[str, Note],
    *,
    copy: bool,
) -> None:
    today, *before = edit.keys
    place = note_key(stored, edit.keys)
    note = _merged(Note() if place is None else stored[place], edit, read, copy=copy)
    if note != stored.get(today, Note()):
        store.notes.put(
            account_id, today, note, expected=stored.get(today), author=read.author,
            at=read.saved_at, seen_at=read.begun_at, source="workbook",
        )  # fmt: skip
    for key in before:
        if key in stored:
            store.notes.put(
                account_id, key, Note(), expected=stored[key], author=read.author,
                at=read.saved_at, source="workbook",
            )  # fmt: skip


def _merged(known: Note, edit: NoteEdit, read: RecruiterNotes, *, copy: bool) -> Note:
    """What is kept of a person: ``known``, with the cells that ``edit`` changed.

    Of two comments of two people both stay; of the other cells what was written last.
    """
    later = known.made_at is None or (read.saved_at or 0) >= known.made_at
    others = copy or known.author != read.author or not later
    seen = edit.basis["comment"] == fingerprint(plain(known.comment))
    new = {name: value for name, value in edit.changed.items() if later or name == "comment"}
    if "comment" in new and known.comment and others and not seen:
        new["comment"] = _both(known.comment, new["comment"])
    return replace(known, **new)


def _both(first: str, second: str | None) -> str:
    if not second or second in first:
        return first
    return second if first in second else f"{first} / {second}"
