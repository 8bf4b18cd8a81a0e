"""The file itself: safe cells, links, looks, limits, all or nothing."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl import Workbook

from avito_sandbox.data.hostile import HOSTILE, LONG
from avito_scrapy.errors import UsageError
from avito_scrapy.items import ChatResume
from avito_scrapy.report import ensure_closed, read_notes, sheet, write_workbook
from avito_scrapy.report.book import draft_for
from avito_scrapy.report.cells import MAX_TEXT, visible
from avito_scrapy.report.previous import begun_at
from tests.unit.report.helpers import ago, chat, options, write

SHEETS = [
    "Кандидаты", "Для_звонков", "На_сегодня", "Кому_не_писали", "Исключено_по_стоплисту",
    "Без_резюме", "Ошибки", "Сводка",
]  # fmt: skip
TEXTS = [*HOSTILE, LONG, "половина \ud83d", "#N/A", "+79001112233", "1E5", "01.02.2026", "TRUE"]


def load(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def hostile(number: int, text: str) -> ChatResume:
    return chat(
        number, full_name=text, item_title=text, last_message=text, title=text, email=text,
        address=text, citizenship=text, schedule=text, education=text, moving=text, reason=text,
        gender=text, phone=None, resume_url=text, chat_url=text, chat_status="awaits_us",
        waiting_since=ago(hours=number), vacancy_id=None,
    )  # fmt: skip


def test_hostile_texts_are_found_again_as_texts(tmp_path: Path) -> None:
    chats = [hostile(n, text) for n, text in enumerate(TEXTS, 1)]
    chats += [
        hostile(n + 100, text).__class__(**{**vars(hostile(n + 100, text)), "outcome": "failed"})
        for n, text in enumerate(TEXTS, 1)
    ]
    written = write(tmp_path, chats)
    shown = {openpyxl.utils.escape.unescape(visible(text)) for text in TEXTS}
    for title in ("Кандидаты", "Для_звонков", "Ошибки"):
        rows = written.rows(title)
        assert len(rows) >= len(TEXTS)
        assert {row["Кандидат"] for row in rows} == shown
        said = "Сообщение кандидата" if title == "Для_звонков" else "Последнее сообщение"
        assert {row[said] for row in rows} == shown
    book = load(written.path)
    types = {cell.data_type for one in book.worksheets for row in one.iter_rows() for cell in row}
    assert types <= {"s", "n", "inlineStr", "d"}, "no formula, no error, no truth value"


def test_no_part_of_the_file_holds_a_formula(tmp_path: Path) -> None:
    written = write(tmp_path, [hostile(n, text) for n, text in enumerate(TEXTS, 1)])
    with ZipFile(written.path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name)
                assert b"<f " not in archive.read(name)


def test_a_cell_holds_no_more_than_it_may(tmp_path: Path) -> None:
    (row,) = write(tmp_path, [hostile(1, LONG)]).rows("Кандидаты")
    assert len(row["Последнее сообщение"]) == MAX_TEXT
    assert row["Последнее сообщение"].endswith("… [✂ 40000]")


def test_phones_and_ids_are_texts_and_dates_are_dates(tmp_path: Path) -> None:
    (row,) = write(tmp_path, [chat(1, applied_at="2026-01-20T22:30:00Z")]).rows("Кандидаты")
    assert row["Телефон"] == "+79000000001"
    assert row["Номер резюме"] == "3000000001"
    assert row["Откликнулся"] == datetime(2026, 1, 21, 1, 30)  # noqa: DTZ001


@pytest.mark.parametrize(("active", "shown"), [(True, "да"), (False, "нет"), (None, None)])
def test_active_resume_is_told_apart_from_unknown(
    tmp_path: Path, active: bool | None, shown: str | None
) -> None:
    (row,) = write(tmp_path, [chat(1, is_active=active)]).rows("Кандидаты")
    assert row["Резюме активно"] == shown


def test_links_lead_to_chat_and_resume(tmp_path: Path) -> None:
    people = [chat(1), chat(2, chat_url=None, resume_url="javascript:alert(1)")]
    written = write(tmp_path, people, web_url="https://example.invalid")
    people_sheet = load(written.path)["Кандидаты"]
    heading = [cell.value for cell in people_sheet[1]]
    chat_place, resume_place = heading.index("Чат (станет прочитанным!)"), heading.index("Резюме")
    first, second = people_sheet[2], people_sheet[3]
    assert first[chat_place].hyperlink.target == chat(1).chat_url
    assert first[resume_place].hyperlink.target == chat(1).resume_url
    own = f"https://example.invalid/profile/messenger/channel/{chat(2).chat_id}"
    assert second[chat_place].hyperlink.target == own
    assert second[resume_place].value is None


def test_links_over_the_limit_are_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_LINKS", 3)
    written = write(tmp_path, [chat(n) for n in range(1, 4)])
    rows = written.rows("Кандидаты")
    assert [row["Чат (станет прочитанным!)"] for row in rows] == [
        "открыть чат",
        "открыть чат",
        chat(3).chat_url,
    ]
    people_sheet = load(written.path)["Кандидаты"]
    assert sum(cell.hyperlink is not None for row in people_sheet.iter_rows() for cell in row) == 3


def test_sheets_are_ready_to_work_with(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(1, chat_status="never_written")])
    book = load(written.path)
    assert book.sheetnames == SHEETS
    assert book.active is book["Для_звонков"]
    assert [s.title for s in book.worksheets if s.sheet_view.tabSelected] == ["Для_звонков"]
    for one in book.worksheets[:-1]:
        assert one.freeze_panes is not None
        assert str(one.auto_filter.ref).startswith("A1:")
        assert one.page_setup.orientation == "landscape"
        assert one.print_title_rows == "$1:$1"
        widths = [one.column_dimensions[cell.column_letter].width for cell in one[1]]
        assert all(4 <= width <= 50 for width in widths)
    calls = book["Для_звонков"]
    hidden = [cell.value for cell in calls[1] if calls.column_dimensions[cell.column_letter].hidden]
    assert hidden == ["Ключ", "Отпечаток"]
    (choice,) = calls.data_validations.dataValidation
    assert "Дозвонились" in choice.formula1
    assert str(choice.sqref) == "G2"
    summary = book["Сводка"]
    assert len(summary._charts) == 5


def test_charts_cover_nothing(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(n, vacancy_id=n, replies=[(ago(), 5)]) for n in range(1, 40)])
    summary = load(written.path)["Сводка"]
    row_points = summary.sheet_format.defaultRowHeight
    below = 0.0
    for drawn in summary._charts:
        start = drawn.anchor._from
        assert start.col > max(cell.column for row in summary.iter_rows() for cell in row) - 1
        top = start.row * row_points
        assert top >= below, "rows that are higher only move charts apart"
        below = top + drawn.anchor.ext.height / 12700


def test_statuses_can_be_told_without_colour(tmp_path: Path) -> None:
    statuses = ["awaits_us", "read_no_reply", "unread", "replied", "refused", "never_written"]
    people = [chat(n, chat_status=status) for n, status in enumerate(statuses, 1)]
    rows = write(tmp_path, people).rows("Кандидаты")
    assert len({row["Статус переписки"][0] for row in rows}) == len(statuses)


def test_a_full_sheet_goes_on_on_the_next(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(n) for n in range(1, 26)], max_rows=11)
    book = load(written.path)
    assert book.sheetnames[:3] == ["Кандидаты", "Кандидаты_2", "Кандидаты_3"]
    names = [row["Номер резюме"] for title in book.sheetnames[:3] for row in written.rows(title)]
    assert names == [chat(n).resume_id for n in range(1, 26)]
    assert [len(written.rows(title)) for title in book.sheetnames[:3]] == [10, 10, 5]
    told = written.figures()["Строк на листах"]["Кандидаты"]
    assert told["Число"] == 25
    assert "Кандидаты_2, Кандидаты_3" in told["Проверка и пояснения"]


def test_english(tmp_path: Path) -> None:
    book = load(write(tmp_path, [chat(1)], lang="en").path)
    assert book.sheetnames[:2] == ["Candidates", "To_call"]
    assert book["To_call"]["A1"].value == "Candidate"


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = write(tmp_path, [chat(1)]).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_all_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "resumes.xlsx"
    path.write_bytes(b"earlier")

    def broken() -> Iterator[ChatResume]:
        yield chat(1)
        raise OSError(errno.EIO, "a disk that fails")

    with pytest.raises(OSError, match="a disk that fails"):
        write_workbook(path, broken, options())
    assert [one.name for one in tmp_path.iterdir()] == ["resumes.xlsx"]
    assert path.read_bytes() == b"earlier"


def test_a_full_disk_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = write(tmp_path, [chat(1)]).path
    earlier = path.read_bytes()
    # The system's limit on the size of a file stands for a full disk: writes past it fail.
    for most in (0, 20_000, 200_000):
        program = f"""
