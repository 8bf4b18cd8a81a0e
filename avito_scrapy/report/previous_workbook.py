"""The recruiter's own columns, read back from the workbook they were written into.

What differs from the fingerprint in a row's mark (``row_marks``) was changed by a person;
everything else is left alone, so that an old copy never undoes a newer note. Where the fingerprint
of key, name and phone does not fit any more, the key and what a person saw beside it belong to
different people, and the note to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timezone
from pathlib import Path
from typing import Any

import openpyxl

from avito_scrapy.errors import describe
from avito_scrapy.items import ChatResume
from avito_scrapy.report.cells import fingerprint, plain, typed
from avito_scrapy.report.previous import PreviousDamaged
from avito_scrapy.report.recruiter_notes import NoteEdit, RecruiterNotes
from avito_scrapy.report.row_marks import (
    COLOUR,
    OWN,
    MarkedRow,
    columns_of,
    phone_digits,
    same_text,
    theirs_of,
)
from avito_scrapy.report.style import colour_of
from avito_scrapy.report.texts import is_ours

_LONGEST_NAME = 100
_COLOUR_PRINT = fingerprint(COLOUR)


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
    read = RecruiterNotes()
    changed: list[MarkedRow] = []
    readable = False
    try:
        with path.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            for number, sheet in enumerate(book.worksheets, 1):
                readable |= _read_sheet(sheet, number, read, changed)
    except PreviousDamaged as problem:
        raise PreviousDamaged(f"{path.name}: {problem}") from None
    except OSError as error:
        raise PreviousDamaged(f"{path.name} cannot be read ({describe(error)})") from None
    except Exception:  # whatever a damaged file does to its reader
        raise PreviousDamaged(f"{path.name} is damaged or no workbook") from None
    if not readable:
        raise PreviousDamaged(f"{path.name} has no sheet with the columns this tool writes")
    made = book.properties.created
    read.begun_at = made.replace(tzinfo=timezone.utc).timestamp() if made else None
    read.author = (typed(book.properties.lastModifiedBy) or "")[:_LONGEST_NAME] or None
    read.saved_at = path.stat().st_mtime
    _give_to_people(changed, records, read)
    return read


def _read_sheet(sheet: Any, number: int, read: RecruiterNotes, changed: list[MarkedRow]) -> bool:
    """Take its rows whose own columns were changed, and the colours of rows: a row has that of its
    name. Whether the columns are there to read from."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows()
    heading = [cell.value for cell in next(rows, ())]
    columns = columns_of(heading)
    ours = is_ours(sheet.title)
    if not columns:
        read.extended |= not ours
        return False
    read.extended |= bool(theirs_of(heading, columns))
    # What a person called a sheet may be somebody's name: it must not get into a log.
    title = sheet.title if ours else f"sheet {number}"
    for place, cells in enumerate(rows, 2):
        row = MarkedRow(title, place, [cell.value for cell in cells], columns)
        if row.changed:
            changed.append(row)
        if "name" in columns and columns.get("mark", len(cells)) < len(cells):
            colour = colour_of(cells[columns["name"]].fill)
            if colour or _COLOUR_PRINT in row.added:
                if row.agrees:
                    row.add_to(read.colours, COLOUR, colour)
                elif row.key and colour:
                    read.painted.setdefault(title, []).append(place)
    return {"key", "mark"} <= columns.keys()


def _give_to_people(
    changed: Iterable[MarkedRow], records: Callable[[], Iterable[ChatResume]], read: RecruiterNotes
) -> None:
    people: _People | None = None
    found: dict[str, list[MarkedRow]] = {}
    for row in changed:
        if row.owner:
            agrees = row.agrees
        else:
            people = people or _People(records())
            agrees = people.agree(row)
        if agrees:
            found.setdefault(row.key, []).append(row)
        else:
            read.unclear.setdefault(row.sheet, []).append(row.number)
    for key, rows in found.items():
        settled = _settle(rows)
        note = replace(rows[0].note, **settled)
        read.edits.append(NoteEdit(key.split("\n"), note, settled, rows[0].basis))


def _settle(rows: Sequence[MarkedRow]) -> dict[str, Any]:
    """What a person's rows were changed to."""
    settled: dict[str, Any] = {}
    for name in OWN:
        values = [row.changed[name] for row in rows if name in row.changed]
        if name == "comment" and values and all(values):
            settled[name] = " / ".join(dict.fromkeys(filter(None, values)))
        elif values:
            settled[name] = values[0]
    return settled


class _People:
    """Whom the stored chats are about, for workbooks without a fingerprint of name and phone."""

    def __init__(self, records: Iterable[ChatResume]) -> None:
        self._names: dict[str, set[str]] = {}
        self._phones: dict[str, str] = {}
        self._chats_of: dict[str, set[str]] = defaultdict(set)
        for record in records:
            names = {same_text(plain(name)) for name in (record.full_name, record.user_name)}
            self._names[record.chat_id] = names if names == {""} else names - {""}
            self._phones[record.chat_id] = phone_digits(plain(record.phone))
            for name in names:
                self._chats_of[name].add(record.chat_id)

    def agree(self, row: MarkedRow) -> bool:
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
