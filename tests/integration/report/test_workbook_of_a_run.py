"""From a run to the workbook, to the recruiter, and into the next one."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.policy.imports import ROOT
from tests.unit.report.helpers import chat, stop_list

CALLS = "Для_звонков"
Result = tuple[dict[str, Any], str]


def run(*command: str, folder: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {name: v for name, v in os.environ.items() if not name.startswith("AVITO_")}
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**environment, "AVITO_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == expect, done.stderr
    return done


def crawl(folder: Path, first: int, last: int, *arguments: str) -> Result:
    """The run's stats and its log."""
    numbers = (str(first), str(last))
    done = run("tests.integration.report.crawl", str(folder), *numbers, *arguments, folder=folder)
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def report(folder: Path, *arguments: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
    return run("scrapy", "report", *arguments, folder=folder, expect=expect)


def column(path: Path, heading: str, sheet: str = CALLS) -> dict[str, Any]:
    """A column of a sheet, by phone."""
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    names = list(next(rows))
    phone, place = names.index("Телефон"), names.index(heading)
    return {str(row[phone]): row[place] for row in rows}


def comment(path: Path, phone: str, text: str) -> None:
    """Type a comment as a recruiter does."""
    book = openpyxl.load_workbook(path)
    sheet = book[CALLS]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[names.index("Телефон")].value == phone:
            row[names.index("Комментарий")].value = text
    book.save(path)


FIRST, SECOND = str(chat(1).phone), str(chat(2).phone)


def test_a_run_leaves_a_workbook_for_its_owner_only(tmp_path: Path) -> None:
    stats, _ = crawl(tmp_path, 1, 3)
    path = tmp_path / "resumes.xlsx"
    assert set(column(path, "Кандидат")) == {chat(n).phone for n in (1, 2, 3)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stats["avito/workbook/people"] == 3
    assert stats["avito/workbook/seconds"] >= 0
    assert "avito/workbook/failed" not in stats
    assert not list(tmp_path.glob("*.partial.*"))


def test_a_run_without_chats_leaves_no_workbook(tmp_path: Path) -> None:
    stats, _ = crawl(tmp_path, 1, 0)
    assert not list(tmp_path.glob("*.xlsx"))
    assert "avito/workbook/seconds" not in stats


def test_comments_survive_runs_and_absence(tmp_path: Path) -> None:
    crawl(tmp_path, 1, 2)
    path = tmp_path / "resumes.xlsx"
    comment(path, FIRST, "перезвонить")
    crawl(tmp_path, 1, 2)
    assert column(path, "Комментарий") == {FIRST: "перезвонить", SECOND: None}
    path.unlink()  # kept in the store, not in the file
    report(tmp_path)
    assert column(path, "Комментарий")[FIRST] == "перезвонить"


@pytest.mark.parametrize("again", [lambda folder: crawl(folder, 1, 2)[1],
                                   lambda folder: report(folder).stderr])  # fmt: skip
def test_an_open_workbook_is_left_alone(tmp_path: Path, again: Callable[[Path], str]) -> None:
    crawl(tmp_path, 1, 2)
    path = tmp_path / "resumes.xlsx"
    comment(path, FIRST, "до")
    earlier = path.read_bytes()
    lock = tmp_path / ".~lock.resumes.xlsx#"
    lock.write_text(",recruiter,host;")
    said = again(tmp_path)
    assert path.read_bytes() == earlier
    assert "resumes.xlsx is open in another program (.~lock.resumes.xlsx# is there)" in said
    (aside,) = tmp_path.glob("resumes.previous-open.*.xlsx")
    assert column(aside, "Комментарий")[FIRST] == "до"

    # The recruiter goes on in both; the next run takes over both.
    comment(aside, SECOND, "в новом")
    comment(path, FIRST, "в прежнем")
    lock.unlink()
    crawl(tmp_path, 1, 2)
    assert column(path, "Комментарий") == {FIRST: "в прежнем", SECOND: "в новом"}
    # What was put aside has been read: it does not undo what comes later.
    comment(path, SECOND, "позже")
    crawl(tmp_path, 1, 2)
    assert column(path, "Комментарий")[SECOND] == "позже"


def test_a_damaged_workbook_is_left_alone(tmp_path: Path) -> None:
    crawl(tmp_path, 1, 2)
    path = tmp_path / "resumes.xlsx"
    path.write_bytes(b"PK half a workbook")
    stats, log = crawl(tmp_path, 1, 2)
    assert path.read_bytes() == b"PK half a workbook"
    assert "resumes.xlsx is damaged or no workbook: left as it is" in log
    assert stats["avito/workbook/aside"] == 1
    (aside,) = tmp_path.glob("resumes.previous-damaged.*.xlsx")
    assert len(column(aside, "Кандидат")) == 2


def test_a_workbook_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    stats, log = crawl(tmp_path, 1, 2, "full=8000")
    assert stats["finish_reason"] == "finished"
    assert stats["avito/workbook/failed"] == 1
    assert "No workbook: File too large; `scrapy report` writes it again" in log
    assert len((tmp_path / "resumes.jl").read_text(encoding="utf-8").splitlines()) == 2
    assert not list(tmp_path.glob("*.xlsx"))
    assert not list(tmp_path.glob(".*.tmp"))
    report(tmp_path)
    assert len(column(tmp_path / "resumes.xlsx", "Кандидат")) == 2


def test_a_stop_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    stats, log = crawl(tmp_path, 1, 2, f"stoplist={tmp_path / 'нет.xlsx'}")
    assert stats["avito/workbook/unread_lists"] == 1
    assert "Stop list not read: нет.xlsx" in log
    assert len(column(tmp_path / "resumes.xlsx", "Кандидат")) == 2


def test_report_writes_it_again_with_the_stop_list_of_the_run(tmp_path: Path) -> None:
    stop = stop_list(tmp_path / "stop.xlsx", [["Телефон"], [FIRST]])
    crawl(tmp_path, 1, 2, f"stoplist={stop}")
    path = tmp_path / "resumes.xlsx"
    assert list(column(path, "Кандидат")) == [SECOND]
    path.unlink()
    done = report(tmp_path)
    assert done.stdout == f"{path}: 2 people, 2 chats\n"
    assert list(column(path, "Кандидат")) == [SECOND]
    assert list(column(path, "Кандидат", "Исключено_по_стоплисту")) == [FIRST]


def test_report_in_english_into_another_file_keeps_the_notes(tmp_path: Path) -> None:
    crawl(tmp_path, 1, 2)
    comment(tmp_path / "resumes.xlsx", FIRST, "ещё не в базе")
    target = tmp_path / "out" / "report.xlsx"
    target.parent.mkdir()
    report(tmp_path, "-o", str(target), "--lang", "en")
    sheet = openpyxl.load_workbook(target)["To_call"]
    comments = [cell.value for cell in sheet["F"]]
    assert comments[0] == "Comment"
    assert "ещё не в базе" in comments


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "scrapy report: nothing is stored yet: run `scrapy crawl resumes` first\n"),
        (["--lang", "fr"], "scrapy report: --lang must be ru or en\n"),
        (["more"], "scrapy report: unknown: more\n"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = report(tmp_path, *arguments, expect=2)
    assert done.stderr == said
    assert list(tmp_path.iterdir()) == []


def test_no_place_to_write_is_one_line(tmp_path: Path) -> None:
    crawl(tmp_path, 1, 2)
    target = tmp_path / "none" / "report.xlsx"
    done = report(tmp_path, "-o", str(target), expect=2)
    assert done.stderr.startswith(f"scrapy report: {target} cannot be written (")
    assert done.stderr.count("\n") == 1
