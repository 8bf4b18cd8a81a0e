"""What a recruiter has changed in a workbook."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from openpyxl.utils.escape import unescape

from avito_scrapy.items import Note
from avito_scrapy.report.cells import visible


@dataclass(frozen=True)
class NoteEdit:
    """What was changed about one person.

    Attributes:
        keys: the person's, today's first.
        changed: cells by column.
        basis: fingerprints of the cells as they were written.
    """

    keys: Sequence[str]
    changed: Mapping[str, str | None]
    basis: Mapping[str, str]

    def is_basis(self, column: str, value: str) -> bool:
        """Whether the cell held ``value`` before it was changed."""
        return self.basis[column] == fingerprint(plain(value))[:8]


@dataclass(frozen=True)
class RecruiterNotes:
    """What the recruiter changed in a workbook.

    Attributes:
        notes: by person; under everything else a person was known by there is an empty note: to
            be forgotten.
        unclear: rows by sheet whose changed note was given to nobody, because name and phone do
            not agree with the key.
        edits: the same by cells.
        author: who saved the workbook last, where it says so.
        begun_at: when it was written: up to then its reader knew the chats (Unix seconds).
        saved_at: when it was saved last.
        extended: whether a person added columns or sheets.
        colours: of rows that a person painted, by what the row's person is known by: whether it
            was changed, and the colour (None: taken away).
        painted: rows by sheet with a colour that belongs to nobody.
    """

    notes: dict[str, Note] = field(default_factory=dict)
    unclear: dict[str, list[int]] = field(default_factory=dict)
    edits: Sequence[NoteEdit] = field(default=(), compare=False)
    author: str | None = field(default=None, compare=False)
    begun_at: float | None = field(default=None, compare=False)
    saved_at: float | None = field(default=None, compare=False)
    extended: bool = field(default=False, compare=False)
    colours: Mapping[str, tuple[bool, str | None]] = field(default_factory=dict, compare=False)
    painted: Mapping[str, list[int]] = field(default_factory=dict, compare=False)

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
    """Rows by sheet in words."""
    return "; ".join(f"{sheet}: {_ranges(numbers)}" for sheet, numbers in rows.items())


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def plain(text: str) -> str:
    # LibreOffice reads the code for an underscore (see ``cells``) and saves it without: a text
    # with a code in it comes back once or twice decoded.
    return str(unescape(unescape(visible(text))))


def _ranges(numbers: Sequence[int]) -> str:
    """``5, 7-9`` for 5, 7, 8, 9."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
