"""The tables of «Сводка» under one another, their totals with a check, and their charts."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties

from avito_scrapy.report.book import Book
from avito_scrapy.report.pages import print_setup
from avito_scrapy.report.sheet import Column, Styled, Value
from avito_scrapy.report.style import Kind
from avito_scrapy.report.texts import Texts


def _column(width: float, kind: Kind = "text") -> Column[Sequence[Value]]:
    return Column("", width, kind, lambda row: None)


COLUMNS = (
    _column(46), _column(17, "number"), _column(13, "number"), _column(13, "number"),
    _column(13, "number"), _column(54),
)  # fmt: skip
TITLE_HEIGHT, HEAD_HEIGHT, ROW_HEIGHT = 20.0, 30.0, 15.0  # points
_CHART_WIDTH, _CHART_HEIGHT = 19, 8  # centimetres
_CHART_COLUMN = "H"
_ROWS_APART = int(_CHART_HEIGHT / 2.54 * 72 / ROW_HEIGHT) + 2
_COLOURS = ("44546A", "ED7D31", "4472C4", "70AD47")


class Tables:
    """The sheet. Every figure is written as a value; none is computed by the file.

    ``inputs`` is what totals must be; None when it is not known.
    """

    def __init__(self, book: Book, texts: Texts, inputs: int | None) -> None:
        self.texts = texts
        self._inputs = inputs
        self._charts = 0
        self._begun = 0
        self._sheet = book.open(texts("sheet.summary"), COLUMNS)
        sheet = self._sheet.sheet
        sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
        sheet.sheet_format.customHeight = True
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = "70AD47"
        print_setup(sheet, texts)

    def close(self) -> None:
        """End the sheet."""
        self._sheet.close()

    def line(self, text: str, style: str = "title") -> None:
        """A line of text without a table."""
        self._sheet.append([Styled(text, style)], TITLE_HEIGHT)

    def head(self, title: str, *columns: str) -> None:
        """An empty row, the table's title, the headings of its columns (the last: check)."""
        self._sheet.append([])
        self.line(self.texts(title))
        names = [self.texts(key) for key in columns or ("sum.metric", "sum.count")]
        names += [""] * (len(COLUMNS) - 1 - len(names)) + [self.texts("sum.check")]
        self._sheet.append([Styled(name, "head") for name in names], HEAD_HEIGHT)
        self._begun = self._sheet.rows + 1

    def row(self, *values: Value, said: Value = None) -> None:
        """A row of a table; ``said`` stands in the last column."""
        filled = [*values, *[None] * (len(COLUMNS) - 1 - len(values)), said]
        self._sheet.append(
            [
                Styled(None, column.kind) if value is None else value
                for column, value in zip(COLUMNS, filled, strict=True)
            ]
        )

    def verdict(self, key: str, good: bool, **values: object) -> Styled:
        """The words ``key`` as a check that held or did not."""
        return Styled(self.texts(key, **values), "good" if good else "bad")

    def total(self, total: int) -> None:
        """The total of a table, held against the input."""
        inputs = total if self._inputs is None else self._inputs
        key = "sum.ok" if total == inputs else "sum.short" if total < inputs else "sum.over"
        self.row(
            Styled(self.texts("sum.total"), "bold"),
            Styled(total, "bold_number"),
            said=self.verdict(key, total == inputs, n=abs(inputs - total)),
        )
        unknown = self.texts("sum.no_input") if self._inputs is None else None
        self.row(self.texts("sum.input"), self._inputs, said=unknown)

    def chart(self, title: str, *, most: int | None = None, horizontal: bool = True) -> None:
        """Draw the numbers of the table's rows by their names, ``most`` rows of it at most.

        The charts stand under one another to the right of the tables.
        """
        first, last = self._begun, self._sheet.rows
        if most is not None:
            last = min(last, first + most - 1)
        if last < first:
            return
        sheet = self._sheet.sheet
        chart = BarChart()
        chart.type = "bar" if horizontal else "col"
        chart.title = self.texts(title)
        chart.style = 10
        chart.legend = None
        chart.gapWidth = 40
        chart.width, chart.height = _CHART_WIDTH, _CHART_HEIGHT
        chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last))
        chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
        series = chart.series[0]
        colour = _COLOURS[self._charts % len(_COLOURS)]
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        names = ("showSerName", "showCatName", "showLegendKey", "showPercent")
        series.dLbls = DataLabelList(showVal=True, **dict.fromkeys(names, False))
        # openpyxl hides the axes unless told otherwise.
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.y_axis.majorGridlines = None
        chart.y_axis.number_format = "#,##0"
        if horizontal:
            chart.x_axis.scaling.orientation = "maxMin"  # the first row at the top
        sheet.add_chart(chart, f"{_CHART_COLUMN}{2 + self._charts * _ROWS_APART}")
        self._charts += 1
