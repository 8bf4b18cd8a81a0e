"""The charts of «Сводка», under one another to the right of the tables."""

from __future__ import annotations

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

WIDTH, HEIGHT = 19, 8  # centimetres
ROW_HEIGHT = 15.0  # points, of the rows of the sheet
COLUMN = "H"
_ROWS_APART = int(HEIGHT / 2.54 * 72 / ROW_HEIGHT) + 2
_COLOURS = ("44546A", "ED7D31", "4472C4", "70AD47")


def add_bars(
    sheet: Worksheet, title: str, first: int, last: int, *, place: int, horizontal: bool
) -> None:
    """A bar chart of the names in column A and the numbers in column B.

    ``first`` and ``last`` are the rows; ``place`` is the chart's place from the top, from 0.
    """
    chart = BarChart()
    chart.type = "bar" if horizontal else "col"
    chart.title = title
    chart.style = 10
    chart.legend = None
    chart.gapWidth = 40
    chart.width, chart.height = WIDTH, HEIGHT
    chart.add_data(Reference(sheet, min_col=2, min_row=first, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=first, max_row=last))
    series = chart.series[0]
    series.graphicalProperties = GraphicalProperties(solidFill=_COLOURS[place % len(_COLOURS)])
    series.dLbls = DataLabelList()
    series.dLbls.showVal = True
    for off in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(series.dLbls, off, False)
    # openpyxl hides the axes unless told otherwise.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.majorGridlines = None
    chart.y_axis.number_format = "#,##0"
    if horizontal:
        chart.x_axis.scaling.orientation = "maxMin"  # the first row at the top
    sheet.add_chart(chart, f"{COLUMN}{2 + place * _ROWS_APART}")
