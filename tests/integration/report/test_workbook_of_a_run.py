"""From a run to the workbook, to the recruiter, and into the next one."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.policy.imports import ROOT
from tests.support.forked import run_module
from tests.support.privacy import assert_private
from tests.unit.report.helpers import chat, plain, stop_list

CALLS = "Для_звонков"
Result = tuple[dict[str, Any], str]


def run(*command: str, folder: Path, expect: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {name: v for name, v in os.environ.items() if not name.startswith("AVITO_")}
    environment["AVITO_DATA_DIR"] = str(folder)
    module, *arguments = command
    done = run_module(arguments, cwd=ROOT, env=environment, timeout=120, module=module)
    assert done.returncode == expect, done.stderr
    assert_private(done.stderr)
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
    return {str(plain("Телефон", row[phone])): row[place] for row in rows}


def comment(path: Path, phone: str, text: str) -> None:
    """Type a comment as a recruiter does."""
    book = openpyxl.load_workbook(path)
    sheet = book[CALLS]
    names = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if plain("Телефон", row[names.index("Телефон")].value) == phone:
            row[names.index("Комментарий")].value = text
    book.save(path)


FIRST, SECOND = str(chat(1).phone), str(chat(2).phone)


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a run over two chats, and its stats; not to be changed."""
    folder = tmp_path_factory.mktemp("first")
    stats, _ = crawl(folder, 1, 2)
    return folder, stats


@pytest.fixture
def after_a_run(first_run: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    """A folder as a run over two chats leaves it."""
    return Path(shutil.copytree(first_run[0], tmp_path / "data"))


def test_a_run_leaves_a_workbook_for_its_owner_only(
    first_run: tuple[Path, dict[str, Any]],
) -> None:
    folder, stats = first_run
    path = folder / "resumes.xlsx"
    assert set(column(path, "Кандидат")) == {FIRST, SECOND}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stats["avito/workbook/people"] == 2
    assert stats["avito/workbook/seconds"] >= 0
    assert "avito/workbook/failed" not in stats
    assert not list(folder.glob("*.partial.*"))


def test_a_run_without_chats_leaves_no_workbook(tmp_path: Path) -> None:
    stats, _ = crawl(tmp_path, 1, 0)
    assert not list(tmp_path.glob("*.xlsx"))
    assert "avito/workbook/seconds" not in stats


def test_comments_survive_runs_and_absence(after_a_run: Path) -> None:
    path = after_a_run / "resumes.xlsx"
    comment(path, FIRST, "перезвонить")
    crawl(after_a_run, 1, 2)
    assert column(path, "Комментарий") == {FIRST: "перезвонить", SECOND: None}
    path.unlink()  # kept in the store, not in the file
    report(after_a_run)
    assert column(path, "Комментарий")[FIRST] == "перезвонить"


def leave_open(folder: Path, again: Callable[[Path], str]) -> tuple[Path, Path]:
    """Have the workbook written while it is open elsewhere; the file, and the one put aside."""
    path = folder / "resumes.xlsx"
    comment(path, FIRST, "до")
    earlier = path.read_bytes()
    lock = folder / ".~lock.resumes.xlsx#"
    lock.write_text(",recruiter,host;")
    said = again(folder)
    assert path.read_bytes() == earlier
    assert "resumes.xlsx is open in another program (.~lock.resumes.xlsx# is there)" in said
    (aside,) = folder.glob("resumes.new*.xlsx")
    assert column(aside, "Комментарий")[FIRST] == "до"
    lock.unlink()
    return path, aside


def test_report_leaves_an_open_workbook_alone(after_a_run: Path) -> None:
    leave_open(after_a_run, lambda folder: report(folder).stderr)


def test_a_run_leaves_an_open_workbook_alone_and_the_next_takes_over_both(
    after_a_run: Path,
) -> None:
    path, aside = leave_open(after_a_run, lambda folder: crawl(folder, 1, 2)[1])
    # The recruiter goes on in both.
    comment(aside, SECOND, "в новом")
    comment(path, FIRST, "в прежнем")
    crawl(after_a_run, 1, 2)
    assert column(path, "Комментарий") == {FIRST: "в прежнем", SECOND: "в новом"}
    # What was put aside has been read: it does not undo what comes later.
    comment(path, SECOND, "позже")
    crawl(after_a_run, 1, 2)
    assert column(path, "Комментарий")[SECOND] == "позже"


def test_a_damaged_workbook_is_left_alone(after_a_run: Path) -> None:
    path = after_a_run / "resumes.xlsx"
    path.write_bytes(b"PK half a workbook")
    stats, log = crawl(after_a_run, 1, 2)
    assert path.read_bytes() == b"PK half a workbook"
    assert "resumes.xlsx is damaged or no workbook: left as it is" in log
    assert stats["avito/workbook/aside"] == 1
    (aside,) = after_a_run.glob("resumes.new*.xlsx")
    assert len(column(aside, "Кандидат")) == 2


def test_a_workbook_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    stats, log = crawl(tmp_path, 1, 2, "full=8000")
    assert stats["finish_reason"] == "finished"
    assert stats["avito/workbook/failed"] == 1
    assert stats["avito/health/status"] == 11
    assert "No workbook: File too large; `scrapy report` writes it again" in log
    assert len((tmp_path / "resumes.jl").read_text(encoding="utf-8").splitlines()) == 2
    assert not list(tmp_path.glob("*.xlsx"))
    assert not list(tmp_path.glob(".*.tmp"))
    report(tmp_path)
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


def test_report_in_english_into_another_file_keeps_the_notes(
    after_a_run: Path, tmp_path: Path
) -> None:
    comment(after_a_run / "resumes.xlsx", FIRST, "ещё не в базе")
    target = tmp_path / "report.xlsx"
    report(after_a_run, "-o", str(target), "--lang", "en")
    sheet = openpyxl.load_workbook(target)["To_call"]
    [place] = [cell.column_letter for cell in sheet[1] if cell.value == "Comment"]
    comments = [cell.value for cell in sheet[place]]
    assert comments[0] == "Comment"
    assert "ещё не в базе" in comments


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "scrapy report: nothing is stored yet: run `scrapy crawl resumes` first\n"),
        (["--lang", "fr"], "scrapy report: --lang must be ru or en\n"),
        (
            ["more"],
            "scrapy report: more is not known: nothing but options follows the command\n",
        ),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = report(tmp_path, *arguments, expect=2)
    assert done.stderr == said
    assert list(tmp_path.iterdir()) == []