import resource, sys
from pathlib import Path
from avito_scrapy.errors import describe
from tests.unit.report.helpers import chat, write
people = [chat(n) for n in range(1, 2000)]
resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))
try:
    write(Path({str(tmp_path)!r}), people)
except OSError as error:
    print(describe(error))
"""
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "File too large\n", "")
        assert path.read_bytes() == earlier
        assert [one.name for one in tmp_path.iterdir()] == ["resumes.xlsx"]


def test_what_a_killed_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".resumes.xlsx.abc123.partial.tmp").write_bytes(b"half")
    folder = tmp_path / ".resumes.xlsx.def456.partial.tmp"
    folder.mkdir()
    (folder / "openpyxl.sheet").write_bytes(b"half")
    write(tmp_path, [chat(1)])
    assert [one.name for one in tmp_path.iterdir()] == ["resumes.xlsx"]


def test_temporary_files_stand_in_a_folder_of_the_owner_s_beside_the_workbook(
    tmp_path: Path,
) -> None:
    with draft_for(tmp_path / "a.xlsx") as draft:
        book = Workbook(write_only=True)
        book.create_sheet("a").append(["text"])
        book.worksheets[0].close()
        assert stat.S_IMODE(draft.parent.stat().st_mode) == 0o700
        made = list(draft.parent.iterdir())
        assert {stat.S_IMODE(one.stat().st_mode) for one in made} == {0o600}
        assert len(made) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_pipe_in_its_place_is_named_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "resumes.xlsx")
    for look in (ensure_closed, read_notes):
        with pytest.raises(UsageError, match=r"resumes\.xlsx is no file"):
            look(tmp_path / "resumes.xlsx")
    assert begun_at(tmp_path / "resumes.xlsx") == 0
