"""What is typed into the cells of a note, and what of it is not in the store yet."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from avito_scrapy.dashboard.rows import Field
from avito_scrapy.errors import UsageError
from avito_scrapy.files import read_json, write_private
from avito_scrapy.items import Note
from avito_scrapy.store import Store
from avito_scrapy.store.notes import NoteChanged


@dataclass(frozen=True)
class Edit:
    """A cell that somebody typed into: what it said before and says now; None: it is empty."""

    key: str
    field: Field
    before: str | None
    after: str | None
    author: str | None
    at: float

    def applied(self, note: Note) -> Note:
        """``note`` with the cell as it says now."""
        changed: dict[str, Any] = {self.field: self.after}
        return replace(note, **changed)


class EditConflict(Exception):
    """The cell is not what its editor saw. ``current`` is the note as it is now."""

    def __init__(self, current: Note) -> None:
        super().__init__("the cell was changed meanwhile")
        self.current = current


def save(store: Store, account_id: int, edit: Edit) -> None:
    """Write one cell of a note.

    Raises:
        EditConflict: the cell is no longer ``edit.before``; nothing was written.
    """
    current = store.notes.get_all(account_id).get(edit.key)
    while True:
        note = current or Note()
        if getattr(note, edit.field) not in (edit.before, edit.after):
            raise EditConflict(note)
        try:
            store.notes.put(account_id, edit.key, edit.applied(note), expected=current,
                            author=edit.author, at=edit.at)  # fmt: skip
            return
        except NoteChanged as meanwhile:  # another cell of it, or this one
            current = meanwhile.current


class UnsavedEdits:
    """Edits that the store could not take, the oldest first. Kept in a file too."""

    def __init__(self, path: Path) -> None:
        self.edits: list[Edit] = []
        self._path = path
        with suppress(UsageError, TypeError):
            self.edits = [Edit(**values) for values in read_json(path)]

    def add(self, edit: Edit) -> None:
        """Keep ``edit`` until it can be saved."""
        self.edits.append(edit)
        self._write()

    def save(self, store: Store, account_id: int) -> None:
        """Save them all; those before a StoreProblem are saved."""
        while self.edits:
            edit = self.edits[0]
            try:
                save(store, account_id, edit)
            except EditConflict as conflict:
                # Nobody is there to be asked: both stay, in the comment.
                if edit.after is not None:
                    kept = conflict.current.comment
                    both = f"{kept} / {edit.after}" if kept else edit.after
                    beside = replace(edit, field="comment", before=kept, after=both)
                    save(store, account_id, beside)
            self.edits.pop(0)
            self._write()

    def _write(self) -> None:
        with suppress(OSError):  # it is still in memory
            if self.edits:
                content = json.dumps([asdict(edit) for edit in self.edits], ensure_ascii=False)
                write_private(self._path, content)
            else:
                self._path.unlink(missing_ok=True)
