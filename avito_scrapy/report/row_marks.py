"""The hidden cells of a row, and where the columns of a sheet are.

Each row of a sheet of people carries two hidden cells: the key, which says whom the row is about,
and the mark. The mark holds a fingerprint of each own cell as it was written, and one of key, name
and phone together.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl.utils.escape import unescape

from avito_scrapy.items import Note
from avito_scrapy.report.previous import PreviousDamaged
from avito_scrapy.report.recruiter_notes import fingerprint, plain
from avito_scrapy.report.texts import all_headings, headings

OWN = ("call_outcome", "comment", "next_call")
_BLOCK = (*OWN, "key", "mark")  # as they stand beside each other
SEEN = ("name", "phone", "vacancies", "last_message")
EMPTY = hashlib.sha256().hexdigest()[:8]
COLOUR = "\0colour"
"""The colour of a row among what a person added: no heading can be called so."""
Theirs = Mapping[str, str]


def mark(note: Note, key: str, seen: Sequence[str | None], theirs: Theirs | None = None) -> str:
    """The hidden cell that tells later what of a row was changed and whose row it is.

    Args:
        note: what the own columns hold.
        key: the hidden cell beside it.
        seen: name, phone, vacancies and last message as the row shows them.
        theirs: cells of columns that a person added, by heading.
    """
    added = [fingerprint(name)[:8] + fingerprint(text)[:8] for name, text in (theirs or {}).items()]
    return "-".join([fingerprints(note), owner_fingerprint(key, seen), *added])


def fingerprints(note: Note) -> str:
    """What the three own columns hold, told apart one by one."""
    return "-".join(fingerprint(plain(value or ""))[:8] for value in own_cells(note))


def own_cells(note: Note) -> tuple[str | None, str | None, str | None]:
    return note.outcome, note.comment, note.next_call


def owner_fingerprint(key: str, seen: Sequence[str | None]) -> str:
    name, phone, *more = (plain(value or "") for value in seen)
    lines = plain(key).split("\n")
    # Name and phone tell people apart, unless the phone is not theirs alone.
    told = (
        []
        if phone_digits(phone) in {phone_digits(line) for line in lines if line[:1] == "+"}
        else more
    )
    return fingerprint(
        "\0".join(["\n".join(lines), same_text(name), phone_digits(phone), *map(same_text, told)])
    )[:16]


def same_text(name: str) -> str:
    return " ".join(name.casefold().split())


def phone_digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return (
        f"7{digits[1:]}" if len(digits) == 11 and digits[0] == "8" else digits or same_text(phone)
    )


def columns_of(heading: Sequence[Any]) -> dict[str, int]:
    """Where the columns are; nothing on a sheet without any of the own ones.

    A heading of the own columns that a person has changed is found by its place, one that is gone
    is left out.

    Raises:
        PreviousDamaged: it cannot be told which of several columns it is.
    """
    wanted = {key: headings(key) for key in (*OWN, *SEEN, "key", "mark")}
    places = {
        key: place
        for key, names in wanted.items()
        for place, cell in enumerate(heading)
        if cell in names
    }
    if not {"key", "mark"} & places.keys():
        return places if places.keys() >= set(OWN) else {}
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
    agrees = key and owner == owner_fingerprint(key, [cells.get(one) for one in SEEN])
    return key, owner if agrees else None, {part[:8]: part[8:] for part in added if part}


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
