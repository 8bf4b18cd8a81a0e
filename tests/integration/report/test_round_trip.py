"""What a recruiter does to the workbook in LibreOffice and saves in another format."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import openpyxl

from tests.integration.report.test_libreoffice import pytestmark as pytestmark
from tests.unit.report.helpers import NOW
from tests.unit.report.test_carry_over import GREEN, MINE, add_column, colours, column, paint
from tests.unit.report.test_carry_over import three as three
from tests.unit.report.test_notes_back import CALLS, PEOPLE, TODAY, cell, edit
from tests.unit.report.test_working_day import WorkingDay
from tests.unit.report.test_working_day import day as day
from tools import look


def change(book: openpyxl.Workbook) -> None:
    """A column and a sheet added, a heading renamed, a sheet deleted, a filter set."""
    sheet = book[CALLS]
    cell(sheet, 2, "Комментарий").value = "просит утром"
    cell(sheet, 1, "Комментарий").value = "Заметки Марии"
    sheet.auto_filter.add_filter_column(cell(sheet, 1, "Очередь").column - 1, ["Сегодня"])
    sheet.row_dimensions[2].hidden = True
    del book[TODAY]
    book.create_sheet("План").append(["смена", 2])


def test_saved_as_ods_and_back_nothing_is_lost(three: WorkingDay, tmp_path: Path) -> None:
    path = three.folder / "resumes.xlsx"
    second = three.folder / "resumes (Мария).xlsx"
    shutil.copy(path, second)
    edit(second, lambda book: setattr(cell(book[CALLS], 3, "Комментарий"), "value", "из копии"))
    edit(path, add_column(CALLS, {2: "=5", 3: "высокий"}))
    edit(path, paint(CALLS, 4, fill=GREEN))
    edit(path, change)
    ods = look.convert(path, "ods", tmp_path / "ods")
    back = look.convert(ods, "xlsx", tmp_path / "back")
    shutil.copy(back, path)
    saved = (NOW + timedelta(minutes=5)).timestamp()
    os.utime(path, (saved, saved))
    three.report(NOW + timedelta(minutes=10))
    assert three.unclear == ()
    for title in (CALLS, TODAY, PEOPLE):
        said = column(three, title, "Комментарий")
        assert said == {"А": "просит утром", "Б": "из копии", "В": None}, title
    assert column(three, CALLS) == column(three, PEOPLE) == {"А": 5, "Б": "высокий", "В": None}
    for title in (CALLS, TODAY, PEOPLE):
        assert colours(three, title) == {"А": None, "Б": None, "В": "rgb FF92D050 0"}, title
    book = openpyxl.load_workbook(path)
    assert MINE not in [one.value for one in book[TODAY][1]]
    assert list(book["План"].iter_rows(values_only=True)) == [("смена", 2)]
