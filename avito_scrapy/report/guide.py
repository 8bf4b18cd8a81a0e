"""The last sheet, «Как пользоваться»: how to work with the workbook, on one page.

The text is that of ``guide_ru.txt`` (``guide_en.txt``), the same as in docs/ru.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import resources

from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report.book import Book
from avito_scrapy.report.call_outcomes import CallOutcomes, Effect
from avito_scrapy.report.pages import print_setup
from avito_scrapy.report.sheet import Column, Styled
from avito_scrapy.report.texts import Lang, Texts

_WIDTH = 105  # characters
_LINE = 15.5  # points
_EFFECTS: Sequence[Effect] = ("off", "later", "at_time", "stays")


def guide(lang: Lang, outcomes: CallOutcomes, texts: Texts) -> list[str]:
    """The lines of the guide: «## » begins a heading, «- » a paragraph."""
    text = (resources.files("avito_scrapy.report") / f"guide_{lang}.txt").read_text("utf-8")
    rules = "\n".join(_rules(lang, outcomes, texts))
    return [line for line in text.replace("{outcomes}", rules).splitlines() if line]


def _rules(lang: Lang, outcomes: CallOutcomes, texts: Texts) -> list[str]:
    rules = []
    shown = list(zip(outcomes.offered, outcomes.names(lang), strict=True))
    for effect in _EFFECTS:
        hours = sorted({one.hours for one in outcomes.offered if one.effect == effect})
        for after in hours if effect == "later" else hours[:1]:
            names = [
                texts("guide.name", name=name)
                for one, name in shown
                if one.effect == effect and (effect != "later" or one.hours == after)
            ]
            key = "guide.at_once" if effect == "later" and not after else f"guide.{effect}"
            shown_hours = f"{after:g}".replace(".", texts("decimal"))
            rules.append(f"- {', '.join(names)}: {texts(key, hours=shown_hours)}.")
    return rules


def write_guide(book: Book, texts: Texts, lang: Lang, outcomes: CallOutcomes) -> None:
    """Write the sheet."""

    def setup(sheet: Worksheet) -> None:
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = "4472C4"
        print_setup(sheet, texts, one_page=True)

    lines = guide(lang, outcomes, texts)
    column: Column[str] = Column("", _WIDTH, "long", lambda line: line)
    sheet = book.open(texts("sheet.guide"), [column], setup)
    for line in lines:
        if line.startswith("## "):
            title = Styled(line.removeprefix("## "), "guide_title")
            sheet.append([title], 2 * _LINE)
        else:
            text = line.removeprefix("- ")
            sheet.append([text], _LINE * math.ceil(len(text) * 1.15 / _WIDTH))
    book.close(sheet, lambda _sheet, _rows: None)
