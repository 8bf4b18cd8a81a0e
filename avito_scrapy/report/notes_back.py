"""The recruiter's own columns, read back from the workbook they were written into.

Each row of a call sheet carries two hidden cells: who it is about, and a fingerprint of what the
own columns held when the workbook was written. What differs from its fingerprint was changed by a
person; everything else is left alone, so that an old copy never undoes a newer note.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from avito_scrapy.avito.notes import Note
from avito_scrapy.errors import UsageError
from avito_scrapy.report.cells import visible
from avito_scrapy.report.texts import headings

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
_OWN = ("call_outcome", "comment", "next_call")


class PreviousDamaged(UsageError):
    """The previous workbook cannot be read, or has not the columns it was written with."""


def next_call(note: Note) -> datetime | str | None:
    """«Следующий звонок» for a cell: a date if it is one, else what was typed."""
    if note.next_call and _DATE.fullmatch(note.next_call):
        with suppress(ValueError):  # the 31st of February
            return datetime.fromisoformat(note.next_call)
    return note.next_call


def fingerprint(note: Note) -> str:
    """What the three own columns hold, told apart one by one."""
    return "-".join(
        hashlib.sha256(_plain(value or "").encode("utf-8", "replace")).hexdigest()[:8]
        for value in (note.outcome, note.comment, note.next_call)
    )


def _plain(text: str) -> str:
    # LibreOffice reads the code for an underscore (see ``cells``) and saves it without: a text
    # with a code in it comes back once or twice decoded.
    return str(unescape(unescape(visible(text))))


def read_notes(path: Path) -> dict[str, Note]:
    """What the recruiter changed in the workbook at ``path``, by person.

    Under everything else the person was known by there is an empty note: to be forgotten.

    A person may stand on several call sheets; each of the three columns is taken from the sheet
    where it was changed. Changed in two sheets: comments are put together, of the others that of
    the earlier sheet is taken. A cell that was emptied empties the note.

    Raises:
        PreviousDamaged: it is no workbook, or no sheet has the columns to read from.
    """
    found: dict[str, list[Mapping[str, str | None]]] = {}
    written: dict[str, Note] = {}
    readable = False
    try:
        with path.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                rows = sheet.iter_rows(values_only=True)
                columns = _columns(next(rows, ()))
                readable = readable or columns is not None
                for key, now, changed in _rows(rows, columns):
                    written.setdefault(key, now)
                    if changed:
                        found.setdefault(key, []).append(changed)
    except OSError as error:
        raise PreviousDamaged(f"{path.name} cannot be read ({error.strerror})") from None
    except Exception:  # whatever a damaged file does to its reader
        raise PreviousDamaged(f"{path.name} is damaged or no workbook") from None
    if not readable:
        raise PreviousDamaged(f"{path.name} has no sheet with the columns this tool writes")
    notes: dict[str, Note] = {}
    for keys, changes in found.items():
        today, *before = unescape(keys).split("\n")
        notes[today] = _settle(written[keys], changes)
        notes.update({key: Note() for key in before if key not in notes})
    return notes


def _columns(heading: Sequence[Any]) -> dict[str, int] | None:
    wanted = {key: headings(key) for key in (*_OWN, "key", "mark")}
    places = {
        key: place
        for key, names in wanted.items()
        for place, cell in enumerate(heading)
        if cell in names
    }
    return places if len(places) == len(wanted) else None


def _rows(
    rows: Iterator[Sequence[Any]], columns: dict[str, int] | None
) -> Iterator[tuple[str, Note, Mapping[str, str | None]]]:
    """(person, the cells as they are, those of them that were changed)."""
    for row in rows if columns else ():
        cells = {key: row[n] if n < len(row) else None for key, n in (columns or {}).items()}
        if not cells["key"]:
            continue
        typed = {key: _typed(cells[key]) for key in _OWN}
        now = Note(typed["call_outcome"], typed["comment"], typed["next_call"])
        marks = str(cells["mark"] or "").split("-")
        if len(marks) != len(_OWN):
            marks = [""] * len(_OWN)
        current = fingerprint(now).split("-")
        changed = {
            key: typed[key]
            for key, mark, was in zip(_OWN, current, marks, strict=True)
            if mark != was
        }
        yield str(cells["key"]), now, changed


def _settle(now: Note, changes: Sequence[Mapping[str, str | None]]) -> Note:
    def one(key: str, unchanged: str | None) -> str | None:
        values = [change[key] for change in changes if key in change]
        if not values:
            return unchanged
        if key == "comment" and all(values):
            return " / ".join(dict.fromkeys(value for value in values if value))
        return values[0]

    return Note(
        one("call_outcome", now.outcome),
        one("comment", now.comment),
        one("next_call", now.next_call),
    )


def _typed(value: Any) -> str | None:
    """A cell as the text that is kept: dates as YYYY-MM-DD, with the time if there is one."""
    if isinstance(value, datetime):
        value = value + timedelta(seconds=30)  # programs keep a date as a fraction: to the minute
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else unescape(str(value)).strip() or None
