"""Small tables under one another on one sheet: titles, headings, rows, totals with their check."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report import charts
from avito_scrapy.report.book import Book
from avito_scrapy.report.pages import print_setup
from avito_scrapy.report.sheet import Column, Sheet, Styled, Value
from avito_scrapy.report.style import Kind
from avito_scrapy.report.texts import Texts


def _column(width: float, kind: Kind = "text") -> Column[Sequence[Value]]:
    return Column("", width, kind, lambda row: None)


COLUMNS = (
    _column(46), _column(17, "number"), _column(13, "number"), _column(13, "number"),
    _column(13, "number"), _column(54),
)  # fmt: skip

TITLE_HEIGHT, HEAD_HEIGHT = 20.0, 30.0  # points


class Tables:
    """A sheet of tables. Every figure is written as a value; none is computed by the file.

    ``inputs`` is what totals must be; None when it is not known. ``adds_up`` tells whether every
    total was right.
    """

    def __init__(self, book: Book, title: str, texts: Texts, inputs: int | None) -> None:
        self.adds_up = True
        self._book = book
        self._texts = texts
        self._inputs = inputs
        self._charts: list[tuple[str, int, int, bool]] = []
        self._sheet: Sheet = book.open(title, COLUMNS, self._setup)

    @property
    def now(self) -> int:
        """The number of the last row written."""
        return self._sheet.rows

    def close(self) -> None:
        """End the sheet and draw the charts."""
        self._book.close(self._sheet, self._finish)

    def line(self, text: str, style: str = "title") -> None:
        """A line of text without a table."""
        self._sheet.append([Styled(text, style)], TITLE_HEIGHT)

    def head(self, title: str, *columns: str) -> None:
        """An empty row, the table's title, the headings of its columns (the last: check)."""
        self._sheet.append([])
        self.line(self._texts(title))
        names = [self._texts(key) for key in columns or ("sum.metric", "sum.count")]
        names += [""] * (len(COLUMNS) - 1 - len(names)) + [self._texts("sum.check")]
        self._sheet.append([Styled(name, "head") for name in names], HEAD_HEIGHT)

    def row(self, *values: Value, said: Value = None) -> None:
        """A row of a table; ``said`` stands in the last column."""
        filled = [*values, *[None] * (len(COLUMNS) - 1 - len(values)), said]
        kinds = (column.kind for column in COLUMNS)
        self._sheet.append(
            [
                Styled(None, kind) if value is None else value
                for kind, value in zip(kinds, filled, strict=True)
            ]
        )

    def styled(self, value: str | float, style: str) -> Styled:
        """``value`` in one of the workbook's formats."""
        return Styled(value, style)

    def verdict(self, key: str, good: bool, **values: object) -> Styled:
        """The words ``key`` as a check that held or did not."""
        self.adds_up = self.adds_up and good
        return self.styled(self._texts(key, **values), "good" if good else "bad")

    def table(self, rows: Sequence[tuple[str, int]], share: int | None = None) -> None:
        """Names and their numbers, with their share of ``share``."""
        for name, count in rows:
            part = self.styled(count / share, "share") if share else None
            self.row(name, count, part)

    def chart(self, title: str, first: int, last: int, *, horizontal: bool = True) -> None:
        """Draw the rows ``first`` to ``last``, beside the tables and under the other charts."""
        if last >= first:
            self._charts.append((self._texts(title), first, last, horizontal))

    def total(self, total: int) -> None:
        """The total of a table, held against the input."""
        inputs = total if self._inputs is None else self._inputs
        key = "sum.ok" if total == inputs else "sum.short" if total < inputs else "sum.over"
        self.row(
            self.styled(self._texts("sum.total"), "bold"),
            self.styled(total, "bold_number"),
            said=self.verdict(key, total == inputs, n=abs(inputs - total)),
        )
        unknown = self._texts("sum.no_input") if self._inputs is None else None
        self.row(self._texts("sum.input"), self._inputs, said=unknown)

    def _setup(self, sheet: Worksheet) -> None:
        sheet.sheet_format.defaultRowHeight = charts.ROW_HEIGHT
        sheet.sheet_format.customHeight = True
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = "70AD47"
        print_setup(sheet, self._texts)

    def _finish(self, sheet: Worksheet, rows: int) -> None:
        for place, (title, first, last, horizontal) in enumerate(self._charts):
            charts.add_bars(sheet, title, first, last, place=place, horizontal=horizontal)
