"""Stop lists in a run, and as another program writes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from avito_scrapy.report.stoplist import read_stop_lists
from tests.integration.report.test_workbook_of_a_run import FIRST, SECOND, column, crawl
from tests.unit.report.helpers import stop_list
from tools import look


def test_what_is_not_read_in_a_folder_of_stop_lists_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    stop_list(folder / "a.xlsx", [["Телефон"], [FIRST]])
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    stats, log = crawl(tmp_path, 1, 2, f"stoplist={folder}")
    assert stats["avito/stoplist/unread"] == 1
    assert "Stop list not read: scan.pdf: это не таблица" in log
    assert list(column(tmp_path / "resumes.xlsx", "Кандидат")) == [SECOND]


def test_a_stop_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    stats, log = crawl(tmp_path, 1, 2, f"stoplist={tmp_path / 'нет.xlsx'}")
    assert stats["avito/stoplist/unread"] == 1
    assert "Stop list not read: нет.xlsx" in log
    assert len(column(tmp_path / "resumes.xlsx", "Кандидат")) == 2


@pytest.mark.skipif(
    bool(look.missing()) and not os.environ.get("CI"),
    reason="no LibreOffice or poppler here: apt-get install libreoffice-calc poppler-utils",
)
@pytest.mark.parametrize("kind", ["xls", "ods", "html"])
def test_lists_that_another_program_has_written(tmp_path: Path, kind: str) -> None:
    rows: list[list[object]] = [
        ["ФИО", "Сотовый", "Примечание"],
        ["Нина", 89000000001, "не звонить"],
        ["Олег", "8 900 000-00-02 жена", None],
    ]
    source = stop_list(tmp_path / "a.xlsx", rows)
    lists = read_stop_lists(look.convert(source, kind, tmp_path))
    assert list(lists.entries) == ["+79000000001", "+79000000002"]
    entry = lists.entries["+79000000001"]
    assert (entry.row, entry.name, entry.comment) == (2, "Нина", "не звонить")
    assert lists.unread == []
