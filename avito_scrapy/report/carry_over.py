"""Columns and sheets that a person added to the workbook, carried over into the next one.

A column goes with its people, to the right of ours, onto the sheets it was on and «Кандидаты»,
where whoever has left a call list still stands; so does the colour of a row. The mark of a row
(``row_marks.mark``) tells what was in these cells and the colour too, so that of two sheets
the one that was changed counts. A sheet is carried over by its values. Other colours, charts,
pictures and formulas are not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from avito_scrapy.avito.phones import find_phones
from avito_scrapy.report.book import Book
from avito_scrapy.report.cells import typed
from avito_scrapy.report.people import Person
from avito_scrapy.report.recruiter_notes import RecruiterNotes, row_numbers
from avito_scrapy.report.row_marks import COLOUR, Known, MarkedRow, Theirs, columns_of, theirs_of
from avito_scrapy.report.sheet import Column, Row, Styled, Value
from avito_scrapy.report.texts import is_ours, sheet_titles

_KINDS = ("calls", "today", "never", "people")
_MOST_CELLS = 1_000_000


@dataclass
class CarriedOver:
    """What a person added.

    Attributes:
        columns: headings by kind of sheet.
        values: by heading (or ``COLOUR``).
        sheets: rows by title.
        formulas: cells whose value stands in for a formula.
        refused: sheets that are too large.
        unclear: rows by sheet that belong to nobody.
    """

    columns: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, Known] = field(default_factory=dict)
    sheets: dict[str, list[Sequence[Any]]] = field(default_factory=dict)
    formulas: int = 0
    refused: int = 0
    unclear: dict[str, list[int]] = field(default_factory=dict)
    _shown: set[str] = field(default_factory=set)

    def value(self, heading: str, keys: Sequence[str]) -> Any:
        """What stands in a column for the person with these keys."""
        known = self.values.get(heading, {})
        return next((known[key][1] for key in keys if key in known), None)

    def headings(self, kind: str) -> list[str]:
        """The columns of a kind of sheet; all of them for «Кандидаты»."""
        if kind != "people":
            return self.columns.get(kind, [])
        return list(dict.fromkeys(name for names in self.columns.values() for name in names))

    def cells(self, kind: str, person: Person) -> Theirs:
        """The cells of a person's row, for its mark."""
        self._shown.update(person.keys)
        names = [*self.headings(kind), COLOUR]
        found = {name: self.value(name, person.keys) for name in names}
        return {name: text for name, value in found.items() if (text := typed(value))}

    def colour(self, person: Person) -> str | None:
        """The colour of a person's rows."""
        colour: str | None = self.value(COLOUR, person.keys)
        return colour

    def columns_for(self, kind: str, person: Callable[[Row], Person]) -> Sequence[Column[Row]]:
        """The columns to the right of ours."""

        def cell(heading: str) -> Callable[[Row], Value]:
            return lambda row: _shown(self.value(heading, person(row).keys))

        return [
            Column("theirs", 18, "long", cell(name), heading=name) for name in self.headings(kind)
        ]

    def write_sheets(self, book: Book) -> None:
        """Write the sheets behind ours."""
        for title, rows in self.sheets.items():
            width = max((len(row) for row in rows), default=1)
            columns: Sequence[Column[Any]] = [Column("", 18, "long", lambda _: None)] * width
            sheet = book.open(title, columns)
            for row in rows:
                sheet.append([_shown(value) for value in row])
            sheet.close()

    def describe_unclear(self) -> str:
        """The rows of nobody in words."""
        rows = row_numbers(self.unclear)
        return f"cells of your own columns, or colours, given to nobody ({rows})"

    def drop(self, traces: AbstractSet[str]) -> int:
        """Drop the rows of the sheets that hold one of ``traces``, phones among them; how many."""
        dropped = 0
        for title, rows in self.sheets.items():
            kept = [row for row in rows if not _holds(row, traces)]
            dropped += len(rows) - len(kept)
            self.sheets[title] = kept
        return dropped

    def describe(self, place: str = "in previous/ only") -> str | None:
        """What was carried over and what was not (``place`` tells where that is), in one line
        without anybody's data."""
        names = len(self.headings("people"))
        colours = any(colour for _, colour in self.values.get(COLOUR, {}).values())
        if not (names or self.sheets or self.refused or colours):
            return None
        absent = {
            keys
            for known in self.values.values()
            for keys, (_, value) in known.items()
            if value is not None and keys not in self._shown
        }
        left = ["other colours", "charts and pictures"]
        left += [f"formulas ({self.formulas}, whose values are here)"] if self.formulas else []
        left += [f"sheets that are too large ({self.refused})"] if self.refused else []
        left += ["what stood beside people who are not in it"] if absent else []
        return (
            f"your own columns ({names}) and sheets ({len(self.sheets)})"
            f"{', and colours of rows,' if colours else ''} were carried over;"
            f" {place}: {', '.join(left)}"
        )


