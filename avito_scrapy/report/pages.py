"""The sheets of people, of which a full one goes on on the next, and the last one, a guide."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Generic

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report.book import Book
from avito_scrapy.report.call_outcomes import EFFECTS, CallOutcomes
from avito_scrapy.report.options import ReportOptions
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
_GUIDE_WIDTH = 98  # characters
_GUIDE_LINE = 15.5  # points


@dataclass
class Pages(Generic[Row]):
    """Writes one kind of sheet; goes on on «NAME_2» when it is full.

    Attributes:
        kind: names the sheet in the texts (``sheet.KIND``).
        colour: gives the one that a person has painted a row in.
        titles: those of the sheets, ``rows`` how many there are on them.
    """

    book: Book
    kind: str
    columns: Sequence[Column[Row]]
    texts: Texts
    options: ReportOptions
    colour: Callable[[Row], str | None] | None = None
    titles: list[str] = field(default_factory=list)
    rows: int = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Write all ``rows``."""
        sheet = self._open()
        for row in rows:
            if sheet.rows >= self.options.max_rows:
                self._close(sheet)
                sheet = self._open()
            colour = self.colour(row) if self.colour else None
            sheet.append([column.value(row) for column in self.columns], colour=colour)
            self.rows += 1
        self._close(sheet)

    def _open(self) -> Sheet:
        title = self.texts(f"sheet.{self.kind}")
        if self.titles:
            title = f"{title}_{len(self.titles) + 1}"
        self.titles.append(title)
        sheet = self.book.open(title, self.columns)
        page = sheet.sheet
        page.freeze_panes = "B2"  # the name stays
        page.sheet_format.defaultRowHeight = ROW_HEIGHT
        page.sheet_format.customHeight = True
        page.sheet_properties.tabColor = _TAB_COLOURS[self.kind]
        print_setup(page, self.texts)
        page.print_title_rows = "1:1"
        heading = [
            Styled(
                column.heading or self.texts(f"col.{column.key}"),
                "own_head" if column.kind.startswith("own") else "head",
                self.texts.note(column.key),
            )
            for column in self.columns
        ]
        sheet.append(heading, HEAD_HEIGHT)
        return sheet

    def _close(self, sheet: Sheet) -> None:
        page, rows = sheet.sheet, sheet.rows
        page.auto_filter.ref = f"A1:{get_column_letter(len(self.columns))}{rows}"
        seen = [number for number, column in enumerate(self.columns, 1) if not column.hidden]
        last = seen[:_PRINTED][-1]
        page.print_area = f"A1:{get_column_letter(last)}{rows}"
        for number, column in enumerate(self.columns, 1):
            if column.key == "call_outcome" and rows > 1:
                offered = self.options.outcomes.names(self.options.lang)
                choice = DataValidation(
                    "list", f'"{",".join(offered)}"', allow_blank=True,
                    showErrorMessage=False,  # something else may be written too
                    prompt=self.texts("own.hint"), showInputMessage=True,
                )  # fmt: skip
                letter = get_column_letter(number)
                choice.add(f"{letter}2:{letter}{rows}")
                page.data_validations.append(choice)
        sheet.close()


def write_guide(book: Book, texts: Texts, outcomes: CallOutcomes) -> None:
    """Write «Как пользоваться»: how to work with the workbook, on one page."""
    column: Column[str] = Column("", _GUIDE_WIDTH, "long", lambda line: line)
    sheet = book.open(texts("sheet.guide"), [column])
    sheet.sheet.sheet_view.showGridLines = False
    sheet.sheet.sheet_properties.tabColor = "4472C4"
    print_setup(sheet.sheet, texts, one_page=True)
    for line in guide(texts, outcomes):
        if line.startswith("## "):
            sheet.append([Styled(line.removeprefix("## "), "guide_title")], 2 * _GUIDE_LINE)
        else:
            text = line.removeprefix("- ")
            sheet.append([text], _GUIDE_LINE * math.ceil(len(text) * 1.03 / _GUIDE_WIDTH))
    sheet.close()


def guide(texts: Texts, outcomes: CallOutcomes) -> list[str]:
    """The lines of the guide: «## » begins a heading, «- » a paragraph.

    They are those of ``guide_ru.txt`` (``guide_en.txt``), the same as in docs/ru.md.
    """
    file = resources.files("avito_scrapy.report") / f"guide_{texts.lang}.txt"
    rules = "\n".join(_rules(texts, outcomes))
    text = file.read_text("utf-8").replace("{outcomes}", rules)
    return [line for line in text.splitlines() if line]


def _rules(texts: Texts, outcomes: CallOutcomes) -> list[str]:
    alike: dict[tuple[int, float], list[str]] = {}
    effects = list(EFFECTS.values())
    for one, name in zip(outcomes.offered, outcomes.names(texts.lang), strict=True):
        hours = one.hours if one.effect == "later" else 0
        names = alike.setdefault((effects.index(one.effect), hours), [])
        names.append(texts("guide.name", name=name))
    rules = []
    for (place, hours), names in sorted(alike.items()):
        key = f"guide.{effects[place]}" if hours or effects[place] != "later" else "guide.at_once"
        shown_hours = f"{hours:g}".replace(".", texts("decimal"))
        rules.append(f"- {', '.join(names)}: {texts(key, hours=shown_hours)}.")
    return rules


def print_setup(sheet: Worksheet, texts: Texts, *, one_page: bool = False) -> None:
    """Page numbers; landscape, all columns on the width of a page, or all upright on one page."""
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "portrait" if one_page else "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.page_margins = PageMargins(left=0.3, right=0.3, top=0.3, bottom=0.6, footer=0.25)
    footer = sheet.oddFooter
    assert footer is not None
    assert footer.left is not None
    assert footer.right is not None
    footer.left.text, footer.right.text = "&A", texts("page")
