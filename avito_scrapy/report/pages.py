"""Sheets of people: heading, filter and print settings, and a second sheet when one is full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report.book import Book
from avito_scrapy.report.sheet import Column, Row, Sheet, Styled
from avito_scrapy.report.texts import Texts

ROW_HEIGHT = 30.0  # points: two lines of text
HEAD_HEIGHT = 32.0
A4, A3 = 9, 8
_TAB_COLOURS = {
    "calls": "C00000", "today": "ED7D31", "never": "FFC000", "people": "44546A",
    "stopped": "7F7F7F", "without": "7F7F7F", "errors": "7F7F7F",
}  # fmt: skip


class Pages(Generic[Row]):
    """Writes one kind of sheet; goes on on «NAME_2» when it is full.

    Args:
        kind: names the sheet in the texts (``sheet.KIND``).
        frozen: the first cell that scrolls, as ``D2``.
        max_rows: rows a sheet may have, its heading among them.
        outcomes: of calls, to choose from.
    """

    def __init__(
        self,
        book: Book,
        kind: str,
        columns: Sequence[Column[Row]],
        texts: Texts,
        *,
        frozen: str,
        max_rows: int,
        size: int,
        outcomes: Sequence[str],
    ) -> None:
        self.titles: list[str] = []
        self.rows = 0
        self._book = book
        self._kind = kind
        self._columns = columns
        self._texts = texts
        self._frozen = frozen
        self._max_rows = max_rows
        self._size = size
        self._outcomes = outcomes

    def write(self, rows: Iterable[Row], expected: int) -> None:
        """Write all ``rows``, about ``expected`` of them."""
        sheet = self._open(expected)
        for row in rows:
            if sheet.rows >= self._max_rows:
                self._book.close(sheet, self._finish)
                sheet = self._open(expected)
            sheet.append([column.value(row) for column in self._columns], ROW_HEIGHT)
            self.rows += 1
        self._book.close(sheet, self._finish)

    def _open(self, expected: int) -> Sheet:
        title = self._texts(f"sheet.{self._kind}")
        if self.titles:
            title = f"{title}_{len(self.titles) + 1}"
        self.titles.append(title)
        rows = min(expected, self._max_rows)
        sheet = self._book.open(title, self._columns, self._setup, rows, self._size)
        styles = self._book.styles.by_kind
        sheet.append(
            [
                Styled(
                    self._texts(f"col.{column.key}"), styles["own_head" if column.own else "head"]
                )
                for column in self._columns
            ],
            HEAD_HEIGHT,
        )
        return sheet

    def _setup(self, sheet: Worksheet) -> None:
        sheet.freeze_panes = self._frozen
        sheet.sheet_format.defaultRowHeight = ROW_HEIGHT
        sheet.sheet_format.customHeight = True
        sheet.sheet_properties.tabColor = _TAB_COLOURS[self._kind]
        wide = self._kind == "people"
        print_setup(sheet, self._texts, A3 if wide else A4, pages_wide=2 if wide else 1)
        sheet.print_title_rows = "1:1"
        if wide:
            sheet.print_title_cols = "A:B"

    def _finish(self, sheet: Worksheet, rows: int) -> None:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{rows}"
        for number, column in enumerate(self._columns, 1):
            if column.key == "call_outcome" and rows > 1:
                choice = DataValidation("list", f'"{",".join(self._outcomes)}"', allow_blank=True)
                choice.showErrorMessage = False  # something else may be written too
                choice.prompt = self._texts("own.hint")
                choice.showInputMessage = True
                letter = get_column_letter(number)
                choice.add(f"{letter}2:{letter}{rows}")
                sheet.add_data_validation(choice)


def print_setup(sheet: Worksheet, texts: Texts, paper: int, pages_wide: int = 1) -> None:
    """Landscape, all columns on the width of one page (or ``pages_wide``), page numbers."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = 0.3
    margins.bottom = 0.5
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.left is not None
    assert footer.right is not None
    footer.left.text, footer.right.text = "&A", texts("page")
