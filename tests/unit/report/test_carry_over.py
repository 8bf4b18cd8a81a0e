"""Columns, sheets and colours that a recruiter added are in the next workbook too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Color, PatternFill

from avito_scrapy.report import read_notes
from avito_scrapy.report.carry_over import CarriedOver
from avito_scrapy.report.previous import not_read_yet
from avito_scrapy.report.style import colour_of
from tests.unit.report.helpers import NOW, ago, chat
from tests.unit.report.test_notes_back import CALLS, PEOPLE, TODAY, cell, edit
from tests.unit.report.test_working_day import WorkingDay
from tests.unit.report.test_working_day import day as day

MINE = "Мой рейтинг"
Change = Callable[[openpyxl.Workbook], None]


@pytest.fixture
def three(day: WorkingDay) -> WorkingDay:
    """Three people who wrote today."""
    day.chats = [
        chat(n, full_name=f"Проба {'АБВ'[n - 1]}", chat_status="awaits_us", last_message="Когда?",
             waiting_since=ago(hours=9 - n), last_message_at=ago(hours=9 - n))
        for n in (1, 2, 3)
    ]  # fmt: skip
    day.report(NOW)
    return day


def add_column(title: str, values: dict[int, Any], heading: str = MINE) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book[title]
        place = sheet.max_column + 1
        sheet.cell(1, place).value = heading
        for row, value in values.items():
            sheet.cell(row, place).value = value

    return change


def again(day: WorkingDay, *changes: Change) -> str | None:
    """Change the workbook, report; what was said of carrying over."""
    path = day.folder / "resumes.xlsx"
    for change in changes:
        edit(path, change)
    day.report(NOW)
    return day.carried


def column(day: WorkingDay, title: str, heading: str = MINE) -> dict[str, Any]:
    book = openpyxl.load_workbook(day.folder / "resumes.xlsx")
    rows = book[title].iter_rows(values_only=True)
    names = list(next(rows))
    place = names.index(heading)
    return {str(row[0])[-1]: row[place] for row in rows}


def test_a_column_goes_with_its_people_whatever_they_do(three: WorkingDay) -> None:
    when = datetime(2026, 2, 1, 9, 30)  # noqa: DTZ001  (a cell has no zone)
    said = again(three, add_column(CALLS, {2: "=5 звёзд", 3: 4, 4: when}))
    values = {"А": "=5 звёзд", "Б": 4, "В": when}
    assert column(three, CALLS) == column(three, PEOPLE) == values
    assert said is not None
    assert said.startswith("your own columns (1) and sheets (0) were carried over; in previous/")
    headings = [
        one.value for one in openpyxl.load_workbook(three.folder / "resumes.xlsx")[TODAY][1]
    ]
    assert MINE not in headings, "it was not there"

    def invite(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 2, "Исход звонка").value = "Приглашён"

    again(three, invite)
    assert column(three, CALLS) == {"Б": 4, "В": when}
    assert column(three, PEOPLE) == values, "who has left the list still has it"
    three.chats = three.chats[::-1]
    again(three)
    assert column(three, PEOPLE) == values
    assert read_notes(three.folder / "resumes.xlsx").edits == []


def test_a_column_stays_though_nothing_is_typed_any_more(three: WorkingDay) -> None:
    path = three.folder / "resumes.xlsx"
    assert not_read_yet(path, [path]) == [], "nothing of a person's is in it"
    again(three, add_column(CALLS, {2: "5"}))
    assert not_read_yet(path, [path]) == [path]
    for _ in range(2):
        again(three)
        assert column(three, CALLS) == {"А": "5", "Б": None, "В": None}


@pytest.mark.parametrize("title", [CALLS, PEOPLE])
@pytest.mark.parametrize("value", ["новое", None])
def test_of_two_sheets_the_one_that_was_changed_counts(
    three: WorkingDay, title: str, value: str | None
) -> None:
    again(three, add_column(CALLS, {2: "старое", 3: "второе"}))

    def change(book: openpyxl.Workbook) -> None:
        names = [one.value for one in book[title]["A"]]
        cell(book[title], names.index("Проба А") + 1, MINE).value = value

    again(three, change)
    assert column(three, CALLS) == column(three, PEOPLE) == {"А": value, "Б": "второе", "В": None}


def test_a_cell_beside_somebody_else_is_nobody_s_and_named(three: WorkingDay) -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 3, "Кандидат").value = "Кто-то"

    again(three, add_column(CALLS, {2: "его", 3: "чужое"}), change)
    assert column(three, CALLS) == {"А": "его", "Б": None, "В": None}
    assert three.unclear == (
        f"cells of your own columns, or colours, given to nobody ({CALLS}: 3): the replaced"
        " workbook is in previous/",
    )


def test_a_sheet_is_carried_over_by_its_values(three: WorkingDay) -> None:
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("План", 0)
        for row in ([None, "смена", 1], [], ["итого", "=SUM(C1:C1)", datetime(2026, 2, 1)]):  # noqa: DTZ001
            sheet.append(row)

    said = again(three, change)
    assert said is not None
    assert "sheets (1)" in said
    assert "formulas (1, whose values are here)" in said
    again(three)  # and once more
    book = openpyxl.load_workbook(three.folder / "resumes.xlsx")
    assert book.sheetnames[-1] == "План"
    assert list(book["План"].iter_rows(values_only=True)) == [
        (None, "смена", 1), (None, None, None),
        ("итого", "=SUM(C1:C1)", datetime(2026, 2, 1)),  # noqa: DTZ001
    ]  # fmt: skip
    assert all(one.data_type != "f" for row in book["План"] for one in row)


def test_what_stood_beside_people_who_are_not_shown_is_told(three: WorkingDay) -> None:
    three.chats = three.chats[1:]
    said = again(three, add_column(CALLS, {2: "его"}))
    assert said is not None
    assert said.endswith("what stood beside people who are not in it")


def test_a_workbook_without_additions_says_nothing(three: WorkingDay) -> None:
    assert again(three) is None
    assert not read_notes(three.folder / "resumes.xlsx").extended


def test_a_sheet_that_is_too_large_is_named(
    three: WorkingDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avito_scrapy.report.carry_over._MOST_CELLS", 3)
    said = again(three, lambda book: book.create_sheet("План").append([1, 2, 3, 4]))
    assert said is not None
    assert said.endswith("sheets that are too large (1)")


def test_headings_of_earlier_versions_are_not_taken_for_a_person_s() -> None:
    path = Path(__file__).parents[2] / "integration/report/files/layout-0.1.0.xlsx"
    assert not read_notes(path, tuple).extended


def paint(title: str, *rows: int, fill: PatternFill) -> Change:
    def change(book: openpyxl.Workbook) -> None:
        for row in rows:
            for one in book[title][row]:
                one.fill = fill

    return change


def colours(day: WorkingDay, title: str) -> dict[str, str | None]:
    """The colour of each row: of its name and its phone, which are of one."""
    book = openpyxl.load_workbook(day.folder / "resumes.xlsx")
    found = {}
    for name, phone in book[title].iter_rows(min_row=2, max_col=2):
        found[str(name.value)[-1]] = colour_of(name.fill)
        assert colour_of(phone.fill) == colour_of(name.fill)
    return found


GREEN = PatternFill("solid", fgColor="FF92D050")
THEME = PatternFill("solid", fgColor=Color(theme=7, tint=0.4))


def test_the_colour_of_a_row_goes_with_its_person(three: WorkingDay) -> None:
    said = again(three, paint(CALLS, 2, fill=GREEN), paint(PEOPLE, 3, fill=THEME))
    shown = {"А": "rgb FF92D050 0", "Б": "theme 7 0.4", "В": None}
    assert [colours(three, title) for title in (CALLS, TODAY, PEOPLE)] == [shown] * 3
    assert said is not None
    assert "and colours of rows, were carried over; in previous/ only: other colours" in said

    def invite(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 2, "Исход звонка").value = "Приглашён"

    again(three, invite)
    assert colours(three, CALLS) == {"Б": "theme 7 0.4", "В": None}
    assert colours(three, PEOPLE) == shown, "who has left the list still has it"
    three.chats = three.chats[::-1]
    again(three)
    assert colours(three, PEOPLE) == shown
    assert not read_notes(three.folder / "resumes.xlsx").touched


@pytest.mark.parametrize("title", [CALLS, PEOPLE])
@pytest.mark.parametrize("fill", [THEME, PatternFill()])
def test_a_row_that_is_painted_again_on_one_sheet_is_so_on_all(
    three: WorkingDay, title: str, fill: PatternFill
) -> None:
    again(three, paint(CALLS, 2, 3, fill=GREEN))

    def change(book: openpyxl.Workbook) -> None:
        names = [one.value for one in book[title]["A"]]
        paint(title, names.index("Проба А") + 1, fill=fill)(book)

    again(three, change)
    shown = {"А": colour_of(fill), "Б": "rgb FF92D050 0", "В": None}
    assert colours(three, CALLS) == colours(three, PEOPLE) == shown


def test_a_colour_beside_somebody_else_is_nobody_s_and_named(three: WorkingDay) -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 3, "Кандидат").value = "Кто-то"

    again(three, paint(CALLS, 2, 3, fill=GREEN), change)
    assert colours(three, CALLS) == {"А": "rgb FF92D050 0", "Б": None, "В": None}
    assert f"given to nobody ({CALLS}: 3)" in three.unclear[0]


def test_the_colours_of_the_blocks_are_nobody_s_paint(three: WorkingDay) -> None:
    book = openpyxl.load_workbook(three.folder / "resumes.xlsx")
    assert {row[0].fill.fill_type for row in book[CALLS].iter_rows(min_row=2)} == {"solid"}
    assert again(three, lambda book: None) is None
    assert set(colours(three, CALLS).values()) == {None}


def test_a_phone_at_night_stays_marked_in_a_painted_row(three: WorkingDay) -> None:
    three.chats[0].address = "Владивосток"
    three.report(NOW + timedelta(hours=5))
    again(three, paint(CALLS, 2, fill=GREEN))
    three.report(NOW + timedelta(hours=5))
    book = openpyxl.load_workbook(three.folder / "resumes.xlsx")
    phone = cell(book[CALLS], 2, "Телефон")
    assert phone.fill.fgColor.rgb == "00C9CFDB"


def test_a_row_that_holds_a_longer_phone_is_somebody_else_s() -> None:
    rows: list[Sequence[Any]] = [["+37250123456", "Петров П"], ["звонить +3725012345"], ["u2i-1"]]
    added = CarriedOver(sheets={"Мой лист": rows})
    assert added.drop({"+3725012345", "u2i-1"}) == 2
    assert added.sheets["Мой лист"] == [["+37250123456", "Петров П"]]
