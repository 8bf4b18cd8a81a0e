"""One odd value in one record costs neither the workbook nor anybody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.unit.report.helpers import chat, stop_list, write


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("salary", 10**30),
        ("vacancy_id", -(2**70)),
        ("age", "18"),
        ("age", 0.5),
        ("full_name", ["a", "list"]),
        ("position", 10**30),
        ("chat_status", "asleep"),
        ("outcome", "eaten"),
        ("phone", 79_000_000_001),
        ("waiting_since", {"a": 1}),
        ("chat_id", 10**40),
        ("is_purchased", "perhaps"),
    ],
)
def test_a_record_that_cannot_be_shown_has_its_line_among_the_errors(
    tmp_path: Path, field: str, value: Any
) -> None:
    written = write(tmp_path, [chat(1, **{field: value}), chat(2)], inputs=2)
    (line,) = written.rows("Ошибки")
    assert line["Причина"] == f"значения, которые нельзя показать: {field}"
    assert "Пробников Макет Вков" in written.names("Кандидаты")
    total = written.figures()["Чаты по исходам"]["Итого"]
    assert total["Проверка и пояснения"] == "сходится с входом"


@pytest.mark.parametrize("replies", [None, "text", [["x", float("inf")]], [[1, 2], ["x"], 5]])
def test_odd_times_of_answers_are_left_out(tmp_path: Path, replies: Any) -> None:
    written = write(tmp_path, [chat(1, replies=replies)])
    assert written.figures()["Как быстро мы отвечаем"]["Наших ответов"]["Число"] == 0
    assert written.rows("Ошибки") == []


@pytest.mark.parametrize(
    "url",
    [
        "//evil.example/x",
        "https://evil.example/x",
        "https://evilavito.ru/x",
        "https://www.avito.ru@evil.example/x",
        "https://evil.example\\.avito.ru/x",
        "https://www.avito.ru\\@evil.example/",
        "ftp://www.avito.ru/x",
        "javascript:alert(1)//www.avito.ru",
        "https://[www.avito.ru/x",
        "https://evil.example\t.avito.ru/x",
    ],
)
def test_only_avito_s_hosts_become_links(tmp_path: Path, url: str) -> None:
    written = write(tmp_path, [chat(1, resume_url=url, chat_url=url, phone=None)])
    book = openpyxl.load_workbook(written.path)
    links = {
        str(cell.hyperlink.target)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert links == {str(chat(1).chat_url)}
    assert written.rows("Кандидаты")[0]["Резюме"] is None


def test_avito_s_own_hosts_are_links(tmp_path: Path) -> None:
    for home in ("https://m.avito.ru/x", "http://127.0.0.1:8099/x"):
        written = write(tmp_path, [chat(1, resume_url=home)], web_url="http://127.0.0.1:8099")
        assert written.rows("Кандидаты")[0]["Резюме"] == "открыть резюме"


def test_contacts_that_could_not_be_read_are_counted(tmp_path: Path) -> None:
    chats = [chat(1), chat(2, phone=None, reason="contacts could not be read: Avito answered 503")]
    written = write(tmp_path, chats)
    people = written.figures()["Люди"]
    assert people["Чатов, где резюме найдено, а контакты не прочитаны"]["Число"] == 1
    remarks = [row["Примечание"] for row in written.rows("Кандидаты")]
    assert remarks[0] is None
    assert str(remarks[1]).startswith("контакты не прочитаны: ")


def test_stop_lists_that_were_not_read_stand_at_the_top(tmp_path: Path) -> None:
    stop_list(tmp_path / "good.xlsx", [["Телефон"], ["+79000000002"]])
    (tmp_path / "bad.xlsx").write_bytes(b"PK half")
    written = write(tmp_path, [chat(1)], stoplist=tmp_path)
    book = openpyxl.load_workbook(written.path)
    top = [str(row[0]) for row in book["Сводка"].iter_rows(max_row=4, values_only=True)]
    assert top[2] == (
        "Стоп-листы прочитаны не полностью, на листах звонков могут быть люди из них: bad.xlsx"
    )
