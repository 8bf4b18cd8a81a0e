"""Several accounts from one folder: whose keys, whose files, whose people."""

from __future__ import annotations

import json
from typing import Any

import openpyxl

from tests.integration.accounts.project import Project, account_sandbox


def outcomes(project: Project, name: str) -> dict[str, Any]:
    text = (project.data / name / "resumes.jl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.split("\n") if line]
    return {line["chat_id"]: line["outcome"] for line in lines}


def truth(sandbox: Any) -> dict[str, Any]:
    return {chat["chat_id"]: chat["outcome"] for chat in sandbox.truth()}


def test_two_accounts_one_folder(project: Project) -> None:
    with account_sandbox(1) as north, account_sandbox(2) as south:
        project.add("north", north)
        project.add("south", south)
        common = {"AVITO_CLIENT_ID": "nobody", "AVITO_CLIENT_SECRET": "nothing"}
        for name in ("north", "south"):
            run = project.run("crawl", "resumes", "-s", f"AVITO_ACCOUNT={name}", env=common)
            assert run.status == 0, run.log
        assert outcomes(project, "north") == truth(north)
        assert outcomes(project, "south") == truth(south)
    told = json.loads((project.data / "north" / "health.json").read_text(encoding="utf-8"))
    assert told["account"] == "north (1001)"
    listed = project.run("accounts")
    assert listed.status == 0, listed.log
    heading, first, second = listed.output.splitlines()
    assert heading.split() == ["account", "number", "chats", "resumes", "waiting"]
    assert first.split()[:3] == ["north", "1001", "-"]
    assert first.split()[4:6] == ["finished", "(0)"]
    assert first.split()[6] == str(told["figures"]["waiting"])
    assert second.split()[:3] == ["south", "1002", "-"]
    report = project.run("report", env={"AVITO_ACCOUNT": "south"})
    assert report.status == 0, report.log
    assert str(project.data / "south" / "resumes.xlsx") in report.output
    book = openpyxl.load_workbook(project.data / "south" / "resumes.xlsx")
    said = {cell.value for cell in book["Сводка"]["A"]}
    assert "Аккаунт: south (1002)" in said
    assert project.run("report").status == 2
    assert not list(project.data.glob("*.xlsx"))


def test_other_keys_in_a_folder(project: Project) -> None:
    with account_sandbox(1) as north, account_sandbox(2) as south:
        data = project.add("north", north)
        assert project.run("crawl", "resumes", env={"AVITO_ACCOUNT": "north"}).status == 0
        before = (data / "resumes.jl").read_bytes(), (data / "resumes.xlsx").read_bytes()
        project.add("north", south, chats=False)
        run = project.run("crawl", "resumes", env={"AVITO_ACCOUNT": "north"})
        asked = south.counters()["requests"]
    assert run.status == 2
    line = f"{data} belongs to account 1001 and the keys to account 1002"
    assert sum(line in said for said in run.log.splitlines()) == 1
    assert set(asked) == {"token", "self"}
    assert before == ((data / "resumes.jl").read_bytes(), (data / "resumes.xlsx").read_bytes())


def test_what_is_refused_is_one_line(project: Project) -> None:
    none = project.run("accounts")
    assert (none.status, len(none.log.splitlines())) == (2, 1)
    with account_sandbox(1) as north:
        project.add("north", north)
    (project.folder / "accounts" / "north.env").chmod(0o644)
    for words in (["crawl", "resumes"], ["report"], ["forget", "--older-than", "9d"], ["login"]):
        run = project.run(*words, env={"AVITO_ACCOUNT": "north"})
        assert run.status == 2
        [line] = run.log.splitlines()
        assert line.endswith("chmod 600 accounts/north.env")
    listed = project.run("accounts")
    assert listed.status == 2
    assert "chmod 600" in listed.log


def test_login_and_doctor_of_one_of_two(project: Project) -> None:
    """Each account has keys, a profile and a folder of its own; the other is not touched."""
    with account_sandbox(1) as north, account_sandbox(2) as south:
        project.add("north", north)
        project.add("south", south)
        common = {"AVITO_CLIENT_ID": "nobody", "AVITO_CLIENT_SECRET": "nothing"}
        mine = ("-s", "AVITO_ACCOUNT=north")
        login = project.run("login", "-s", "AVITO_HEADLESS=true", *mine, env=common)
        assert login.status == 0, login.log
        told = project.run("doctor", "--lang", "en", *mine, env=common)
        others = project.run("doctor", "--lang", "en", "-s", "AVITO_ACCOUNT=east", env=common)
        assert not any(south.counters()["requests"].values())
    assert (project.data / "north" / ".avito" / "profile").is_dir()
    assert not (project.data / "south" / ".avito").exists()
    assert not (project.data / ".avito").exists()
    lines = told.output.splitlines()
    assert told.status == 0, told.output
    assert any("Account: " in line and "1001" in line for line in lines)
    assert any("Data folder: " in line and str(project.data / "north") in line for line in lines)
    assert others.status == 3
    assert "accounts/east.env is not there; there are: north, south" in others.output
