"""One sheet of the workbook, written row by row in openpyxl's write-only mode."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report.cells import serial, visible
from avito_scrapy.report.style import Kind, dress

# Excel refuses a worksheet with more than 65,530; openpyxl keeps each in memory, in about 2 KB.
MAX_LINKS = 30_000


class Link(NamedTuple):
    """A cell that leads somewhere: ``label`` is shown, ``url`` opened."""

    url: str
    label: str


class Styled(NamedTuple):
    """A value with a format of its own instead of its column's, and a note when there is one."""

    value: str | float | datetime | Link | None
    style: str
    note: str | None = None


Value = str | int | float | datetime | Link | Styled | None


Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    Attributes:
        key: names its heading in the texts (``col.KEY``).
        width: in characters.
        kind: how its cells look.
        value: gives the cell of a row.
        outline: 1 for columns that a click above the sheet hides and shows.
        heading: what a person called a column of theirs.
    """

    key: str
    width: float
    kind: Kind
    value: Callable[[Row], Value]
    hidden: bool = False
    outline: int = 0
    heading: str | None = None


class _FormatCell(Cell):
    """A cell with a format that is used for many values.

    openpyxl asks for the look of a cell several times for each value, and words an error for
    each value that is a cell.
    """

    has_style = True

    @cached_property
    def style_id(self) -> int:
        return super().style_id

    def __repr__(self) -> str:
        return "cell"


class Sheet:
    """An open sheet.

    An empty cell is not written: it looks as its column does. A cell object is made for each
    format and used again for every row.

    Args:
        sheet: openpyxl's sheet. What stands before its rows is final at the first row.
        columns: their kinds decide the format of each cell.

    Attributes:
        kinds: the kind of each column.
    """

    def __init__(self, sheet: Worksheet, columns: Sequence[Column[Any]]) -> None:
        self.sheet = sheet
        self.rows = 0
        self.links = 0
        self.kinds = [column.kind for column in columns]
        self._cells: dict[str, Cell] = {}
        for number, column in enumerate(columns, 1):
            known = sheet.column_dimensions[get_column_letter(number)]
            known.width = column.width
            known.hidden = column.hidden
            known.outlineLevel = column.outline
            if column.key:  # the tables of «Сводка» have a grid of their own
                dress(known, column.kind)

    def append(
        self, values: Sequence[Value], height: float | None = None, colour: str | None = None
    ) -> None:
        """Write one row, ``values`` in the order of the columns; ``height`` in points, ``colour``
        as a person has painted it (``style.colour_of``)."""
        self.rows += 1
        if height:
            self.sheet.row_dimensions[self.rows].height = height
        self.sheet.append(self._row(values, colour))  # type: ignore[arg-type]

    def close(self) -> None:
        """End the sheet."""
        self.sheet.close()  # type: ignore[attr-defined]

    def _row(
        self, values: Sequence[Value], colour: str | None
    ) -> Generator[Cell | None, None, None]:
        # A row of «Сводка» may be shorter; all others are made by the columns themselves.
        for number, (kind, value) in enumerate(zip(self.kinds, values, strict=False), 1):
            # The last is written even when it is empty: readers take the row's width from it.
            written = value is not None or colour or number == len(self.kinds)
            yield self._cell(kind, value, colour) if written else None

    def _cell(self, kind: str, value: Value, colour: str | None) -> Cell:
        note = None
        if isinstance(value, Styled):
            value, kind, note = value
        look = f"{kind} {colour}" if colour else kind
        cell = self._cells.get(look)
        if cell is None:
            cell = self._cells[look] = _FormatCell(self.sheet, row=1, column=1)
            dress(cell, kind, colour)
        if isinstance(value, Link):
            cell.value = visible(self._link(cell, value))
            cell.data_type = "s"
        elif isinstance(value, str):
            cell.value = visible(value)
            # openpyxl takes "=1" for a formula and "#N/A" for an error.
            cell.data_type = "s"
        else:
            cell.value = serial(value) if isinstance(value, datetime) else value
        if note is not None:
            cell.comment = Comment(note, "avito_scrapy", height=110, width=260)
        return cell

    def _link(self, cell: Cell, link: Link) -> str:
        """Give ``cell`` its link and tell its text; the address itself when there is no place."""
        cell.hyperlink = None
        if self.links >= MAX_LINKS:
            return link.label if link.url.startswith("tel:") else link.url
        self.links += 1
        cell.hyperlink = visible(link.url)
        return link.label
