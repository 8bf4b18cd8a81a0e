"""Brings what was typed into a workbook into the store, beside what others wrote meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from avito_scrapy.items import Note, note_key
from avito_scrapy.report.recruiter_notes import NoteEdit, RecruiterNotes
from avito_scrapy.store import NoteChanged, Store

_TRIES = 5


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
    known = Note() if place is None else stored[place]
    note = merged(known, edit, read, copy=copy)
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


def merged(known: Note, edit: NoteEdit, read: RecruiterNotes, *, copy: bool) -> Note:
    """What is kept of a person: ``known``, with the cells that ``edit`` changed.

    Of two comments of two people both stay; of the other cells what was written last.
    """
    new = edit.changed
    others = copy or known.author != read.author
    later = known.made_at is None or (read.saved_at or 0) >= known.made_at
    comment = known.comment
    if "comment" in new:
        comment = new["comment"]
        if (others or not later) and known.comment and not edit.is_basis("comment", known.comment):
            comment = _both(known.comment, comment)
    outcome = new["call_outcome"] if later and "call_outcome" in new else known.outcome
    next_call = new["next_call"] if later and "next_call" in new else known.next_call
    return Note(outcome, comment, next_call)


def _both(first: str, second: str | None) -> str:
    if not second or second in first:
        return first
    return second if first in second else f"{first} / {second}"
