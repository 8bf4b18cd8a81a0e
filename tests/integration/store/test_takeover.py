"""What version 0.1.0 left of a sandbox's account is taken over: store, files, notes."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.store import open_store
from tests.integration.store import folder as data
from tests.policy.imports import ROOT
from tests.support.scrapy_run import crawl, scrapy

LEFT = ROOT / "tests" / "data" / "v0_1_0"
NOTE = "перезвонить в среду"


def test_store_files_and_notes_are_taken_over(tmp_path: Path) -> None:
    (tmp_path / ".avito").mkdir()
    shutil.copy(LEFT / "store.db", tmp_path / ".avito")
    for name in ("chats.jl", "resumes.jl", "resumes.xlsx"):
        shutil.copy(LEFT / name, tmp_path)
    workbook = tmp_path / "resumes.xlsx"
    before = {row["Телефон"] for row in data.call_sheet(workbook)}
    [noted] = [row["Телефон"] for row in data.call_sheet(workbook) if row["Комментарий"] == NOTE]
    with (tmp_path / "resumes.jl").open(encoding="utf-8") as lines:
        kept = {line["chat_id"]: line for line in map(json.loads, lines)}

    done = scrapy(["report"], data_dir=tmp_path)

    assert (done.status, done.log) == (0, "")
    after = data.call_sheet(workbook)
    assert {row["Телефон"] for row in after} == before
    assert [row["Телефон"] for row in after if row["Комментарий"] == NOTE] == [noted]
    with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
        run = store.runs.last("resumes")
        assert run is not None
        assert run.reason == "finished"
        records = {record.chat_id: record for record in store.outcomes.of_run(run.id)}
    assert set(records) == set(kept)
    for chat_id, record in records.items():
        line = kept[chat_id]
        assert (record.outcome, record.phone) == (line["outcome"], line["phone"])
        assert (str(record.reason) if record.reason else None) == line["reason"]


def test_the_session_in_the_profile_is_taken_over(tmp_path: Path) -> None:
    profile = tmp_path / ".avito" / "profile"
    shutil.copytree(LEFT / "profile", profile)
    with closing(sqlite3.connect(profile / "Default" / "Cookies")) as cookies, cookies:
        # In microseconds since 1601. The file would be worth nothing a year after it was made.
        cookies.execute("UPDATE cookies SET expires_utc = expires_utc + 10 * 365 * 86400 * 1000000")
    with Sandbox(Scenario(chats=12, session="cookie")) as sandbox:
        env = {"AVITO_WEB_URL": sandbox.web_url}
        run = crawl("chats", data_dir=tmp_path, args={"pace": "fast"}, env=env)
        assert (run.reason, len(run.items("chats.jl"))) == ("finished", 12)
        assert not sandbox.counters().get("logins")
