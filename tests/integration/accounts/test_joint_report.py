"""One workbook for several accounts, from a store an account or from one for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from avito_scrapy import accounts
from avito_scrapy.files import write_private
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.store import Store, open_store
from tests.integration.accounts.project import Project
from tests.integration.store import postgres
from tests.integration.store.records import put_notes, record

NUMBERS = {"north": 1001, "south": 1002, "west": 1003}
SHARED = "+79000000001"
CALLS, EVERYBODY, FAILED = "Для_звонков", "Кандидаты", "Ошибки"
WAITS = {"chat_status": "awaits_us", "waiting_since": "2026-03-01T12:00:00+03:00"}
CHATS = {
    "north": [record(1, phone=SHARED, full_name="Пробников Макет", **WAITS), record(2, **WAITS)],
    # The same person by the phone; the account of the west by the resume, without a phone.
    "south": [
        record(11, phone=SHARED, full_name="Пробников Макет", **WAITS),
        record(12, outcome="failed", resume_id=None, phone=None),
    ],
    "west": [record(21, phone=None, resume_id="1011", full_name="Макет", **WAITS)],
}


def store_of(project: Project, name: str) -> Store:
    private = project.data / name / ".avito"
    private.mkdir(parents=True, exist_ok=True)
    return open_store(project.env.get("AVITO_STORE_URL", f"sqlite:///{private}/store.db"))


def fill(project: Project, name: str, chats: list[ChatResume]) -> None:
    """Set the account up as a run leaves it."""
    path = project.folder / "accounts" / f"{name}.env"
    path.parent.mkdir(exist_ok=True)
    path.touch(0o600)
    with store_of(project, name) as store:
        accounts.claim(project.data / name / ".avito", NUMBERS[name])
        run_id = store.runs.start("resumes")
        store.runs.set_account(run_id, NUMBERS[name], len(chats))
        for chat in chats:
            store.outcomes.put(run_id, chat)


@pytest.fixture
def shared(project: Project, postgres_server: postgres.Server) -> Project:
    """A project whose accounts are all in one PostgreSQL."""
    project.env["AVITO_STORE_URL"] = postgres_server.new_database()
    return project


@pytest.fixture
def filled(request: pytest.FixtureRequest, project: Project) -> Project:
    """Three accounts, each with a store of its own; with the parameter ``shared`` one for all."""
    if hasattr(request, "param"):
        request.getfixturevalue(request.param)
    for name, chats in CHATS.items():
        fill(project, name, chats)
    return project


def rows(path: Path, title: str) -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path, read_only=True)
    heading, *found = book[title].iter_rows(values_only=True)
    book.close()
    return [dict(zip(map(str, heading), row, strict=True)) for row in found]


def note(path: Path, name: str, comment: str) -> None:
    """Write a comment on the first row of ``name`` on the call sheet."""
    book = openpyxl.load_workbook(path)
    sheet = book[CALLS]
    heading = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[heading.index("Кандидат")].value == name:
            row[heading.index("Комментарий")].value = comment
            break
    book.save(path)


def comments(project: Project, name: str) -> dict[str, str | None]:
    with store_of(project, name) as store:
        kept = store.notes.get_all(NUMBERS[name])
    return {key: note.comment for key, note in kept.items()}


on_both_stores = pytest.mark.parametrize("filled", ["project", "shared"], indirect=True)
on_one_store = pytest.mark.parametrize("filled", ["shared"], indirect=True)


@on_both_stores
def test_people_are_joined_and_notes_go_to_every_account_of_theirs(filled: Project) -> None:
    with store_of(filled, "north") as store:
        put_notes(store, 1001, {SHARED: Note("Перезвонить", "север")})
    with store_of(filled, "west") as store:
        put_notes(store, 1003, {"1011": Note(comment="запад")})
    written = filled.run("report", "--accounts", "all")
    assert written.status == 0, written.log
    book = filled.data / "resumes.xlsx"
    assert written.output == f"{book}: 2 people, 5 chats\n"
    assert book.stat().st_mode & 0o777 == 0o600
    people = {row["Кандидат"]: row for row in rows(book, EVERYBODY)}
    joined = people["Пробников Макет"]
    assert joined["Аккаунт"] == "north\nsouth\nwest"
    assert joined["Чатов"] == 3
    assert people["Примеров Образец 2"]["Аккаунт"] == "north"
    assert [row["Аккаунт"] for row in rows(book, FAILED)] == ["south"]
    calls = {row["Кандидат"]: row for row in rows(book, CALLS)}
    assert calls["Пробников Макет"]["Исход звонка"] == "Перезвонить"
    assert calls["Пробников Макет"]["Комментарий"] == "север / запад"
    said = [row[0].value for row in openpyxl.load_workbook(book)["Сводка"].iter_rows()]
    assert "Аккаунт: north (1001), south (1002), west (1003)" in said

    note(book, "Пробников Макет", "общая")
    note(book, "Примеров Образец 2", "только север")
    added: Any = openpyxl.load_workbook(book)
    place = added[CALLS].max_column + 1
    added[CALLS].cell(1, place).value = "Рейтинг"
    for row in added[CALLS].iter_rows(min_row=2):
        added[CALLS].cell(row[0].row, place).value = f"о {row[0].value}"
    added.save(book)
    # Of fewer accounts: what was typed about the others goes to them all the same.
    again = filled.run("report", "--accounts", "north, south")
    assert again.status == 0, again.log
    assert again.log == ""
    for row in rows(book, "Кандидаты"):
        assert row["Рейтинг"] in (f"о {row['Кандидат']}", None)
    assert {row["Кандидат"] for row in rows(book, "Кандидаты") if row["Рейтинг"]} <= set(calls)
    assert comments(filled, "north") == {SHARED: "общая", "+79000000002": "только север"}
    assert comments(filled, "south") == {SHARED: "общая"}
    assert comments(filled, "west") == {"1011": "общая"}
    own = filled.run("report", env={"AVITO_ACCOUNT": "west"})
    assert own.status == 0, own.log
    [row] = rows(filled.data / "west" / "resumes.xlsx", CALLS)
    assert row["Комментарий"] == "общая"
    assert "Аккаунт" not in row


def test_what_is_typed_into_the_one_beside_an_open_workbook_is_kept(filled: Project) -> None:
    book = filled.data / "resumes.xlsx"
    assert filled.run("report", "--accounts", "all").status == 0
    lock = book.with_name(".~lock.resumes.xlsx#")
    lock.write_text("")
    assert "left as it is" in filled.run("report", "--accounts", "all").log
    new = book.with_name("resumes.new.xlsx")
    note(new, "Примеров Образец 2", "в новой")
    changed = openpyxl.load_workbook(new)
    changed.create_sheet("Моё")["A1"] = "список"
    changed.save(new)
    again = filled.run("report", "--accounts", "all")
    assert "sheets (1) were carried over" in again.output
    assert "Моё" in openpyxl.load_workbook(new).sheetnames
    assert comments(filled, "north")[str(CHATS["north"][1].phone)] == "в новой"
    [kept] = (filled.data / "previous").glob("resumes.new.*.xlsx")
    assert "Моё" in openpyxl.load_workbook(kept).sheetnames


def test_an_account_that_cannot_be_read_is_named(filled: Project) -> None:
    assert filled.run("report", "--accounts", "all").status == 0
    book = filled.data / "resumes.xlsx"
    note(book, "Пробников Макет", "общая")
    (filled.data / "west" / ".avito" / "store.db").write_bytes(b"no database" * 1000)
    fill(filled, "south", [record(13, **WAITS)])
    (filled.folder / "accounts" / "south.env").chmod(0o644)
    written = filled.run("report", "--accounts", "all")
    assert written.status == 3
    told = written.log.splitlines()
    assert [line.split(": ")[1] for line in told] == ["resumes.xlsx", "south", "west"]
    assert "not every account could be given: 1; kept in resumes.previous-unclear" in told[0]
    assert "chmod 600 accounts/south.env" in told[1]
    assert "is not a database" in told[2]
    assert [row["Аккаунт"] for row in rows(book, EVERYBODY)] == ["north", "north"]
    said = [row[0].value for row in openpyxl.load_workbook(book)["Сводка"].iter_rows()]
    assert "Аккаунты не прочитаны, их людей здесь нет: south, west" in said
    assert comments(filled, "north") == {SHARED: "общая"}
    [kept] = filled.data.glob("resumes.previous-unclear.*.xlsx")
    assert kept.stat().st_mode & 0o777 == 0o600


@on_one_store
def test_what_other_machines_did_on_the_same_store(filled: Project) -> None:
    """A run elsewhere counts; whose folder is not here is named; a server away is one line."""
    with store_of(filled, "north") as store:
        run_id = store.runs.start("resumes")
        store.runs.set_account(run_id, NUMBERS["north"], 2)
        for number in (2, 3):
            store.outcomes.put(run_id, record(number, **WAITS))
        store.runs.finish(run_id, "finished", {})
    (filled.data / "west" / ".avito" / "account.json").unlink()
    written = filled.run("report", "--accounts", "all")
    assert written.status == 3
    [line] = written.log.splitlines()
    assert "west: which of the accounts in the store it is, is not known here" in line
    book = filled.data / "resumes.xlsx"
    people = {row["Кандидат"]: row["Аккаунт"] for row in rows(book, EVERYBODY)}
    assert people == {
        "Пробников Макет": "south",
        "Примеров Образец 2": "north",
        "Примеров Образец 3": "north",
    }
    said = [row[0].value for row in openpyxl.load_workbook(book)["Сводка"].iter_rows()]
    assert "Аккаунты не прочитаны, их людей здесь нет: west" in said
    away = {"AVITO_STORE_URL": f"postgresql://tester:hunter2@/nothing?host={filled.folder}"}
    refused = filled.run("report", "--accounts", "all", env=away)
    assert refused.status == 2
    [line] = refused.log.splitlines()
    assert "north, south, west: store: PostgreSQL at" in line
    assert "hunter2" not in line


def test_stop_lists_once(filled: Project) -> None:
    stop = filled.folder / "stop.csv"
    stop.write_text(f"телефон\n{SHARED}\n", encoding="utf-8")
    for name in ("north", "south"):
        content = f'{{"stoplist": "{stop}"}}'
        write_private(filled.data / name / ".avito" / "report.json", content)
    written = filled.run("report", "--accounts", "all", "--lang", "en", "-o", "all.xlsx")
    assert written.status == 0, written.log
    book = filled.folder / "all.xlsx"
    [stopped] = rows(book, "Stop_list")
    assert (stopped["Candidate"], stopped["Account"]) == ("Пробников Макет", "north\nsouth\nwest")
    said = [row[0].value for row in openpyxl.load_workbook(book)["Summary"].iter_rows()]
    assert said.count("stop.csv") == 1
    assert not (filled.data / "resumes.xlsx").exists()


def test_what_is_typed_into_an_accounts_own_workbook_is_there(filled: Project) -> None:
    assert filled.run("report", env={"AVITO_ACCOUNT": "north"}).status == 0
    note(filled.data / "north" / "resumes.xlsx", "Примеров Образец 2", "у себя")
    assert filled.run("report", "--accounts", "north").status == 0
    found = {row["Кандидат"]: row for row in rows(filled.data / "resumes.xlsx", CALLS)}
    assert found["Примеров Образец 2"]["Комментарий"] == "у себя"


@on_both_stores
def test_who_is_forgotten_is_gone_from_the_next(filled: Project) -> None:
    assert filled.run("report", "--accounts", "all").status == 0
    gone = filled.run("forget", "--chat", "u2i-" + "2".rjust(22, "0"), "-s", "AVITO_ACCOUNT=north")
    assert gone.status == 0, gone.log
    book = filled.data / "resumes.xlsx"
    assert f"{book}: may show them still, run `scrapy report --accounts all`" in gone.output
    assert filled.run("report", "--accounts", "all").status == 0
    assert [row["Кандидат"] for row in rows(book, EVERYBODY)] == ["Пробников Макет"]


def test_what_a_joint_report_refuses(project: Project) -> None:
    def refused(*words: str, **env: str) -> str:
        run = project.run("report", "--accounts", *words, env=env)
        assert run.status == 2
        [line] = run.log.splitlines()
        return line

    assert "no account is set up" in refused("all")
    fill(project, "north", [])
    assert "nothing is stored yet" in refused("all")
    assert "'east' is no account; there are: north" in refused("north,east")
    assert "AVITO_ACCOUNT: leave it out" in refused("all", AVITO_ACCOUNT="north")
    (project.data / "resumes.jl").write_text('{"chat_id": "u2i-1"}\n', encoding="utf-8")
    assert "one account's folder with a workbook of its own" in refused("all")
    assert not list(project.data.glob("*.xlsx"))
