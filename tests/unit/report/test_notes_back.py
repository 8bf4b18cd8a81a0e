from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.items import Note
from avito_scrapy.report import (
    PreviousDamaged,
    PreviousOpen,
    ensure_closed,
    read_notes,
)
from tests.unit.report.helpers import WrittenWorkbook, ago, chat, write

CALLS, TODAY, NEVER = "Для_звонков", "На_сегодня", "Кому_не_писали"
PEOPLE = "Кандидаты"
FRESH = {"last_message_at": ago(hours=1), "waiting_since": ago(hours=1)}


def cell(sheet: Worksheet, row: int, heading: str) -> Any:
    headings = [one.value for one in sheet[1]]
    return sheet.cell(row, headings.index(heading) + 1)


def edit(path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    """Change the workbook as a person does: load, type, save."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def typed(sheet: str, row: int, **values: Any) -> Callable[[openpyxl.Workbook], None]:
    names = {"outcome": "Исход звонка", "comment": "Комментарий", "next_call": "Следующий звонок"}

    def change(book: openpyxl.Workbook) -> None:
        for key, value in values.items():
            one = cell(book[sheet], row, names[key])
            one.value = value
            if isinstance(value, str):
                one.data_type = "s"  # as a program does in a cell that is marked as text

    return change


def twice(
    tmp_path: Path, *changes: Callable[[openpyxl.Workbook], None], **known: Any
) -> WrittenWorkbook:
    """Write, edit, read back, write again with what was read."""
    chats = known.pop("chats", [chat(1, chat_status="never_written", **FRESH)])
    first = write(tmp_path, chats, known.pop("notes", None))
    for change in changes:
        edit(first.path, change)
    return write(tmp_path, chats, read_notes(first.path).notes)


def test_what_was_typed_stands_on_every_call_sheet_of_the_next(tmp_path: Path) -> None:
    when = datetime(2026, 1, 22, 15, 30)  # noqa: DTZ001  (a cell has no zone)
    change = typed(CALLS, 2, outcome="Дозвонились", comment="=просит перезвонить", next_call=when)
    again = twice(tmp_path, change)
    assert read_notes(again.path).notes == {}, "nothing was changed since"
    assert again.rows(CALLS) == [], "it is agreed for another day"
    for title in (TODAY, NEVER, PEOPLE):
        (row,) = again.rows(title)
        assert row["Исход звонка"] == "Дозвонились"
        assert row["Комментарий"] == "=просит перезвонить"
        assert row["Следующий звонок"] == when


def test_an_unchanged_workbook_has_nothing_to_say(tmp_path: Path) -> None:
    notes = {
        "+79000000001": Note("Не ответил", "_x0041_ \x01 и  пробелы", "2026-02-01"),
        "+79000000002": Note(None, "5", "2026-02-01 09:05"),
        "+79000000003": Note(None, None, "после обеда"),
    }
    chats = [chat(n, chat_status="awaits_us", **FRESH) for n in range(1, 4)]
    written = write(tmp_path, chats, notes)
    assert read_notes(written.path).notes == {}
    edit(written.path, lambda book: None)  # saved by another program
    assert read_notes(written.path).notes == {}
    edit(written.path, typed(CALLS, 2, comment="новое"))
    key = written.rows(CALLS)[0]["Ключ"].split("\n")[0]
    assert read_notes(written.path).notes[key].comment == "новое"
    assert read_notes(written.path).notes[key].next_call == notes[key].next_call


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (datetime(2026, 2, 3), "2026-02-03"),  # noqa: DTZ001
        (datetime(2026, 2, 3, 14, 29, 59, 999000), "2026-02-03 14:30"),  # noqa: DTZ001
        ("во вторник", "во вторник"),
        ("  ", None),
    ],
)
def test_next_call_is_a_date_or_what_was_typed(tmp_path: Path, value: Any, kept: str) -> None:
    written = write(tmp_path, [chat(1)])
    edit(written.path, typed(CALLS, 2, next_call=value, comment="есть"))
    assert read_notes(written.path).notes["+79000000001"] == Note(None, "есть", kept)


def test_the_sheet_that_was_changed_counts(tmp_path: Path) -> None:
    notes = {"+79000000001": Note("Не ответил", "старое", None)}
    again = twice(
        tmp_path,
        typed(TODAY, 2, comment="новое"),
        typed(NEVER, 2, outcome="Приглашён"),
        notes=notes,
    )
    (row,) = again.rows(PEOPLE)
    assert (row["Исход звонка"], row["Комментарий"]) == ("Приглашён", "новое")


def test_changed_on_two_sheets(tmp_path: Path) -> None:
    again = twice(
        tmp_path,
        typed(CALLS, 2, comment="первое", outcome="Отказ"),
        typed(TODAY, 2, comment="второе", outcome="Приглашён"),
    )
    (row,) = again.rows(PEOPLE)
    assert (row["Исход звонка"], row["Комментарий"]) == ("Отказ", "первое / второе")


def test_what_was_emptied_is_empty(tmp_path: Path) -> None:
    notes = {"+79000000001": Note("Отказ", "старое", None)}
    written = write(tmp_path, [chat(1)], notes)
    edit(written.path, typed(PEOPLE, 2, comment=None, outcome=None))
    assert read_notes(written.path).notes["+79000000001"] == Note()


def test_a_person_who_got_a_phone_keeps_the_notes_under_it(tmp_path: Path) -> None:
    unknown = chat(1, phone=None, resume_id=None, outcome="no_resume", chat_status="awaits_us",
                   waiting_since=ago(hours=1))  # fmt: skip
    written = write(tmp_path, [unknown])
    edit(written.path, typed(CALLS, 2, comment="запомнить"))
    notes = read_notes(written.path).notes
    assert notes == {unknown.chat_id: Note(None, "запомнить", None)}
    known = write(tmp_path, [chat(1)], notes)
    assert known.rows(CALLS)[0]["Комментарий"] == "запомнить"
    edit(known.path, typed(CALLS, 2, comment=None))
    changed = read_notes(known.path).notes
    assert changed["+79000000001"] == Note()
    assert changed[unknown.chat_id] == Note(), "or the old one would come back"


def test_two_people_on_one_phone_keep_their_notes_apart(tmp_path: Path) -> None:
    chats = [
        chat(1, phone="+79000000009", full_name="Тестова Нина"),
        chat(2, phone="+79000000009", full_name="Пробников Глеб"),
    ]
    written = write(tmp_path, chats)
    (place,) = (n for n, row in enumerate(written.rows(CALLS), 2) if row["Кандидат"][0] == "Т")
    edit(written.path, typed(CALLS, place, comment="для Нины"))
    again = write(tmp_path, chats, read_notes(written.path).notes)
    comments = {row["Кандидат"]: row["Комментарий"] for row in again.rows(CALLS)}
    assert comments == {"Тестова Нина": "для Нины", "Пробников Глеб": None}


def test_a_note_under_a_phone_that_a_second_name_has_stands_in_nobodys_cells(
    tmp_path: Path,
) -> None:
    people = [
        chat(1, phone="+79990000001", full_name="Пробников Макет"),
        chat(2, phone="+79990000001", full_name="Образцова Проба"),
    ]
    written = write(tmp_path, people, {"+79990000001": Note("Приглашён", "на среду")})
    both = written.rows("Кандидаты")
    assert [row["Комментарий"] for row in both] == [None, None]
    assert all("Приглашён; на среду" in row["Примечание"] for row in both)
    assert len(written.rows(CALLS)) == 2


def test_of_notes_under_several_keys_the_latest_counts(tmp_path: Path) -> None:
    notes = {
        str(chat(1).phone): Note(comment="раньше", made_at=1.0),
        str(chat(1).resume_id): Note(comment="позже", made_at=2.0),
    }
    [row] = write(tmp_path, [chat(1)], notes).rows("Кандидаты")
    assert row["Комментарий"] == "позже"


def test_the_language_may_change(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(1)], lang="en")
    book = openpyxl.load_workbook(written.path)
    cell(book["To_call"], 2, "Comment").value = "hello"
    book.save(written.path)
    assert read_notes(written.path).notes["+79000000001"].comment == "hello"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"<html>"])
def test_a_damaged_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "resumes.xlsx"
    path.write_bytes(content)
    with pytest.raises(PreviousDamaged, match=r"^resumes\.xlsx is damaged or no workbook$"):
        read_notes(path)


def test_another_workbook_is_not_taken_for_ours(tmp_path: Path) -> None:
    path = tmp_path / "resumes.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(PreviousDamaged, match="no sheet with the columns"):
        read_notes(path)


@pytest.mark.parametrize("lock", [".~lock.resumes.xlsx#", "~$resumes.xlsx"])
def test_an_open_workbook_is_told(tmp_path: Path, lock: str) -> None:
    written = write(tmp_path, [chat(1)])
    ensure_closed(written.path)
    (tmp_path / lock).write_text("")
    with pytest.raises(PreviousOpen, match="is open in another program"):
        ensure_closed(written.path)


def test_a_heading_that_was_renamed_is_found_by_its_place(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(1)], {"+79000000001": Note("Не ответил", "старое", None)})

    def rename(book: openpyxl.Workbook) -> None:
        cell(book[CALLS], 2, "Комментарий").value = "новое"
        for sheet in (book[CALLS], book[PEOPLE]):
            cell(sheet, 1, "Исход звонка").value = "Итог"
            cell(sheet, 1, "Комментарий").value = "Заметки Марии"

    edit(written.path, rename)
    read = read_notes(written.path)
    assert read.notes["+79000000001"] == Note("Не ответил", "новое", None)
    assert read.unclear == {}


def test_a_column_that_is_gone_takes_no_note_away(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(1)], {"+79000000001": Note("Не ответил", "старое", None)})

    def delete(book: openpyxl.Workbook) -> None:
        for sheet in (book[CALLS], book[PEOPLE]):
            cell(sheet, 2, "Комментарий").value = "новое"
            sheet.delete_cols(cell(sheet, 1, "Исход звонка").column)

    edit(written.path, delete)
    [made] = read_notes(written.path).edits
    assert made.changed == {"comment": "новое"}


def test_renamed_beside_a_column_of_one_s_own_is_told_and_the_workbook_stays(
    tmp_path: Path,
) -> None:
    written = write(tmp_path, [chat(1)])

    def change(book: openpyxl.Workbook) -> None:
        place = cell(book[CALLS], 1, "Комментарий")
        place.value = "Заметки"
        book[CALLS].insert_cols(place.column)
        book[CALLS].cell(1, place.column - 1).value = "Моё"

    edit(written.path, change)
    with pytest.raises(PreviousDamaged, match=r"^resumes\.xlsx: headings of the yellow columns"):
        read_notes(written.path)
