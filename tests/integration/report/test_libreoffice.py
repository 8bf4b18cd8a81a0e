"""The workbook as another program sees it."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from avito_sandbox.data.hostile import HOSTILE, LONG
from avito_scrapy.items import Note
from avito_scrapy.report import read_notes
from tests.unit.report.helpers import WrittenWorkbook, ago, chat, plain, write
from tools import look
from tools.sample import write_sample

pytestmark = pytest.mark.skipif(
    bool(look.missing()) and not os.environ.get("CI"),
    reason="no LibreOffice or poppler here: apt-get install libreoffice-calc poppler-utils",
)


# Every sheet into a file of its own: commas, quotes, UTF-8, cells as they are shown.
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"


def shown(path: Path) -> dict[str, list[list[str]]]:
    """Sheet to its rows below the heading: what openpyxl finds, as a cell shows it."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [[_text(cell) for cell in row] for row in sheet.iter_rows(min_row=2)]
        for sheet in book.worksheets[:-1]
    }


def _text(cell: Any) -> str:
    assert cell.data_type != "f", f"{cell.coordinate} is a formula"
    value = cell.value
    if value is None:
        return ""
    if cell.is_date:
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, str):
        return unescape(value)
    return f"{value:.1f}" if cell.number_format == "#,##0.0" else str(value)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> WrittenWorkbook:
    people = [
        chat(n, full_name=text, last_message=text, item_title=text, title=text, vacancy_id=None,
             chat_status="awaits_us", waiting_since=ago(hours=n), last_message_at=ago(hours=n))
        for n, text in enumerate([*HOSTILE, LONG], 1)
    ]  # fmt: skip
    notes = {
        "+79000000001": Note("=1+1", "_x0041_ +7 \x07", "2026-02-03 10:15"),
        "+79000000002": Note("Отказ", None, "вечером"),
    }
    return write(tmp_path_factory.mktemp("hostile"), people, notes)


@pytest.fixture(scope="module")
def converted(hostile: WrittenWorkbook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook, opened and saved by LibreOffice."""
    return look.convert(hostile.path, "xlsx", tmp_path_factory.mktemp("converted"))


def test_libreoffice_shows_what_was_written(hostile: WrittenWorkbook, tmp_path: Path) -> None:
    look.convert(hostile.path, CSV, tmp_path, made=f"{hostile.path.stem}-Кандидаты.csv")
    for title, rows in shown(hostile.path).items():
        with (tmp_path / f"{hostile.path.stem}-{title}.csv").open(newline="") as file:
            _, *found = csv.reader(file)
        # a tab at the beginning is shown as the space it takes
        assert found == rows, title


def test_links_lead_where_they_led(hostile: WrittenWorkbook, converted: Path) -> None:
    def targets(path: Path) -> list[str]:
        sheet = openpyxl.load_workbook(path)["Кандидаты"]
        return [
            str(cell.hyperlink.target)
            for row in sheet.iter_rows()
            for cell in row
            if cell.hyperlink
        ]

    assert len(targets(hostile.path)) == 2 * (len(HOSTILE) + 1)
    assert targets(converted) == targets(hostile.path)


def test_notes_are_read_back_from_what_libreoffice_saved(converted: Path) -> None:
    assert read_notes(converted).notes == {}, "nobody has changed anything"
    book = openpyxl.load_workbook(converted)
    sheet = book["Для_звонков"]
    heading = [cell.value for cell in sheet[1]]
    phones = [
        plain("Телефон", row[heading.index("Телефон")].value) for row in sheet.iter_rows(min_row=2)
    ]
    comment = sheet.cell(2 + phones.index("+79000000001"), heading.index("Комментарий") + 1)
    comment.value = "перезвонить"
    book.save(converted)
    changed = {key: note for key, note in read_notes(converted).notes.items() if note}
    assert changed == {"+79000000001": Note("=1+1", "перезвонить", "2026-02-03 10:15")}


def test_every_sheet_can_be_looked_at(tmp_path: Path) -> None:
    pictures = look.look(write_sample(tmp_path, 120), tmp_path / "pictures")
    titles = [picture.name.split("-")[1] for picture in pictures]
    assert list(dict.fromkeys(titles)) == [
        "Кандидаты", "Для_звонков", "На_сегодня", "Кому_не_писали", "Исключено_по_стоплисту",
        "Без_резюме", "Ошибки", "Сводка",
    ]  # fmt: skip
    assert all(picture.stat().st_size > 10_000 for picture in pictures)
