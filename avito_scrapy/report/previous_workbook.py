"""The recruiter's own columns, read back from the workbook they were written into.

Each row of a call sheet carries two hidden cells: the key, which says whom the row is about, and
the mark. The mark holds a fingerprint of each own cell as it was written: what differs from it was
changed by a person; everything else is left alone, so that an old copy never undoes a newer note.
It also holds a fingerprint of key, name and phone together. Where that does not fit any more, the
key and what a person saw beside it belong to different people, and the note to nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from avito_scrapy.errors import UsageError, describe
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.cells import visible
from avito_scrapy.report.texts import headings, sheet_titles

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
_OWN = ("call_outcome", "comment", "next_call")
_SEEN = ("name", "phone", "vacancies", "last_message")
_EMPTY = hashlib.sha256().hexdigest()[:8]


class PreviousDamaged(UsageError):
    """The previous workbook cannot be read, or has not the columns it was written with."""


@dataclass(frozen=True)
class RecruiterNotes:
    """What the recruiter changed in a workbook.

    Attributes:
        notes: by person; under everything else a person was known by there is an empty note: to
            be forgotten.
        unclear: rows by sheet whose changed note was given to nobody, because name and phone do
            not agree with the key.
    """

    notes: dict[str, Note] = field(default_factory=dict)
    unclear: dict[str, list[int]] = field(default_factory=dict)

    def describe(self) -> str:
        """The unclear rows in words, without anybody's data."""
        rows = "; ".join(f"{sheet}: {_ranges(rows)}" for sheet, rows in self.unclear.items())
        return f"notes given to nobody, name and phone do not agree with the row's key ({rows})"


def next_call(note: Note) -> datetime | str | None:
    """«Следующий звонок» for a cell: a date if it is one, else what was typed."""
    if note.next_call and _DATE.fullmatch(note.next_call):
        with suppress(ValueError):  # the 31st of February
            return datetime.fromisoformat(note.next_call)
    return note.next_call


def mark(note: Note, key: str, seen: Sequence[str | None]) -> str:
    """The hidden cell that tells later what of a row was changed and whose row it is.

    Args:
        note: what the own columns hold.
        key: the hidden cell beside it.
        seen: name, phone, vacancies and last message as the row shows them.
    """
    return f"{_fingerprint(note)}-{_owner(key, seen)}"


def _fingerprint(note: Note) -> str:
    """What the three own columns hold, told apart one by one."""
    values = (note.outcome, note.comment, note.next_call)
    return "-".join(_hash(_plain(value or ""))[:8] for value in values)


def _owner(key: str, seen: Sequence[str | None]) -> str:
    name, phone, *more = (_plain(value or "") for value in seen)
    lines = _plain(key).split("\n")
    # Name and phone tell people apart, unless the phone is not theirs alone.
    told = [] if _digits(phone) in {_digits(line) for line in lines if line[:1] == "+"} else more
    return _hash("\0".join(["\n".join(lines), _same(name), _digits(phone), *map(_same, told)]))[:16]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _plain(text: str) -> str:
    # LibreOffice reads the code for an underscore (see ``cells``) and saves it without: a text
    # with a code in it comes back once or twice decoded.
    return str(unescape(unescape(visible(text))))


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return f"7{digits[1:]}" if len(digits) == 11 and digits[0] == "8" else digits or _same(phone)


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
    for row in _changed_rows(path):
        if row.owner is None:
            people = people or _People(records())
            agrees = people.agree(row)
        else:
            agrees = row.owner == _owner(row.key, row.seen)
        if agrees:
            found.setdefault(row.key, []).append(row)
        else:
            unclear.setdefault(row.sheet, []).append(row.number)
    notes: dict[str, Note] = {}
    for key, rows in found.items():
        today, *before = key.split("\n")
        notes[today] = _settle(rows)
        notes.update({other: Note() for other in before if other not in notes})
    return RecruiterNotes(notes, unclear)


