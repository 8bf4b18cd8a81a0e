"""A recruiter sorts with the buttons in the heading: whose note is it afterwards?"""

from __future__ import annotations

import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from avito_scrapy.report import read_notes
from tests.integration.report.test_libreoffice import pytestmark as pytestmark
from tests.integration.report.test_workbook_of_a_run import CALLS, crawl, report
from tests.support.libreoffice import sort_by_every_column
from tests.unit.report.helpers import mixed

PEOPLE = 30
PEOPLE_SHEET = "Кандидаты"
EARLIER = Path(__file__).parent / "files" / "layout-0.1.0.xlsx"
"""Written by version 0.1.0: ``mixed(30)``, ten notes, the hidden columns outside of the filter."""
Notes = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Sorted:
    """A data folder, what was typed into its workbook, and copies sorted by every column."""

    folder: Path
    typed: Notes
    copies: list[Path]


def notes_in(path: Path) -> Notes:
    """Outcome and comment by person, those of people without any left out.

    Read where everybody stands: who was invited has left the call list.
    """
    rows = openpyxl.load_workbook(path)[PEOPLE_SHEET].iter_rows(values_only=True)
    names = list(next(rows))
    outcome, comment, key = (names.index(n) for n in ("Исход звонка", "Комментарий", "Ключ"))
    return {
        str(row[key]).split("\n")[0]: (str(row[outcome] or ""), str(row[comment] or ""))
        for row in rows
        if row[outcome] or row[comment]
    }


def type_notes(path: Path) -> Notes:
    """Write something about twenty people, whoever they are; what the column held before stays."""
    book = openpyxl.load_workbook(path)
    sheet = book[CALLS]
    names = [cell.value for cell in sheet[1]]
    typed: Notes = {}
    for row in list(sheet.iter_rows(min_row=2))[3:23]:
        person = str(row[names.index("Ключ")].value).split("\n")[0]
        typed[person] = ("Приглашён", f"для {person}")
        row[names.index("Исход звонка")].value, row[names.index("Комментарий")].value = typed[
            person
        ]
    book.save(path)
    return typed


def sort(folder: Path, scratch: Path) -> Sorted:
    typed = type_notes(folder / "resumes.xlsx")
    assert len(typed) == 20
    return Sorted(folder, typed, sort_by_every_column(folder / "resumes.xlsx", CALLS, scratch))


@pytest.fixture(scope="module")
def after_a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    crawl(folder, 1, PEOPLE, "people=mixed")
    return folder


@pytest.fixture(scope="module")
def today(after_a_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Sorted:
    folder = tmp_path_factory.mktemp("today")
    shutil.copytree(after_a_run, folder / "data")
    return sort(folder / "data", folder / "scratch")


@pytest.fixture(scope="module")
def earlier(after_a_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Sorted:
    """The same people, their workbook as version 0.1.0 wrote it."""
    folder = tmp_path_factory.mktemp("earlier")
    shutil.copytree(after_a_run, folder / "data")
    shutil.copy(EARLIER, folder / "data" / "resumes.xlsx")
    return sort(folder / "data", folder / "scratch")


def put_in_place(copy: Path, folder: Path) -> Path:
    """The recruiter saves the sorted workbook under its name."""
    path = folder / "resumes.xlsx"
    path.write_bytes(copy.read_bytes())
    return path


def test_whatever_a_sheet_is_sorted_by_every_note_stays_with_its_person(today: Sorted) -> None:
    assert len({copy.read_bytes() for copy in today.copies}) > 20, "they are sorted"
    for copy in today.copies:
        read = read_notes(copy)
        assert read.unclear == {}, copy.name
        notes = {key: (n.outcome or "", n.comment or "") for key, n in read.notes.items() if n}
        assert notes == today.typed, copy.name


def test_sorted_then_reported_and_crawled(today: Sorted, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(today.folder, tmp_path / "data"))
    path = put_in_place(today.copies[5], folder)
    done = report(folder)
    assert done.stderr == ""
    assert notes_in(path) == today.typed
    put_in_place(today.copies[22], folder)
    stats, _ = crawl(folder, 1, PEOPLE, "people=mixed")
    assert notes_in(path) == today.typed
    assert stats["avito/workbook/unclear"] == 0
    assert not list(folder.glob("resumes.previous*"))


def test_sorted_in_the_layout_of_before_a_note_reaches_its_person_or_nobody(
    earlier: Sorted,
) -> None:
    for copy in earlier.copies:
        read = read_notes(copy, lambda: mixed(PEOPLE))
        notes = {key: (n.outcome or "", n.comment or "") for key, n in read.notes.items()}
        assert_nobody_elses(notes, earlier.typed)
        rows = openpyxl.load_workbook(copy)[CALLS].iter_rows(min_row=2, min_col=6, max_col=6)
        for number, (comment,) in enumerate(rows, 2):
            person = str(comment.value).removeprefix("для ")
            if person in earlier.typed and notes.get(person) != earlier.typed[person]:
                assert number in read.unclear[CALLS], "given to nobody, and not named"


def test_an_unsorted_workbook_of_before_gives_its_notes(earlier: Sorted) -> None:
    read = read_notes(earlier.folder / "resumes.xlsx", lambda: mixed(PEOPLE))
    notes = {key: (n.outcome or "", n.comment or "") for key, n in read.notes.items() if n}
    # Three namesakes without a phone cannot be told apart.
    assert notes.items() <= earlier.typed.items()
    assert len(earlier.typed) - len(notes) == len(read.unclear.get(CALLS, ())) <= 3


def test_sorted_in_the_layout_of_before_then_reported_and_crawled(
    earlier: Sorted, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(earlier.folder, tmp_path / "data"))
    path = put_in_place(EARLIER, folder)
    stored = openpyxl.load_workbook(path)
    stored[CALLS]["F2"].value = "для первого"  # so that there is something to take over
    stored.save(path)
    report(folder)
    known = notes_in(path)
    for copy, again in ((earlier.copies[3], "report"), (earlier.copies[8], "crawl")):
        put_in_place(copy, folder)
        before = path.read_bytes()
        if again == "report":
            said = report(folder).stderr
        else:
            stats, said = crawl(folder, 1, PEOPLE, "people=mixed")
            assert stats["avito/workbook/unclear"] == 1
        (told,) = re.findall(
            r"resumes\.xlsx: notes given to nobody, name and phone do not agree with the row's key"
            rf" \({CALLS}: [-\d, ]+\); kept in (resumes\.previous-unclear\.\d+-\d+\.xlsx)\n",
            said,
        )
        kept = folder / told
        assert kept.read_bytes() == before
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        kept.unlink()
        now = notes_in(path)
        assert known.keys() <= now.keys(), "a note was deleted from the store"
        assert_nobody_elses(now, {**known, **earlier.typed})


def assert_nobody_elses(notes: Notes, typed: Notes) -> None:
    for person, note in notes.items():
        if note[1] and note[1].startswith("для"):
            assert typed.get(person) == note, "somebody else's note"