def read_additions(workbooks: Mapping[Path, RecruiterNotes]) -> CarriedOver:
    """Read what a person added to the workbooks, in their order: the later counts.

    Args:
        workbooks: with what was read of them.
    """
    found = CarriedOver()
    for path, read in workbooks.items():
        values = {COLOUR: read.colours}
        for sheet, numbers in read.painted.items():
            found.unclear.setdefault(sheet, []).extend(numbers)
        if read.extended:
            _read_file(path, values, found)
        for heading, known in values.items():
            found.values[heading] = found.values.get(heading, {}) | known
    return found


def _read_file(path: Path, values: dict[str, Known], found: CarriedOver) -> None:
    with path.open("rb") as first, path.open("rb") as second:
        shown = openpyxl.load_workbook(first, read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(second, read_only=True)
        for sheet, computed in zip(shown.worksheets, formulas.worksheets, strict=True):
            sheet.reset_dimensions()
            computed.reset_dimensions()
            rows = _rows(sheet.iter_rows(), computed.iter_rows(), found)
            _read_sheet(sheet.title, rows, values, found)


def _rows(
    values: Iterable[Sequence[Any]], formulas: Iterable[Sequence[Any]], found: CarriedOver
) -> Iterator[Sequence[Any]]:
    """Rows of values; a formula without one as its text."""
    for row, computed in zip(values, formulas, strict=True):
        cells = []
        for cell, formula in zip(row, computed, strict=True):
            is_formula = formula.data_type == "f"
            found.formulas += is_formula
            cells.append(formula.value if is_formula and cell.value is None else cell.value)
        yield cells


def _read_sheet(
    title: str, rows: Iterator[Sequence[Any]], values: dict[str, Known], found: CarriedOver
) -> None:
    heading = next(rows, ())
    columns = columns_of(heading)
    if {"key", "mark"} <= columns.keys():
        theirs = theirs_of(heading, columns)
        if theirs:
            plain = re.sub(r"_\d+$", "", title)
            kind = next((kind for kind in _KINDS if plain in sheet_titles(kind)), None)
            names = found.columns.setdefault(kind or "people", [])
            names += [name for name in theirs if name not in names]
            sheet = title if kind else "a sheet"
            for number, row in enumerate(rows, 2):
                _read_person(MarkedRow(sheet, number, row, columns), row, theirs, values, found)
    elif not is_ours(title):
        kept: list[Sequence[Any]] = []
        cells = 0
        for row in [heading, *rows]:
            cells += len(row)
            kept.append(row)
            if cells > _MOST_CELLS:
                found.refused += 1
                return
        while kept and not any(value is not None for value in kept[-1]):
            kept.pop()
        if kept:
            found.sheets[title] = kept


def _read_person(
    marked: MarkedRow,
    row: Sequence[Any],
    theirs: Mapping[str, int],
    values: dict[str, Known],
    found: CarriedOver,
) -> None:
    cells = {name: row[place] if place < len(row) else None for name, place in theirs.items()}
    if marked.agrees:
        for name, value in cells.items():
            marked.add_to(values.setdefault(name, {}), name, value)
    elif any(value is not None for value in cells.values()):
        found.unclear.setdefault(marked.sheet, []).append(marked.number)


def _holds(row: Sequence[Any], traces: AbstractSet[str]) -> bool:
    texts = [text for value in row if (text := typed(value))]
    words = [trace for trace in traces if trace[0] != "+"]  # one phone may begin another
    return any(
        any(word in text for word in words) or not traces.isdisjoint(find_phones(text))
        for text in texts
    )


def _shown(value: Any) -> Value:
    if isinstance(value, datetime):
        return Styled(value, "date")
    if isinstance(value, date):
        return Styled(datetime(value.year, value.month, value.day), "date")  # noqa: DTZ001
    if isinstance(value, (int, float)):
        return value
    return None if value is None else str(value)