def test_no_place_to_write_is_one_line(after_a_run: Path) -> None:
    target = after_a_run / "none" / "report.xlsx"
    done = report(after_a_run, "-o", str(target), expect=2)
    assert done.stderr.startswith(f"scrapy report: {target} cannot be written (")
    assert done.stderr.count("\n") == 1


def test_a_name_that_no_program_opens_as_a_workbook_is_one_line(after_a_run: Path) -> None:
    target = after_a_run / "people.csv"
    done = report(after_a_run, "-o", str(target), expect=2)
    assert done.stderr == f"scrapy report: {target}: the name of a workbook ends in .xlsx\n"
    assert not target.exists()


def test_report_is_not_well_when_a_stop_list_was_not_read(after_a_run: Path) -> None:
    folder = after_a_run / "lists"
    folder.mkdir()
    stop_list(folder / "a.xlsx", [["Телефон"], [FIRST]])
    (folder / "scan.pdf").write_bytes(b"%PDF-1.7")
    done = report(after_a_run, "--stoplist", str(folder), expect=9)
    assert "stop list not read: scan.pdf" in done.stderr
    assert list(column(after_a_run / "resumes.xlsx", "Кандидат")) == [SECOND]


def test_a_folder_in_the_place_of_the_workbook_is_one_line(after_a_run: Path) -> None:
    folder = after_a_run / "here"
    folder.mkdir()
    before = sorted(after_a_run.iterdir())
    done = report(after_a_run, "-o", str(folder), expect=2)
    assert done.stderr == (
        f"scrapy report: {folder} is no file: move it away, or name another with -o\n"
    )
    assert sorted(after_a_run.iterdir()) == before


def test_report_leaves_what_an_unfinished_run_has_written(after_a_run: Path) -> None:
    partial = after_a_run / "resumes.partial.xlsx"
    partial.write_bytes((after_a_run / "resumes.xlsx").read_bytes())
    before = partial.read_bytes()
    report(after_a_run)
    assert partial.read_bytes() == before
    assert not (after_a_run / "resumes.draft.xlsx").exists()


def test_no_stop_list_given_is_one_line(after_a_run: Path) -> None:
    done = report(after_a_run, "--stoplist", "", expect=2)
    assert done.stderr == "scrapy report: --stoplist: must be a path, or left out\n"


def test_a_stop_list_that_is_none_is_one_line(after_a_run: Path) -> None:
    earlier = (after_a_run / "resumes.xlsx").read_bytes()
    done = report(after_a_run, "--stoplist", "/dev/null", expect=2)
    assert done.stderr == (
        "scrapy report: argument stoplist: /dev/null is not a regular file; allowed: "
        ".xlsx, .xlsm, .xlsb, .xls, .ods, .csv, .tsv, .txt, .htm, .html, .xml, "
        "or a folder of them\n"
    )
    assert (after_a_run / "resumes.xlsx").read_bytes() == earlier
