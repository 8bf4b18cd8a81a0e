"""Sheets of people: heading, filter and print settings, and a second sheet when one is full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report.book import Book
from avito_scrapy.report.sheet import Column, Row, Sheet, Styled
from avito_scrapy.report.texts import Texts

ROW_HEIGHT = 45.0  # points: three lines of text
HEAD_HEIGHT = 46.0
_PRINTED = 8  # columns, the first: more would be too small to read
_A4 = 9
_TAB_COLOURS = {
    "calls": "C00000", "today": "ED7D31", "never": "FFC000", "people": "44546A",
    "stopped": "7F7F7F", "without": "7F7F7F", "errors": "7F7F7F", "history": "FFD966",
}  # fmt: skip


class Pages(Generic[Row]):
    """Writes one kind of sheet; goes on on «NAME_2» when it is full.

    Args:
        kind: names the sheet in the texts (``sheet.KIND``).
        max_rows: rows a sheet may have, its heading among them.
        outcomes: of calls, to choose from.
        colour: gives the one that a person has painted a row in.
    """

    def __init__(
        self,
        book: Book,
        kind: str,
        columns: Sequence[Column[Row]],
        texts: Texts,
        *,
        max_rows: int,
        outcomes: Sequence[str],
        colour: Callable[[Row], str | None] | None = None,
    ) -> None:
        self.titles: list[str] = []
        self.rows = 0
        self._book = book
        self._kind = kind
        self._columns = columns
        self._texts = texts
        self._max_rows = max_rows
        self._outcomes = outcomes
        self._colour = colour

    def write(self, rows: Iterable[Row]) -> None:
        """Write all ``rows``."""
        sheet = self._open()
        for row in rows:
            if sheet.rows >= self._max_rows:
                self._book.close(sheet, self._finish)
                sheet = self._open()
            colour = self._colour(row) if self._colour else None
            sheet.append([column.value(row) for column in self._columns], colour=colour)
            self.rows += 1
        self._book.close(sheet, self._finish)

    def _open(self) -> Sheet:
        title = self._texts(f"sheet.{self._kind}")
        if self.titles:
            title = f"{title}_{len(self.titles) + 1}"
        self.titles.append(title)
        sheet = self._book.open(title, self._columns, self._setup)
        sheet.append(
            [
                Styled(
                    column.heading or self._texts(f"col.{column.key}"),
                    "own_head" if column.own else "head",
                    self._texts.note(column.key),
                )
                for column in self._columns
            ],
            HEAD_HEIGHT,
        )
        return sheet

    def _setup(self, sheet: Worksheet) -> None:
        sheet.freeze_panes = "B2"  # the name stays
        sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
        sheet.sheet_format.customHeight = True
        sheet.sheet_properties.tabColor = _TAB_COLOURS[self._kind]
        print_setup(sheet, self._texts)
        sheet.print_title_rows = "1:1"

    def _finish(self, sheet: Worksheet, rows: int) -> None:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{rows}"
        seen = [number for number, column in enumerate(self._columns, 1) if not column.hidden]
        last = seen[:_PRINTED][-1]
        sheet.print_area = f"A1:{get_column_letter(last)}{rows}"
        for number, column in enumerate(self._columns, 1):
            if column.key == "call_outcome" and rows > 1:
                choice = DataValidation("list", f'"{",".join(self._outcomes)}"', allow_blank=True)
                choice.showErrorMessage = False  # something else may be written too
                choice.prompt = self._texts("own.hint")
                choice.showInputMessage = True
                letter = get_column_letter(number)
                choice.add(f"{letter}2:{letter}{rows}")
                sheet.data_validations.append(choice)


def print_setup(sheet: Worksheet, texts: Texts, *, one_page: bool = False) -> None:
    """Page numbers; landscape, all columns on the width of a page, or all upright on one page."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "portrait" if one_page else "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.3
    margins.bottom, margins.footer = 0.6, 0.25
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.left is not None
    assert footer.right is not None
    footer.left.text, footer.right.text = "&A", texts("page")
