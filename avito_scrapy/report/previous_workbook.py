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
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.escape import unescape

from avito_scrapy.errors import UsageError, describe
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.recruiter_notes import (
    NoteEdit,
    RecruiterNotes,
    fingerprint,
    plain,
)
from avito_scrapy.report.texts import all_headings, headings, is_ours

_OWN = ("call_outcome", "comment", "next_call")
_BLOCK = (*_OWN, "key", "mark")  # as they stand beside each other
_SEEN = ("name", "phone", "vacancies", "last_message")
Theirs = Mapping[str, str]
_LONGEST_NAME = 100
_EMPTY = hashlib.sha256().hexdigest()[:8]


class PreviousDamaged(UsageError):
    """The previous workbook cannot be read, or has not the columns it was written with."""


def mark(note: Note, key: str, seen: Sequence[str | None], theirs: Theirs | None = None) -> str:
    """The hidden cell that tells later what of a row was changed and whose row it is.

    Args:
        note: what the own columns hold.
        key: the hidden cell beside it.
        seen: name, phone, vacancies and last message as the row shows them.
        theirs: cells of columns that a person added, by heading.
    """
    added = [fingerprint(name)[:8] + fingerprint(text)[:8] for name, text in (theirs or {}).items()]
    return "-".join([_fingerprint(note), owner_fingerprint(key, seen), *added])


def _fingerprint(note: Note) -> str:
    """What the three own columns hold, told apart one by one."""
    return "-".join(fingerprint(plain(value or ""))[:8] for value in _cells(note))


def _cells(note: Note) -> tuple[str | None, str | None, str | None]:
    return note.outcome, note.comment, note.next_call


def owner_fingerprint(key: str, seen: Sequence[str | None]) -> str:
    name, phone, *more = (plain(value or "") for value in seen)
    lines = plain(key).split("\n")
    # Name and phone tell people apart, unless the phone is not theirs alone.
    told = [] if _digits(phone) in {_digits(line) for line in lines if line[:1] == "+"} else more
    return fingerprint(
        "\0".join(["\n".join(lines), _same(name), _digits(phone), *map(_same, told)])
    )[:16]


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
    changed, author, begun_at, extended = _changed_rows(path)
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
        values = dict(zip(_OWN, _cells(notes[today]), strict=True))
        edited = {name: values[name] for name in _OWN if any(name in r.changed for r in rows)}
        edits.append(NoteEdit(keys, edited, rows[0].basis))
        notes.update({other: Note() for other in before if other not in notes})
    saved_at = path.stat().st_mtime
    return RecruiterNotes(notes, unclear, edits, author, begun_at, saved_at, extended)


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


def _changed_rows(path: Path) -> tuple[list[_Row], str | None, float | None, bool]:
    """(rows, who saved the workbook last, when it was begun, whether a person added to it)."""
    found: list[_Row] = []
    readable = extended = False
    try:
        with path.open("rb") as opened:
            book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
            for number, sheet in enumerate(book.worksheets, 1):
                sheet.reset_dimensions()
                rows = sheet.iter_rows(values_only=True)
                heading = next(rows, ())
                columns = columns_of(heading)
                extended = extended or bool(
                    theirs_of(heading, columns) if columns else not is_ours(sheet.title)
                )
                readable = readable or {"key", "mark"} <= columns.keys()
                if columns:
                    found += _rows_of(_sheet_name(sheet.title, number), rows, columns)
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


def _sheet_name(title: str, number: int) -> str:
    # What a person called a sheet may be somebody's name: it must not get into a log.
    return title if is_ours(title) else f"sheet {number}"


def columns_of(heading: Sequence[Any]) -> dict[str, int]:
    """Where the columns are; nothing on a sheet without any of the own ones.

    A heading of the own columns that a person has changed is found by its place, one that is gone
    is left out.

    Raises:
        PreviousDamaged: it cannot be told which of several columns it is.
    """
    wanted = {key: headings(key) for key in (*_OWN, *_SEEN, "key", "mark")}
    places = {
        key: place
        for key, names in wanted.items()
        for place, cell in enumerate(heading)
        if cell in names
    }
    if not {"key", "mark"} & places.keys():
        return places if places.keys() >= set(_OWN) else {}
    return places | _renamed(heading, places)


