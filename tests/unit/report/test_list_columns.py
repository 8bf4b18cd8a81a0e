"""Where the phones of a stop list stand."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from avito_scrapy.report.stoplist import read_stop_lists
from tests.unit.report.helpers import chat, stop_list, write
from tests.unit.report.test_list_files import PHONES, remarks


@pytest.mark.parametrize(
    "heading",
    ["Сотовый", "Тел1", "Контакты", "phone_norm", "PhoneNumber", "Моб. тел.", "Cell", "WhatsApp",
     "Ватсап", "НОМЕР", "Контактный номер", "Mobile No.", "Связь", "№ телефона (моб.)"],
)  # fmt: skip
def test_headings(tmp_path: Path, heading: str) -> None:
    rows = [["Кандидат", heading, "ИНН"], ["Нина", "89000000001", "79000000009"]]
    lists = read_stop_lists(stop_list(tmp_path / "a.xlsx", rows))
    assert list(lists.entries) == ["+79000000001"]
    assert (lists.entries["+79000000001"].name, remarks(lists.files[0])) == ("Нина", [])


def test_without_a_heading_the_column_that_holds_phones_is_taken_and_said(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Нина", 1, 79000000001.0],
        ["Олег", 2, "нет"],
        ["Пётр", 3, "8 900 000 00 03 жена"],
    ]
    lists = read_stop_lists(stop_list(tmp_path / "a.xlsx", rows))
    assert list(lists.entries) == ["+79000000001", "+79000000003"]
    (remark,) = lists.files[0].remarks
    assert (remark.key, remark.values, remark.unread) == ("list.column", {"columns": "C"}, False)
    written = write(tmp_path, [chat(1)], stoplist=tmp_path / "a.xlsx")
    assert written.figures()["Стоп-листы"]["a.xlsx"]["Проверка и пояснения"] == (
        "заголовка нет, телефоны взяты из столбца C; строк без годного телефона: 1"
    )


def test_a_second_column_of_phones_counts(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Тел1", "ФИО", "Тел2", "ещё", "Паспорт"],
        ["89000000001", "Нина", "89000000002", "89000000003", "79000000009"],
        [None, "Олег", "89000000004", None, None],
    ]
    lists = read_stop_lists(stop_list(tmp_path / "a.xlsx", rows))
    assert list(lists.entries) == [f"+7900000000{n}" for n in range(1, 5)]


def test_several_tables_on_a_sheet_and_several_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.worksheets[0], book.create_sheet("Второй")
    for row in (
        ["Телефон", "Договор"],
        ["89000000001", "79000000008"],
        ["телефон отключён", None],
        [],
        ["Договор", "ФИО", "Мобильный"],
        ["79000000009", "Олег", "89000000002"],
    ):
        first.append(row)
    second.append(["89000000003"])
    book.create_sheet("Пустой")
    book.save(tmp_path / "a.xlsx")
    lists = read_stop_lists(tmp_path / "a.xlsx")
    assert list(lists.entries) == [f"+7900000000{n}" for n in range(1, 4)]
    assert lists.entries["+79000000002"].name == "Олег"
    assert lists.files[0].skipped == 1


def test_numbers_that_lost_their_digits_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Телефон;ФИО\n8,9E+10;Нина\n7,9000000001E+10;Олег\n79000000002.0;Пётр\n", encoding="cp1251"
    )
    lists = read_stop_lists(tmp_path)
    assert list(lists.entries) == PHONES
    ((name, why),) = lists.unread
    assert (name, why.key, why.values) == ("a.csv", "list.rounded", {"n": 1})


def test_formulas_without_a_kept_result_are_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Телефон", "ФИО"],
        ["=A5&B5", "Нина"],
        ["89000000001", "=1+1"],
        [None, "Олег"],
    ]
    lists = read_stop_lists(stop_list(tmp_path / "a.xlsx", rows))
    assert list(lists.entries) == ["+79000000001"]
    ((_, why),) = lists.unread
    assert (why.key, why.values) == ("list.formulas", {"n": 1})
