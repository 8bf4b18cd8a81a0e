"""Several files with notes: copies of recruiters, the new one beside an open one, the last ones."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import datetime, timezone
from pathlib import Path

import openpyxl
import pytest

from avito_scrapy.config import Config
from avito_scrapy.erasure import Selection, forget
from avito_scrapy.errors import UsageError
from avito_scrapy.items import Note
from avito_scrapy.report.replace import Written, draft_of, put_in_place, renew
from avito_scrapy.store import Store
from avito_scrapy.store.record_source import records_of_folder
from avito_scrapy.workbook import options_for
from tests.integration.store import folder as data
from tests.integration.store.notes.conftest import PEOPLE, PHONE
from tests.integration.store.records import ACCOUNT, put_notes

OTHER = str(PEOPLE[1].phone)


@pytest.fixture
def workbook(config: Config, store: Store) -> Path:
    return config.data_dir / "resumes.xlsx"


@pytest.fixture
def beside(config: Config, store: Store, workbook: Path) -> tuple[Path, Path]:
    """The lock of the workbook, which is open, and the new one beside it."""
    lock = workbook.with_name(".~lock.resumes.xlsx#")
    lock.write_text("")
    return lock, renewed(config, store).path


def renewed(config: Config, store: Store) -> Written:
    workbook = config.data_dir / "resumes.xlsx"
    source = records_of_folder(store, config.data_dir / "resumes.jl")
    assert source is not None
    options = options_for(config, None)
    written = renew(store, source, options, replaces=workbook, draft=draft_of(workbook))
    if not written.aside:
        put_in_place(written.path, workbook, datetime.now(timezone.utc))
    return written


def copy_of(workbook: Path, who: str) -> Path:
    return Path(shutil.copy(workbook, workbook.with_name(f"{workbook.stem} ({who}).xlsx")))


def sign(path: Path, author: str) -> None:
    """Save as Excel does, which writes down who saved."""
    book = openpyxl.load_workbook(path)
    book.properties.lastModifiedBy = author
    book.save(path)


def comments(store: Store) -> dict[str, str | None]:
    return {key: note.comment for key, note in store.notes.get_all(ACCOUNT).items()}


def test_of_two_comments_on_one_person_both_are_kept(
    config: Config, store: Store, workbook: Path
) -> None:
    copy = copy_of(workbook, "Мария")
    data.comment(copy, PHONE, "Мария: просит вечером")
    sign(copy, "Мария")
    data.comment(workbook, PHONE, "Иван: не берёт трубку")
    sign(workbook, "Иван")
    renewed(config, store)
    both = "Мария: просит вечером / Иван: не берёт трубку"
    assert comments(store) == {PHONE: both}
    assert [row["Комментарий"] for row in data.call_sheet(workbook) if row["Комментарий"]] == [both]
    authors = [entry.note.author for entry in store.notes.history(ACCOUNT, PHONE)]
    assert authors == ["Мария", "Иван"]


def test_a_copy_that_was_read_does_not_undo_what_came_later(
    config: Config, store: Store, workbook: Path
) -> None:
    data.comment(copy_of(workbook, "Мария"), PHONE, "звонила")
    renewed(config, store)
    put_notes(store, ACCOUNT, {PHONE: Note()})
    renewed(config, store)
    assert comments(store) == {}
    data.comment(workbook.with_name("resumes (Мария).xlsx"), OTHER, "и ещё")
    renewed(config, store)
    assert comments(store)[OTHER] == "и ещё"


def test_a_cell_that_was_not_changed_keeps_what_others_wrote(
    config: Config, store: Store, workbook: Path
) -> None:
    put_notes(store, ACCOUNT, {PHONE: Note("Приглашён", "со страницы")}, author="Анна")
    data.comment(workbook, PHONE, "из книги")
    renewed(config, store)
    kept = store.notes.get_all(ACCOUNT)[PHONE]
    assert (kept.outcome, kept.comment) == ("Приглашён", "со страницы / из книги")


def test_a_damaged_copy_costs_nothing_and_is_told(
    config: Config, store: Store, workbook: Path
) -> None:
    workbook.with_name("resumes (Мария).xlsx").write_bytes(b"PK half")
    written = renewed(config, store)
    assert written.unclear == ("a copy of resumes.xlsx cannot be read: its notes are not here",)
    assert not written.aside


def test_while_it_is_open_there_is_one_new_workbook(
    config: Config, store: Store, workbook: Path
) -> None:
    lock = workbook.with_name(".~lock.resumes.xlsx#")
    lock.write_text("")
    for _ in range(3):
        assert renewed(config, store).path.name == "resumes.new.xlsx"
    assert [path.name for path in sorted(config.data_dir.glob("*.xlsx"))] == [
        "resumes.new.xlsx", "resumes.xlsx",
    ]  # fmt: skip
    new = workbook.with_name("resumes.new.xlsx")
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    data.comment(new, OTHER, "в новой")
    data.comment(workbook, PHONE, "в прежней")
    lock.unlink()
    renewed(config, store)
    assert comments(store) == {PHONE: "в прежней", OTHER: "в новой"}
    assert not new.exists()


def test_of_an_open_workbook_and_the_new_one_the_later_counts(
    config: Config, store: Store, workbook: Path, beside: tuple[Path, Path]
) -> None:
    lock, new = beside
    data.comment(workbook, PHONE, "раньше")
    data.comment(new, PHONE, "позже")
    now = datetime.now(timezone.utc).timestamp()
    os.utime(workbook, (now - 60, now - 60))
    os.utime(new, (now - 30, now - 30))
    lock.unlink()
    renewed(config, store)
    assert comments(store) == {PHONE: "позже"}
    told = [entry.note.comment for entry in store.notes.history(ACCOUNT, PHONE)]
    assert told == ["раньше", "позже"]


def test_an_unclear_row_of_the_new_one_is_kept_while_the_other_stays_open(
    config: Config, store: Store, beside: tuple[Path, Path]
) -> None:
    _, new = beside
    data.comment(new, PHONE, "чья?")
    book = openpyxl.load_workbook(new)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            if any(cell.value == "чья?" for cell in row):
                row[0].value = "Кто-то другой"
    book.save(new)
    before = new.read_bytes()
    written = renewed(config, store)
    assert comments(store) == {}
    [kept] = config.data_dir.glob("resumes.previous-unclear.*.xlsx")
    assert kept.read_bytes() == before
    assert kept.name in written.unclear[0]


def test_stand_ins_push_no_replaced_workbook_out(
    config: Config, store: Store, workbook: Path
) -> None:
    folder = config.data_dir / "previous"
    folder.mkdir()
    for number in range(6):
        old = folder / f"resumes.new.20260101-00000{number}-000000.xlsx"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    before = workbook.read_bytes()
    renewed(config, store)
    assert before in [path.read_bytes() for path in folder.glob("resumes.2*.xlsx")]


def test_with_both_open_nothing_is_overwritten(
    config: Config, store: Store, beside: tuple[Path, Path]
) -> None:
    _, new = beside
    before = new.read_bytes()
    new.with_name(".~lock.resumes.new.xlsx#").write_text("")
    with pytest.raises(UsageError, match=r"^resumes\.new\.xlsx is open in another program"):
        renewed(config, store)
    assert new.read_bytes() == before


def test_the_last_five_replaced_are_kept_until_somebody_is_forgotten(
    config: Config, store: Store, workbook: Path
) -> None:
    data.comment(workbook, PHONE, "было")
    for _ in range(7):
        renewed(config, store)
    kept = sorted((config.data_dir / "previous").glob("*.xlsx"))
    assert len(kept) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert data.call_sheet(kept[-1])
    copy_of(workbook, "Мария")
    told = forget(config, store, Selection(chat_id=PEOPLE[0].chat_id))
    assert sorted(config.data_dir.rglob("*.xlsx")) == [workbook]
    assert f"{kept[0].name}: deleted, it was left by an earlier run" in told
    assert PHONE.encode() not in data.everything(config.data_dir)
    assert store.notes.history(ACCOUNT, PHONE) == []