def _renamed(heading: Sequence[Any], places: Mapping[str, int]) -> dict[str, int]:
    known, ours = all_headings(), {place: key for key, place in places.items() if key in _BLOCK}
    found: dict[str, int] = {}
    after, unknown = -1, list[int]()
    for place, cell in enumerate(heading):
        if place not in ours:
            after, unknown = (-1, []) if cell in known else (after, [*unknown, place])
            continue
        before = _BLOCK.index(ours[place])
        missing = [key for key in _BLOCK[after + 1 : before] if key not in places]
        if (missing and len(missing) < len(unknown)) or 0 < len(unknown) < len(missing):
            raise PreviousDamaged("headings of the yellow columns were changed: restore them")
        found |= dict(zip(missing, unknown, strict=False))
        after, unknown = before, []
    return found


def theirs_of(heading: Sequence[Any], columns: Mapping[str, int]) -> dict[str, int]:
    """Where the columns are that a person added, by heading."""
    return {
        name: place
        for place, cell in enumerate(heading)
        if place not in columns.values() and (name := typed(cell)) and name not in all_headings()
    }


def owner_of(
    row: Sequence[Any], columns: Mapping[str, int]
) -> tuple[str, str | None, Mapping[str, str]]:
    """(key, owner, fingerprints of the cells a person added by that of their heading) of a row;
    no owner: its key, name and phone do not belong together."""
    cells = {key: typed(row[n]) if n < len(row) else None for key, n in columns.items()}
    key = cells.get("key") or ""
    _, _, _, owner, *added = [*(cells.get("mark") or "").split("-"), *[""] * 4]
    agrees = key and owner == owner_fingerprint(key, [cells.get(one) for one in _SEEN])
    return key, owner if agrees else None, {part[:8]: part[8:] for part in added if part}


def _rows_of(
    sheet: str, rows: Iterable[Sequence[Any]], columns: Mapping[str, int]
) -> Iterator[_Row]:
    for number, row in enumerate(rows, 2):
        cells = {key: typed(row[n]) if n < len(row) else None for key, n in columns.items()}
        outcome, comment, next_call = (cells.get(key) for key in _OWN)
        note = Note(outcome, comment, next_call)
        *written, owner = [*(cells.get("mark") or "").split("-"), *[""] * 4][:4]
        current = _fingerprint(note).split("-")
        changed = {
            key: cells[key]
            for key, now, was in zip(_OWN, current, written, strict=True)
            if key in columns and now != (was or _EMPTY)
        }
        if changed:
            seen = [cells.get(name) or "" for name in _SEEN]
            basis = {name: was or _EMPTY for name, was in zip(_OWN, written, strict=True)}
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
            names = {_same(plain(name or "")) for name in (record.full_name, record.user_name)}
            self._names[record.chat_id] = names if names == {""} else names - {""}
            self._phones[record.chat_id] = _digits(plain(record.phone or ""))
            for name in names:
                self._chats_of[name].add(record.chat_id)

    def agree(self, row: _Row) -> bool:
        """Whether name and phone of ``row`` are those of its key, and of nobody else."""
        lines = row.key.split("\n")
        chats = {line for line in lines if line in self._names}
        name, phone = _same(plain(row.seen[0])), _digits(plain(row.seen[1]))
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
    return Note(
        one("call_outcome", note.outcome),
        one("comment", note.comment),
        one("next_call", note.next_call),
    )


def typed(value: Any) -> str | None:
    """A cell as the text that is kept: dates as YYYY-MM-DD, with the time if there is one."""
    if isinstance(value, datetime):
        value = value + timedelta(seconds=30)  # programs keep a date as a fraction: to the minute
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else unescape(str(value)).strip() or None
