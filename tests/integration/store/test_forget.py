"""Forgetting people in a whole data folder."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill
from sqlalchemy import update

from avito_scrapy.config import Config
from avito_scrapy.erasure import Selection, forget
from avito_scrapy.errors import UsageError
from avito_scrapy.items import Note
from avito_scrapy.report.replace import renew
from avito_scrapy.runlock import RunLock
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.record_source import records_of_folder
from avito_scrapy.store.schema import outcomes
from avito_scrapy.workbook import options_for
from tests.integration.store import folder as data
from tests.integration.store.records import ACCOUNT, record
from tests.policy.imports import ROOT

STATUS = {"chat_status": "awaits_us", "waiting_since": "2026-03-01T12:00:00+03:00"}
# No number of the workbook's can hold this id by chance.
FIRST = record(1, full_name="Забытов Первый", resume_id="resume-to-forget", **STATUS)
TWIN = record(2, full_name="Забытов Первый", phone=None, resume_id=FIRST.resume_id, **STATUS)
SECOND = record(3, full_name="Оставшийся Второй", **STATUS)
PEOPLE = [FIRST, TWIN, SECOND]


@pytest.fixture
def config(url: str, tmp_path: Path) -> Config:
    return data.config_for(tmp_path, url)


@pytest.fixture
def filled(config: Config, store: Store) -> Store:
    data.fill(config, store, PEOPLE)
    return store


def test_an_unreadable_record_of_another_chat_does_not_keep_a_person(
    config: Config, filled: Store
) -> None:
    with filled.database.write() as connection:
        bad = update(outcomes).where(outcomes.c.chat_id == SECOND.chat_id)
        connection.execute(bad.values(record="[[[["))
    forget(config, filled, Selection(phone=FIRST.phone))
    left = data.everything(config.data_dir)
    assert str(FIRST.phone).encode() not in left
    [row] = data.call_sheet(config.data_dir / "resumes.xlsx")
    assert row["Телефон"] == SECOND.phone, "by its line in resumes.jl"


def test_a_person_whose_record_is_unreadable_is_forgotten(config: Config, filled: Store) -> None:
    with filled.database.write() as connection:
        bad = update(outcomes).where(outcomes.c.chat_id == FIRST.chat_id)
        connection.execute(bad.values(record="{"))
    forget(config, filled, Selection(phone=FIRST.phone))
    assert str(FIRST.phone).encode() not in data.everything(config.data_dir)


def test_a_person_is_gone_from_everywhere(config: Config, filled: Store) -> None:
    assert FIRST.phone is not None
    assert SECOND.phone is not None
    folder = config.data_dir
    workbook = folder / "resumes.xlsx"
    data.comment(workbook, FIRST.phone, "секрет забытого")
    data.comment(workbook, SECOND.phone, "позвонить в среду")
    for name in ("resumes.partial.jl", "chats.partial.jl"):
        (folder / name).write_bytes((folder / "resumes.jl").read_bytes())
    (folder / "resumes.partial.xlsx").write_bytes(workbook.read_bytes())
    (folder / "blocked-1.png").write_bytes(b"a picture")
    (config.private_dir / "resumes.journal").write_text(f"{FIRST.phone}\n")

    told = forget(config, filled, Selection(phone=FIRST.phone))

    assert told == [
        "chats.jl: lines removed: 2",
        "chats.partial.jl: lines removed: 2",
        "resumes.partial.jl: lines removed: 2",
        "resumes.jl: lines removed: 2",
        "store: chats removed: 2",
        "store: notes of the recruiter removed: 1",
        "resumes.partial.xlsx: deleted, it was left by an earlier run",
        "blocked-1.png: deleted, it was left by an earlier run",
        "resumes.journal: deleted, it was left by an earlier run",
        "resumes.xlsx: written again, people in it: 1",
    ]
    for name in ("chats.jl", "resumes.jl", "chats.partial.jl", "resumes.partial.jl"):
        assert data.lines(folder / name) == [SECOND.chat_id]
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert workbook.stat().st_mode & 0o777 == 0o600
    (row,) = data.call_sheet(workbook)
    assert (row["Телефон"], row["Комментарий"]) == (SECOND.phone, "позвонить в среду")
    assert filled.notes.get_all(ACCOUNT) == {SECOND.phone: Note(comment="позвонить в среду")}
    run = filled.runs.last("resumes")
    assert run is not None
    assert list(filled.outcomes.of_run(run.id)) == [SECOND]

    filled.close()
    left = data.everything(folder)
    for text in ("Забытов", "секрет забытого", str(FIRST.resume_id), FIRST.phone[1:]):
        assert text.encode() not in left
        assert text.encode("unicode-escape") not in left
    assert "Оставшийся".encode() in left


def test_what_a_person_added_stays_for_everybody_else(config: Config, filled: Store) -> None:
    workbook = config.data_dir / "resumes.xlsx"
    book: Any = openpyxl.load_workbook(workbook)
    sheet = book[data.CALLS]
    place = sheet.max_column + 1
    sheet.cell(1, place).value = "Рейтинг"
    for row in sheet.iter_rows(min_row=2):
        sheet.cell(row[0].row, place).value = f"о {row[0].value}"
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="92D050")
    mine = book.create_sheet("План")
    for row in (
        ["смена", 1], ["позвонить", FIRST.phone], ["звонил Забытов Первый!"], [FIRST.chat_id],
        ["и", SECOND.full_name, SECOND.phone],
    ):  # fmt: skip
        mine.append(row)
    book.save(workbook)

    told = forget(config, filled, Selection(phone=FIRST.phone))

    assert any("your own columns (1) and sheets (1), and colours" in line for line in told)
    assert "rows removed that name who was forgotten: 3;" in told[-1]
    [row] = data.call_sheet(workbook)
    assert row["Рейтинг"] == f"о {SECOND.full_name}"
    book = openpyxl.load_workbook(workbook)
    assert book[data.CALLS]["A2"].fill.fgColor.rgb == "0092D050"
    left = list(book["План"].iter_rows(values_only=True))
    assert left == [("смена", 1, None), ("и", SECOND.full_name, SECOND.phone)]
    assert "Забытов".encode() not in data.everything(config.data_dir)


def test_again_changes_nothing_but_the_workbook(config: Config, filled: Store) -> None:
    selection = Selection(chat_id=FIRST.chat_id)
    forget(config, filled, selection)
    before = (config.data_dir / "resumes.jl").read_bytes()
    assert forget(config, filled, selection) == [
        "nothing was found",
        "resumes.xlsx: written again, people in it: 2",
    ]
    assert (config.data_dir / "resumes.jl").read_bytes() == before


def test_one_chat_of_a_person(config: Config, filled: Store) -> None:
    forget(config, filled, Selection(chat_id=TWIN.chat_id))
    assert data.lines(config.data_dir / "resumes.jl") == [FIRST.chat_id, SECOND.chat_id]
    assert filled.outcomes.get(ACCOUNT, FIRST.chat_id) == FIRST
    assert filled.outcomes.get(ACCOUNT, TWIN.chat_id) is None


def test_everybody(config: Config, filled: Store) -> None:
    told = forget(config, filled, Selection(before=datetime.now(timezone.utc).timestamp()))
    assert told[-1] == "resumes.xlsx: deleted, nobody is left in it"
    assert data.lines(config.data_dir / "resumes.jl") == []
    assert not (config.data_dir / "resumes.xlsx").exists()


def test_the_newest_word_on_a_chat_counts(config: Config, store: Store) -> None:
    now = datetime.now(timezone.utc)
    old, new = ((now - timedelta(days=days)).isoformat() for days in (200, 2))
    data.fill(
        config, store,
        [
            record(1, last_message_at=old, fetched_at=new),
            record(2, last_message_at=new, fetched_at=old),
            record(3, last_message_at=None, fetched_at=old),
            record(4, last_message_at=None, fetched_at=new),
            record(5, last_message_at=old),
        ],
    )  # fmt: skip
    chats = config.data_dir / "chats.jl"
    five = record(5).chat_id
    kept = "".join(x for x in chats.read_text("utf-8").splitlines(True) if five not in x)
    chats.write_text(kept + f'{{"chat_id": "{five}", "last_message_at": "{new}"}}\n', "utf-8")
    forget(config, store, Selection.parse("180d", None, None))
    left = [record(number).chat_id for number in (2, 4, 5)]
    assert data.lines(config.data_dir / "resumes.jl") == left
    assert data.lines(chats) == left


@pytest.mark.parametrize("name", ["resumes.xlsx", "resumes.previous-open.20260301-100000.xlsx"])
@pytest.mark.parametrize("how", ["open", "damaged"])
def test_a_workbook_that_cannot_be_touched(
    config: Config, filled: Store, how: str, name: str
) -> None:
    folder = config.data_dir
    whole = (folder / "resumes.xlsx").read_bytes()
    (folder / name).write_bytes(whole if how == "open" else whole[:1000])
    if how == "open":
        (folder / f".~lock.{name}#").write_text("")
    jl = (folder / "resumes.jl").read_bytes()
    with pytest.raises(UsageError) as caught:
        forget(config, filled, Selection(chat_id=FIRST.chat_id))
    said = str(caught.value)
    assert said.startswith(f"{name} is {how}")
    assert said.endswith("run again; nothing was removed")
    assert (folder / "resumes.jl").read_bytes() == jl
    assert filled.outcomes.get(ACCOUNT, FIRST.chat_id) == FIRST


@pytest.mark.parametrize("later", [-5, 5])
def test_workbooks_put_aside_go_and_their_notes_stay(
    config: Config, filled: Store, later: int
) -> None:
    """Whether the workbook itself was saved before or after them."""
    assert SECOND.phone is not None
    workbook = config.data_dir / "resumes.xlsx"
    aside = config.data_dir / "resumes.previous-open.20260301-100000.xlsx"
    aside.write_bytes(workbook.read_bytes())
    data.comment(aside, SECOND.phone, "из отложенной")
    os.utime(workbook, (aside.stat().st_mtime + later,) * 2)
    told = forget(config, filled, Selection(chat_id=FIRST.chat_id))
    assert f"{aside.name}: deleted, it was left by an earlier run" in told
    rows = {row["Телефон"]: row["Комментарий"] for row in data.call_sheet(workbook)}
    assert rows[SECOND.phone] == "из отложенной"


def test_a_note_that_could_reach_nobody_is_kept_first(config: Config, filled: Store) -> None:
    assert SECOND.phone is not None
    workbook = config.data_dir / "resumes.xlsx"
    data.comment(workbook, SECOND.phone, "позвонить")
    book = openpyxl.load_workbook(workbook)
    for row in book[data.CALLS].iter_rows(min_row=2, max_col=3):
        row[1].value = "Кто-то другой"
    book.save(workbook)
    with pytest.raises(UsageError, match=r"given to nobody.*run `scrapy report` first.*nothing"):
        forget(config, filled, Selection(chat_id=FIRST.chat_id))
    assert filled.outcomes.get(ACCOUNT, FIRST.chat_id) == FIRST
    source = records_of_folder(filled, config.data_dir / "resumes.jl")
    assert source is not None
    written = renew(filled, source, options_for(config, None), replaces=workbook, draft=workbook)
    assert len(written.unclear) == 1
    (kept,) = config.data_dir.glob("resumes.previous-unclear.*.xlsx")
    told = forget(config, filled, Selection(chat_id=FIRST.chat_id))
    assert f"{kept.name}: deleted, it was left by an earlier run" in told


def test_what_a_killed_writing_left_goes(config: Config, filled: Store) -> None:
    left = ("resumes.draft.xlsx", ".resumes.partial.xlsx.ab12.partial.tmp")
    for name in left:
        (config.data_dir / name).write_bytes(b"somebody")
    told = forget(config, filled, Selection(chat_id=FIRST.chat_id))
    for name in left:
        assert f"{name}: deleted, it was left by an earlier run" in told
        assert not (config.data_dir / name).exists()


def test_notes_that_are_not_saved_yet_are_saved_first(config: Config, filled: Store) -> None:
    unsaved = config.private_dir / "dashboard-notes.json"
    unsaved.write_text("[]")
    chats = (config.data_dir / "chats.jl").read_bytes()
    with pytest.raises(UsageError, match="not in the store yet"):
        forget(config, filled, Selection(before=2e9))
    assert (config.data_dir / "chats.jl").read_bytes() == chats
    unsaved.unlink()
    assert forget(config, filled, Selection(before=2e9)) != ["nothing was found"]


def test_a_folder_that_the_store_does_not_know(config: Config, store: Store) -> None:
    config.data_dir.mkdir(exist_ok=True)
    for name in ("chats.jl", "resumes.jl"):
        (config.data_dir / name).write_text(
            '{"chat_id": "u2i-a", "resume_id": "7", "phone": "+79000000001"}\n'
            '{"chat_id": "u2i-b", "resume_id": "7", "last_message_at": 5}\n'
            '{"chat_id": "u2i-c"}\n'
        )
    told = forget(config, store, Selection(phone="+79000000001"))
    assert told == ["chats.jl: lines removed: 2", "resumes.jl: lines removed: 2"]
    assert data.lines(config.data_dir / "chats.jl") == ["u2i-c"]


def command(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "forget", *options],
        cwd=ROOT,
        env={
            **os.environ,
            "AVITO_DATA_DIR": str(folder),
            "AVITO_STORE_URL": "sqlite:///.avito/store.db",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_command(tmp_path: Path) -> None:
    assert FIRST.phone is not None
    config = data.config_for(tmp_path, f"sqlite:///{tmp_path}/.avito/store.db")
    with open_store(config.store_url) as store:
        data.fill(config, store, PEOPLE)
    with RunLock(config.private_dir, "resumes"):
        refused = command(tmp_path, "--person", FIRST.phone)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"scrapy forget: another run holds {tmp_path}: `resumes`, pid")
    done = command(tmp_path, "--person", "8" + FIRST.phone[2:])
    assert (done.returncode, done.stderr) == (0, "")
    assert "store: chats removed: 2" in done.stdout.splitlines()
    assert FIRST.phone[2:] not in done.stdout
    assert data.lines(tmp_path / "resumes.jl") == [SECOND.chat_id]


def test_wrong_usage_is_one_line(tmp_path: Path) -> None:
    for options in (["--person", "89000"], ["u2i-a"]):
        done = command(tmp_path, *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("scrapy forget: ")
        assert done.stderr.count("\n") == 1
        assert "89000" not in done.stderr
    missing = command(tmp_path / "nowhere", "--chat", "u2i-a")
    assert missing.returncode == 2
    assert missing.stderr == f"scrapy forget: AVITO_DATA_DIR: {tmp_path}/nowhere is not there\n"
    assert not (tmp_path / "nowhere").exists()
