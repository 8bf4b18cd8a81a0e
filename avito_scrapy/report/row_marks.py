"""The hidden cells of a row, and where the columns of a sheet are.

Each row of a sheet of people carries two hidden cells: the key, which says whom the row is about,
and the mark. The mark holds a fingerprint of each own cell as it was written, one of key, name and
phone together, and those of the cells that a person added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from avito_scrapy.items import Note
from avito_scrapy.report.cells import fingerprint, plain, typed
from avito_scrapy.report.previous import PreviousDamaged
from avito_scrapy.report.texts import all_headings, headings

OWN = {"outcome": "call_outcome", "comment": "comment", "next_call": "next_call"}
"""The fields of a note, and the columns they stand in."""
_BLOCK = (*OWN.values(), "key", "mark")  # as they stand beside each other
_SEEN = ("name", "phone", "vacancies", "last_message")
COLOUR = "\0colour"
"""The colour of a row among what a person added: no heading can be called so."""
Theirs = Mapping[str, str]
Known = dict[str, tuple[bool, Any]]
"""What stands beside people, by any of their keys: whether a person changed it, and the value."""


def mark(note: Note, key: str, seen: Sequence[str | None], theirs: Theirs | None = None) -> str:
    """The hidden cell that tells later what of a row was changed and whose row it is.

    Args:
        note: what the own columns hold.
        key: the hidden cell beside it.
        seen: name, phone, vacancies and last message as the row shows them.
        theirs: cells of columns that a person added, by heading.
    """
    own = [fingerprint(plain(getattr(note, name))) for name in OWN]
    added = [fingerprint(name) + fingerprint(text) for name, text in (theirs or {}).items()]
    return "-".join([*own, _owner_fingerprint(key, seen), *added])


class MarkedRow:
    """A row as it is found later, and what its mark tells.

    Attributes:
        sheet: what its sheet is called in a log; ``number`` is the row's, from 1.
        key: whom the row is about: a line each way they are known; empty when it is gone.
        note: the own columns as they are now.
        seen: name, phone, vacancies and last message as they are now.
        basis: fingerprints of the own columns as they were written, by field of the note.
        owner: the fingerprint of key and ``seen``; empty in a workbook of an earlier version.
        added: fingerprints of the cells that a person added, by that of their heading.
    """

    def __init__(
        self, sheet: str, number: int, values: Sequence[Any], columns: Mapping[str, int]
    ) -> None:
        self.sheet = sheet
        self.number = number
        self._cells = {
            key: typed(values[n]) if n < len(values) else None for key, n in columns.items()
        }
        self.key = self._cells.get("key") or ""
        typed_in: dict[str, Any] = {name: self._cells.get(at) for name, at in OWN.items()}
        self.note = Note(**typed_in)
        self.seen = [self._cells.get(column) or "" for column in _SEEN]
        *own, self.owner = [*(self._cells.get("mark") or "").split("-"), *[""] * 4][:4]
        self.basis = {name: was or fingerprint("") for name, was in zip(OWN, own, strict=True)}
        added = (self._cells.get("mark") or "").split("-")[4:]
        self.added = {part[:8]: part[8:] for part in added}

    @cached_property
    def changed(self) -> dict[str, str | None]:
        """The own columns that a person has changed, by field of the note."""
        return {
            name: self._cells[column]
            for name, column in OWN.items()
            if column in self._cells and fingerprint(plain(self._cells[column])) != self.basis[name]
        }

    @cached_property
    def agrees(self) -> bool:
        """Whether key, name and phone still belong together."""
        return bool(self.key) and self.owner == _owner_fingerprint(self.key, self.seen)

    def add_to(self, known: Known, heading: str, value: Any) -> None:
        """Note what a person added beside this row's; of two rows the one that was changed counts.

        Args:
            heading: of the person's column, or ``COLOUR``.
        """
        text = typed(value)
        now = fingerprint(text) if text else None
        changed = now != self.added.get(fingerprint(heading))
        for line in self.key.split("\n"):
            if line not in known or (changed and not known[line][0]):
                known[line] = changed, value if text else None


def _owner_fingerprint(key: str, seen: Sequence[str | None]) -> str:
    name, phone, *more = map(plain, seen)
    lines = plain(key).split("\n")
    # Name and phone tell people apart, unless the phone is not theirs alone.
    if phone_digits(phone) in {phone_digits(line) for line in lines if line[:1] == "+"}:
        more = []
    told = ["\n".join(lines), same_text(name), phone_digits(phone), *map(same_text, more)]
    return fingerprint("\0".join(told), 16)


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
    wanted = {key: headings(key) for key in (*_BLOCK, *_SEEN)}
    places = {
        key: place
        for key, names in wanted.items()
        for place, cell in enumerate(heading)
        if cell in names
    }
    if not {"key", "mark"} & places.keys():
        return places if places.keys() >= set(OWN.values()) else {}
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
