"""The workbook of a whole run, held against what the sandbox knows to be true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.escape import unescape
from openpyxl.workbook import Workbook

from avito_sandbox import Sandbox, Scenario
from tests.support.resumes_run import run_again, write_chats
from tests.unit.report.helpers import plain, stop_list

CHATS = 300
WAYS = ("+7 {} {}-{}-{}", "8 ({}) {} {} {}", "7{}{}{}{}", "{} {}-{}-{}")
"""Four ways of writing one phone, by its groups."""


@dataclass(frozen=True)
class Told:
    """A workbook and the truth by chat."""

    book: Workbook
    truth: Mapping[str, Mapping[str, Any]]
    stopped: frozenset[str]

    def rows(self, sheet: str) -> list[dict[str, Any]]:
        rows = self.book[sheet].iter_rows(values_only=True)
        names = [str(cell) for cell in next(rows)]
        return [{n: plain(n, cell) for n, cell in zip(names, row, strict=True)} for row in rows]

    def chats(self, row: Mapping[str, Any]) -> set[str]:
        """The chats of a row, by its links' column or its key."""
        text = str(row.get("Номера чатов") or row.get("Номер чата") or row["Ключ"])
        return set(text.split("\n")) & set(self.truth)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("truth")
    with Sandbox(Scenario(chats=CHATS, rate_limit_rps=900)) as sandbox:
        write_chats(sandbox, folder)
        truth = {chat["chat_id"]: chat for chat in sandbox.truth()}
        lists = folder / "lists"
        lists.mkdir()
        waiting = sorted(
            {
                str(chat["phone"])
                for chat in truth.values()
                if chat["phone"] and chat["chat_status"] == "awaits_us"
            }
        )
        stopped = frozenset(waiting[: len(WAYS)])
        written = [
            way.format(phone[2:5], phone[5:8], phone[8:10], phone[10:])
            for way, phone in zip(WAYS, sorted(stopped), strict=True)
        ]
        heading = ("ФИО", "Контактный телефон", "Комментарий")
        stop_list(
            lists / "не звонить.xlsx",
            [heading, *((f"Имя {n}", phone, "не выходит") for n, phone in enumerate(written))],
            "Чёрный список",
        )
        run = run_again(sandbox, folder, args={"stoplist": lists})
    assert run.result.status == 0, run.result.log
    return Told(openpyxl.load_workbook(folder / "resumes.xlsx"), truth, stopped)


def test_every_candidate_is_there_once(told: Told) -> None:
    candidates = {c for c, chat in told.truth.items() if chat["outcome"] != "not_candidate"}
    seen = [chat for row in told.rows("Кандидаты") for chat in told.chats(row)]
    assert sorted(seen) == sorted(candidates)
    phones = [row["Телефон"] for row in told.rows("Кандидаты") if not row["Примечание"]]
    known = [phone for phone in phones if phone]
    assert len(known) == len(set(known)), "one phone, two rows, and no remark"


def test_a_row_is_the_right_person(told: Told) -> None:
    for row in told.rows("Кандидаты"):
        chats = [told.truth[chat] for chat in told.chats(row)]
        assert {row["Телефон"]} <= {chat["phone"] for chat in chats}
        assert {row["Номер резюме"]} <= {chat["resume_id"] for chat in chats}


def test_never_written_only(told: Told) -> None:
    rows = told.rows("Кому_не_писали")
    assert rows
    for row in rows:
        statuses = {told.truth[chat]["chat_status"] for chat in told.chats(row)}
        assert statuses == {"never_written"}, row["Кандидат"]
        assert row["Телефон"] not in told.stopped


def test_nobody_is_called_who_said_no_or_is_stopped(told: Told) -> None:
    rows = told.rows("Для_звонков")
    assert [row["№"] for row in rows] == list(range(1, len(rows) + 1))
    assert not told.stopped & {row["Телефон"] for row in rows}
    called = {chat for row in rows for chat in told.chats(row)}
    refused = {c for c, chat in told.truth.items() if chat["chat_status"] == "refused"}
    alone = {
        chat
        for row in told.rows("Кандидаты")
        if row["Чатов"] == 1
        for chat in told.chats(row) & refused
    }
    assert alone
    assert not alone & called
    waits = {
        c
        for c, chat in told.truth.items()
        if chat["chat_status"] == "awaits_us" and chat["phone"] not in told.stopped
        if chat["outcome"] != "not_candidate"
    }
    by_several = {
        chat for row in told.rows("Кандидаты") if row["Чатов"] > 1 for chat in told.chats(row)
    }
    assert waits - by_several <= called
    for row in rows:
        assert row["Почему здесь"]


def test_the_stop_list_is_shown_with_file_sheet_and_comment(told: Told) -> None:
    rows = told.rows("Исключено_по_стоплисту")
    assert {row["Телефон"] for row in rows} == told.stopped
    for row in rows:
        assert row["Файл стоп-листа"] == "не звонить.xlsx"
        assert row["Лист"] == "Чёрный список"
        assert row["Комментарий стоп-листа"] == "не выходит"


def test_sums_add_up_to_the_input(told: Told) -> None:
    lines = [[cell for cell in row if cell is not None] for row in told.book["Сводка"].values]
    totals = [line for line in lines if line and line[0] == "Итого"]
    assert [line[1] for line in totals[:2]] == [CHATS, CHATS]
    assert all("сходится" in str(line[-1]) for line in totals[:2])
    by_outcome = {str(line[0]): line[1] for line in lines if len(line) > 1}
    truly = [chat["outcome"] for chat in told.truth.values()]
    assert by_outcome["Резюме найдено"] == truly.count("found")
    assert by_outcome["Резюме снято"] == truly.count("resume_removed")
    assert by_outcome["Кандидат без резюме"] == truly.count("no_resume")


def test_hostile_texts_are_texts(told: Told) -> None:
    cells = [cell for sheet in told.book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    shown = {unescape(str(cell.value)) for cell in told.book["Кандидаты"]["A"]}
    hostile = {
        str(chat["full_name"])
        for chat in told.truth.values()
        if chat["full_name"] and re.match(r"[=+\-@]", chat["full_name"])
        if chat["outcome"] != "not_candidate"
    }
    assert hostile
    assert hostile <= shown