@dataclass(frozen=True)
class _Row:
    """A row whose own columns were changed.

    Attributes:
        key: the hidden key, empty when it is gone.
        note: the own columns as they are now.
        changed: those of them that were changed.
        seen: name, phone, vacancies and last message.
        owner: the fingerprint of key and ``seen``; None in a workbook of an earlier version.
    """

    sheet: str
    number: int
    key: str
    note: Note
    changed: Mapping[str, str | None]
    seen: Sequence[str]
    owner: str | None


def _changed_rows(path: Path) -> list[_Row]:
    found: list[_Row] = []
    readable = False
    try:
        with path.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            for number, sheet in enumerate(book.worksheets, 1):
                sheet.reset_dimensions()
                rows = sheet.iter_rows(values_only=True)
                columns = _columns(next(rows, ()))
                readable = readable or {"key", "mark"} <= columns.keys()
                if columns:
                    found += _rows_of(_sheet_name(sheet.title, number), rows, columns)
    except OSError as error:
        raise PreviousDamaged(f"{path.name} cannot be read ({describe(error)})") from None
    except Exception:  # whatever a damaged file does to its reader
        raise PreviousDamaged(f"{path.name} is damaged or no workbook") from None
    if not readable:
        raise PreviousDamaged(f"{path.name} has no sheet with the columns this tool writes")
    return found


def _sheet_name(title: str, number: int) -> str:
    # What a person called a sheet may be somebody's name: it must not get into a log.
    ours = {name for kind in ("calls", "today", "never") for name in sheet_titles(kind)}
    return title if re.sub(r"_\d+$", "", title) in ours else f"sheet {number}"


def _columns(heading: Sequence[Any]) -> dict[str, int]:
    """Where the columns are; nothing when the own ones are not all there."""
    wanted = {key: headings(key) for key in (*_OWN, *_SEEN, "key", "mark")}
    places = {
        key: place
        for key, names in wanted.items()
        for place, cell in enumerate(heading)
        if cell in names
    }
    return places if places.keys() >= set(_OWN) else {}


def _rows_of(
    sheet: str, rows: Iterable[Sequence[Any]], columns: Mapping[str, int]
) -> Iterator[_Row]:
    for number, row in enumerate(rows, 2):
        typed = {key: _typed(row[n]) if n < len(row) else None for key, n in columns.items()}
        note = Note(*(typed[key] for key in _OWN))
        *written, owner = [*(typed.get("mark") or "").split("-"), *[""] * 4][:4]
        current = _fingerprint(note).split("-")
        changed = {
            key: typed[key]
            for key, now, was in zip(_OWN, current, written, strict=True)
            if now != (was or _EMPTY)
        }
        if changed:
            seen = [typed.get(name) or "" for name in _SEEN]
            yield _Row(sheet, number, typed.get("key") or "", note, changed, seen, owner or None)


class _People:
    """Whom the stored chats are about, for workbooks without a fingerprint of name and phone."""

    def __init__(self, records: Iterable[ChatResume]) -> None:
        self._names: dict[str, set[str]] = {}
        self._phones: dict[str, str] = {}
        self._chats_of: dict[str, set[str]] = defaultdict(set)
        for record in records:
            names = {_same(_plain(name or "")) for name in (record.full_name, record.user_name)}
            self._names[record.chat_id] = names if names == {""} else names - {""}
            self._phones[record.chat_id] = _digits(_plain(record.phone or ""))
            for name in names:
                self._chats_of[name].add(record.chat_id)

    def agree(self, row: _Row) -> bool:
        """Whether name and phone of ``row`` are those of its key, and of nobody else."""
        lines = row.key.split("\n")
        chats = {line for line in lines if line in self._names}
        name, phone = _same(_plain(row.seen[0])), _digits(_plain(row.seen[1]))
        if not any(name in self._names[chat] for chat in chats):
            return False
        own = {_digits(line) for line in lines if line.startswith("+")}
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
    return Note(*(one(key, value) for key, value in zip(_OWN, astuple(note), strict=True)))


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


def _ranges(numbers: Sequence[int]) -> str:
    """``5, 7-9`` for 5, 7, 8, 9."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0])
    ]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
