"""The recruiter's own columns, read back from the workbook they were written into.

What differs from the fingerprint in a row's mark (``row_marks``) was changed by a person;
everything else is left alone, so that an old copy never undoes a newer note. Where the fingerprint
of key, name and phone does not fit any more, the key and what a person saw beside it belong to
different people, and the note to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timezone
from pathlib import Path
from typing import Any

import openpyxl

from avito_scrapy.errors import describe
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.previous import PreviousDamaged
from avito_scrapy.report.recruiter_notes import (
    NoteEdit,
    RecruiterNotes,
    fingerprint,
    plain,
)
from avito_scrapy.report.row_marks import (
    COLOUR,
    EMPTY,
    OWN,
    SEEN,
    columns_of,
    fingerprints,
    own_cells,
    owner_fingerprint,
    owner_of,
    phone_digits,
    same_text,
    theirs_of,
    typed,
)
from avito_scrapy.report.style import colour_of
from avito_scrapy.report.texts import is_ours

_LONGEST_NAME = 100
_COLOUR_PRINT = fingerprint(COLOUR)[:8]


def read_notes(path: Path, records: Callable[[], Iterable[ChatResume]] = tuple) -> RecruiterNotes:
    """What the recruiter changed in the workbook at ``path``.

    A person may stand on several call sheets, or in several rows of one; each of the three columns
    is taken from the row where it was changed. Changed in two rows: comments are put together, of
    the others that of the earlier row is taken. A cell that was emptied empties the note.

    Args:
        path: the workbook.
        records: gives everything that is stored. Workbooks of earlier versions hold no fingerprint
            of name and phone: their rows are held against these.

    Raises:
        PreviousDamaged: it is no workbook, or no sheet has the columns to read from.
    """
    if path.exists() and not path.is_file():  # to open a pipe would wait for ever
        raise PreviousDamaged(f"{path.name} is no file")
    people: _People | None = None
    unclear: dict[str, list[int]] = {}
    found: dict[str, list[_Row]] = {}
    colours = _Colours()
    changed, author, begun_at, extended = _changed_rows(path, colours)
    for row in changed:
        if row.owner is None:
            people = people or _People(records())
            agrees = people.agree(row)
        else:
            agrees = row.owner == owner_fingerprint(row.key, row.seen)
        if agrees:
            found.setdefault(row.key, []).append(row)
        else:
            unclear.setdefault(row.sheet, []).append(row.number)
    notes: dict[str, Note] = {}
    edits: list[NoteEdit] = []
    for key, rows in found.items():
        today, *before = keys = key.split("\n")
        notes[today] = _settle(rows)
        values = dict(zip(OWN, own_cells(notes[today]), strict=True))
        edited = {name: values[name] for name in OWN if any(name in r.changed for r in rows)}
        edits.append(NoteEdit(keys, edited, rows[0].basis))
        notes.update({other: Note() for other in before if other not in notes})
    saved_at = path.stat().st_mtime
    return RecruiterNotes(
        notes, unclear, edits, author, begun_at, saved_at, extended, colours.found, colours.painted
    )


@dataclass(frozen=True)
class _Row:
    """A row whose own columns were changed.

    Attributes:
        key: the hidden key, empty when it is gone.
        note: the own columns as they are now.
        changed: those of them that were changed.
        seen: name, phone, vacancies and last message.
        basis: fingerprints of the own columns as they were written.
        owner: the fingerprint of key and ``seen``; None in a workbook of an earlier version.
    """

    sheet: str
    number: int
    key: str
    note: Note
    changed: Mapping[str, str | None]
    seen: Sequence[str]
    basis: Mapping[str, str]
    owner: str | None


def _changed_rows(
    path: Path, colours: _Colours
) -> tuple[list[_Row], str | None, float | None, bool]:
    """(rows, who saved the workbook last, when it was begun, whether a person added to it)."""
    found: list[_Row] = []
    readable = extended = False
    try:
        with path.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            for number, sheet in enumerate(book.worksheets, 1):
                sheet.reset_dimensions()
                rows = sheet.iter_rows()
                heading = [cell.value for cell in next(rows, ())]
                columns = columns_of(heading)
                extended = extended or bool(
                    theirs_of(heading, columns) if columns else not is_ours(sheet.title)
                )
                readable = readable or {"key", "mark"} <= columns.keys()
                if columns:
                    title = _sheet_name(sheet.title, number)
                    found += _rows_of(title, colours.values(title, rows, columns), columns)
    except PreviousDamaged as problem:
        raise PreviousDamaged(f"{path.name}: {problem}") from None
    except OSError as error:
        raise PreviousDamaged(f"{path.name} cannot be read ({describe(error)})") from None
    except Exception:  # whatever a damaged file does to its reader
        raise PreviousDamaged(f"{path.name} is damaged or no workbook") from None
    if not readable:
        raise PreviousDamaged(f"{path.name} has no sheet with the columns this tool writes")
    made = book.properties.created
    begun_at = made.replace(tzinfo=timezone.utc).timestamp() if made else None
    author = typed(book.properties.lastModifiedBy)
    return found, author and author[:_LONGEST_NAME], begun_at, extended


class _Colours:
    """Collects the colours of rows: a row has that of its name.

    Attributes:
        found: as ``RecruiterNotes.colours``.
        painted: as ``RecruiterNotes.painted``.
    """

    def __init__(self) -> None:
        self.found: dict[str, tuple[bool, str | None]] = {}
        self.painted: dict[str, list[int]] = {}

    def values(
        self, sheet: str, rows: Iterable[Sequence[Any]], columns: Mapping[str, int]
    ) -> Iterator[Sequence[Any]]:
        """The values of ``rows``; on the way their colours are noted."""
        name, mark = (columns.get(key, -1) for key in ("name", "mark"))
        for number, cells in enumerate(rows, 2):
            row = [cell.value for cell in cells]
            yield row
            if name < 0 or not 0 <= mark < len(row):
                continue
            colour = colour_of(cells[name].fill)
            if colour or _COLOUR_PRINT in str(row[mark]):
                self._note(sheet, number, colour, *owner_of(row, columns))

    def _note(
        self,
        sheet: str,
        number: int,
        colour: str | None,
        key: str,
        owner: str | None,
        written: Mapping[str, str],
    ) -> None:
        if owner is None:
            if key and colour:
                self.painted.setdefault(sheet, []).append(number)
            return
        now = fingerprint(colour)[:8] if colour else None
        changed = now != written.get(_COLOUR_PRINT)
        for line in key.split("\n"):
            if line not in self.found or (changed and not self.found[line][0]):
                self.found[line] = changed, colour


def _sheet_name(title: str, number: int) -> str:
    # What a person called a sheet may be somebody's name: it must not get into a log.
    return title if is_ours(title) else f"sheet {number}"


def _rows_of(
    sheet: str, rows: Iterable[Sequence[Any]], columns: Mapping[str, int]
) -> Iterator[_Row]:
    for number, row in enumerate(rows, 2):
        cells = {key: typed(row[n]) if n < len(row) else None for key, n in columns.items()}
        outcome, comment, next_call = (cells.get(key) for key in OWN)
        note = Note(outcome, comment, next_call)
        *written, owner = [*(cells.get("mark") or "").split("-"), *[""] * 4][:4]
        current = fingerprints(note).split("-")
        changed = {
            key: cells[key]
            for key, now, was in zip(OWN, current, written, strict=True)
            if key in columns and now != (was or EMPTY)
        }
        if changed:
            seen = [cells.get(name) or "" for name in SEEN]
            basis = {name: was or EMPTY for name, was in zip(OWN, written, strict=True)}
            yield _Row(
                sheet, number, cells.get("key") or "", note, changed, seen, basis, owner or None
            )


class _People:
    """Whom the stored chats are about, for workbooks without a fingerprint of name and phone."""

    def __init__(self, records: Iterable[ChatResume]) -> None:
        self._names: dict[str, set[str]] = {}
        self._phones: dict[str, str] = {}
        self._chats_of: dict[str, set[str]] = defaultdict(set)
        for record in records:
            names = {same_text(plain(name or "")) for name in (record.full_name, record.user_name)}
            self._names[record.chat_id] = names if names == {""} else names - {""}
            self._phones[record.chat_id] = phone_digits(plain(record.phone or ""))
            for name in names:
                self._chats_of[name].add(record.chat_id)

    def agree(self, row: _Row) -> bool:
        """Whether name and phone of ``row`` are those of its key, and of nobody else."""
        lines = row.key.split("\n")
        chats = {line for line in lines if line in self._names}
        name, phone = same_text(plain(row.seen[0])), phone_digits(plain(row.seen[1]))
        if not any(name in self._names[chat] for chat in chats):
            return False
        own = {phone_digits(line) for line in lines if line.startswith("+")}
        if own:
            return phone in own
        # Without a phone of one's own, the row of a namesake would look the same.
        known = not phone or phone in {self._phones[chat] for chat in chats}
        return known and self._chats_of[name] <= chats


def _settle(rows: Sequence[_Row]) -> Note:
    def one(key: str, unchanged: str | None) -> str | None:
        values = [row.changed[key] for row in rows if key in row.changed]
        if not values:
            return unchanged
        if key == "comment" and all(values):
            return " / ".join(dict.fromkeys(value for value in values if value))
        return values[0]

    note = rows[0].note
    return Note(
        one("call_outcome", note.outcome),
        one("comment", note.comment),
        one("next_call", note.next_call),
    )
