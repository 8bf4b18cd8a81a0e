"""Rows that a person sorted, copied, pasted, changed or deleted: whose is the note?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.items import Note
from avito_scrapy.report import RecruiterNotes, read_notes
from tests.unit.report.helpers import ago, chat, write
from tests.unit.report.test_notes_back import CALLS, TODAY, cell, edit, typed


def rows_of(sheet: Worksheet, declared: str | None = None) -> list[list[Any]]:
    area = sheet[declared or str(sheet.auto_filter.ref)]
    return [[one.value for one in row] for row in area[1:]]


def put(sheet: Worksheet, number: int, values: list[Any]) -> None:
    for column, value in enumerate(values, 1):
        sheet.cell(number, column).value = value


def test_rows_that_were_sorted_keep_their_person(tmp_path: Path) -> None:
    def swap(book: openpyxl.Workbook) -> None:
        sheet = book[CALLS]
        for number, values in enumerate(reversed(rows_of(sheet)), 2):
            put(sheet, number, values)

    chats = [chat(1, full_name="Первый"), chat(2, full_name="Второй")]
    written = write(tmp_path, chats)
    key = written.rows(CALLS)[0]["Ключ"].split("\n")[0]
    edit(written.path, swap)
    edit(written.path, typed(CALLS, 3, comment="тот же"))
    read = read_notes(written.path)
    assert {k: n.comment for k, n in read.notes.items() if n} == {key: "тот же"}
    assert read.unclear == {}


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A call sheet of three people with a note each."""
    notes = {f"+7900000000{n}": Note("Не ответил", f"о {n}", None) for n in (1, 2, 3)}
    return write(
        tmp_path, [chat(n, full_name=f"Проба {'АБВ'[n - 1]}") for n in (1, 2, 3)], notes
    ).path


def comments(path: Path) -> dict[str, str | None]:
    return {key: note.comment for key, note in read_notes(path).notes.items() if key[0] == "+"}


def test_a_row_that_was_copied_counts_once_for_its_person(three: Path) -> None:
    def copy(book: openpyxl.Workbook) -> None:
        values = rows_of(book[CALLS])[1]
        put(book[CALLS], 5, values)
        cell(book[CALLS], 5, "Комментарий").value = "в копии"

    edit(three, copy)
    assert comments(three) == {"+79000000002": "в копии"}
    assert read_notes(three).unclear == {}


def test_a_row_that_was_pasted_over_another_takes_nobody_s_note_away(three: Path) -> None:
    edit(three, lambda book: put(book[CALLS], 4, rows_of(book[CALLS])[0]))
    assert read_notes(three) == RecruiterNotes()


def test_what_was_pasted_beside_another_s_key_is_nobody_s(three: Path) -> None:
    def paste(book: openpyxl.Workbook) -> None:
        sheet = book[CALLS]
        for heading in ("Кандидат", "Телефон", "Комментарий"):
            cell(sheet, 4, heading).value = cell(sheet, 2, heading).value

    edit(three, paste)
    assert read_notes(three) == RecruiterNotes(unclear={CALLS: [4]})


def test_a_row_that_was_deleted_deletes_no_note(three: Path) -> None:
    edit(three, lambda book: book[CALLS].delete_rows(3))
    assert read_notes(three) == RecruiterNotes()


@pytest.mark.parametrize("heading", ["Кандидат", "Телефон"])
@pytest.mark.parametrize("text", ["новое", None])
def test_a_note_beside_another_name_or_phone_is_nobody_s_and_deletes_nothing(
    three: Path, heading: str, text: str | None
) -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 3, heading).value = "+79000000009"
        cell(book[CALLS], 3, "Комментарий").value = text

    edit(three, change)
    assert read_notes(three) == RecruiterNotes(unclear={CALLS: [3]})


def test_another_way_of_writing_name_and_phone_is_the_same_person(three: Path) -> None:
    def change(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 3, "Кандидат").value = " проба  б"
        cell(book[CALLS], 3, "Телефон").value = "8 (900) 000-00-02"
        cell(book[CALLS], 3, "Комментарий").value = "новое"

    edit(three, change)
    assert comments(three) == {"+79000000002": "новое"}


def test_namesakes_without_a_phone_are_told_apart(tmp_path: Path) -> None:
    chats = [
        chat(n, full_name="Проба", phone=None, resume_id=None, outcome="no_resume",
             chat_status="awaits_us", waiting_since=ago(hours=n), last_message=f"я {n}")
        for n in (1, 2)
    ]  # fmt: skip
    written = write(tmp_path, chats)

    def paste(book: openpyxl.Workbook) -> None:
        sheet = book[CALLS]
        for heading in ("Сообщение кандидата", "Комментарий"):
            cell(sheet, 3, heading).value = cell(sheet, 2, heading).value or "о первом"

    edit(written.path, paste)
    assert read_notes(written.path) == RecruiterNotes(unclear={CALLS: [3]})


def test_a_note_without_a_key_is_named(three: Path) -> None:
    def add(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 5, "Кандидат").value = "Сам добавил"
        cell(book[CALLS], 5, "Комментарий").value = "позвонить"
        book[TODAY].delete_cols(10, 2)
        cell(book[TODAY], 2, "Комментарий").value = "без столбцов"

    edit(three, add)
    read = read_notes(three)
    assert read.notes == {}
    assert read.unclear[CALLS] == [5]
    assert 2 in read.unclear.get(TODAY, [2])


def test_unclear_rows_are_named_without_anybody_s_data(three: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        sheet = book[CALLS]
        for row in (2, 3, 4):
            cell(sheet, row, "Кандидат").value = "Кто-то"
            cell(sheet, row, "Комментарий").value = "новое"
        sheet.title = "Иванов 79001112233"

    edit(three, rename)
    assert read_notes(three).describe() == (
        "notes given to nobody, name and phone do not agree with the row's key (sheet 2: 2-4)"
    )
