"""kill -9 at any moment, and the same command again."""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from openpyxl import load_workbook

from avito_sandbox import Sandbox, Scenario
from avito_sandbox.api.job import JobApi
from avito_scrapy.store import open_store
from tests.support.browser_processes import until
from tests.support.killing import kill_when
from tests.support.resumes_run import ResumesRun, run_again, write_chats

KILLS = 10
NOW = 1_790_000_000
SINCE = {"since": "2025-11-01"}
AGO = re.compile(r"\d+ (дн|ч|мин)\b\.? ?")


def asked(sandbox: Sandbox) -> int:
    return sum(sandbox.counters()["requests"].values())


def has_asked(sandbox: Sandbox, requests: int) -> bool:
    return asked(sandbox) >= requests


class Till:
    """Withholds the answer to the purchase number ``hold`` for as long as it is that."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.hold: int | None = None
        self.held: int | None = None
        contacts = JobApi.contacts

        async def answer(api: JobApi, request: web.Request) -> web.Response:
            told = await contacts(api, request)
            bought = len(api._world.counters.bought)
            while self.hold == bought:
                self.held = bought
                await asyncio.sleep(0.01)
            return told

        monkeypatch.setattr(JobApi, "contacts", answer)

    def holds(self) -> bool:
        """Whether it is withheld now: the money is spent and nobody has heard of it."""
        return self.hold == self.held

    def release(self) -> None:
        self.hold = None


@pytest.fixture
def till(monkeypatch: pytest.MonkeyPatch) -> Till:
    return Till(monkeypatch)


def facts(run: ResumesRun) -> dict[str, dict[str, Any]]:
    own = ("fetched_at", "from_store")
    return {
        chat: {name: value for name, value in line.items() if name not in own}
        for chat, line in run.lines.items()
    }


def stored(folder: Path) -> list[str]:
    with open_store(f"sqlite:///{folder}/.avito/store.db") as store:
        last = store.runs.last("resumes")
        assert last is not None
        return sorted(line.chat_id for line in store.outcomes.of_run(last.id))


def workbook(folder: Path) -> dict[str, list[list[str]]]:
    """The rows of every sheet but the summary, which tells of the run itself; texts only, and
    without how long ago something was and what time it is where a person lives."""
    book = load_workbook(folder / "resumes.xlsx", read_only=True)
    found = {}
    for sheet in book:
        heading, *rows = sheet.values
        kept = [place for place, name in enumerate(heading) if name != "Местное время"]
        if sheet.title != "Сводка":
            found[sheet.title] = sorted(
                [AGO.sub("", cell) for place in kept if isinstance(cell := row[place], str)]
                for row in rows
            )
    return found


def test_at_ten_random_moments(tmp_path: Path) -> None:
    scenario = Scenario(chats=300, rate_limit_rps=40, latency_ms=5, now=NOW)
    calm, torn = tmp_path / "calm", tmp_path / "torn"
    for folder in (calm, torn):
        folder.mkdir()
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, calm)
        undisturbed = run_again(sandbox, calm, args=SINCE)
        usual = asked(sandbox)

    rng = random.Random(4)
    moments = sorted(int(rng.uniform(0.01, 0.95) * usual) for _ in range(KILLS))
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, torn)
        for after in moments:
            kill_when(sandbox, torn, partial(has_asked, sandbox, after), SINCE)
            assert not (torn / "resumes.jl").exists()
            assert not (torn / "resumes.xlsx").exists()
        last = run_again(sandbox, torn, args=SINCE)
        assert last.result.status == 0, last.result.log
        assert asked(sandbox) <= usual * 1.1
    assert facts(last) == facts(undisturbed)
    assert workbook(torn) == workbook(calm)
    assert stored(torn) == stored(calm) == sorted(undisturbed.lines)
    assert not (torn / ".avito" / "resumes.journal").exists()


def test_between_two_purchases(tmp_path: Path, till: Till) -> None:
    """Five may be bought, and five are, whatever happens between two of them."""
    scenario = Scenario(chats=120, unpurchased_share=0.1, rate_limit_rps=900, package=20)
    budget = {"contacts": "all", "budget": 5}
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, tmp_path)
        for till.hold in (1, 3):
            kill_when(sandbox, tmp_path, till.holds, budget)
        till.release()
        last = run_again(sandbox, tmp_path, args=budget)
        assert (last.result.reason, last.result.status) == ("finished", 0), last.result.log
        could = re.search(r"(\d+) could be bought; budget 5, spent of it .* 3:", last.result.log)
        assert could is not None
        assert int(could[1]) > 2, "the budget is what ends it"
        truly = {str(one) for one in last.counters["contacts_bought_ids"]}
        assert len(truly) == last.counters["contacts_bought"] == 5
        with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
            ledger, run = store.purchases.all(scenario.account_id), store.runs.last("resumes")
        assert run is not None
        assert {one.resume_id for one in ledger if one.state == "bought"} == truly
        assert len([one for one in ledger if one.state != "not_bought"]) == 5
        ours = [one for one in ledger if one.run_id == run.id and one.state == "bought"]
        assert last.result.stats["avito/contacts/bought"] == len(ours) == 2
        # What was paid for is in the hands of who paid.
        phones = {line["resume_id"]: line["phone"] for line in last.lines.values()}
        told = {chat["resume_id"]: chat["phone"] for chat in sandbox.truth()}
        assert {one: phones[one] for one in truly} == {one: told[one] for one in truly}

        again = run_again(sandbox, tmp_path, args={"contacts": "free"})
        assert again.counters["contacts_bought"] == 5


def test_a_run_that_is_told_to_end_says_what_it_bought(tmp_path: Path, till: Till) -> None:
    """Also what it hears of only while it ends."""
    scenario = Scenario(chats=120, unpurchased_share=0.1, rate_limit_rps=900, package=20)
    till.hold = 3
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, tmp_path)
        status = kill_when(
            sandbox, tmp_path, till.holds, {"contacts": "all", "budget": 6},
            by=signal.SIGINT, closing=till.release,
        )  # fmt: skip
        assert sandbox.counters()["contacts_bought"] == 3
    told = json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))
    assert (told["reason"], status) == ("shutdown", 1)
    assert told["figures"]["bought"] == 3
    with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
        ledger = store.purchases.all(scenario.account_id)
    assert [one.state for one in ledger] == ["bought"] * 3


def test_a_purchase_that_cannot_be_written_down_ends_the_run(tmp_path: Path, till: Till) -> None:
    """Avito took the money: nothing more is bought, and the next run finds out."""
    scenario = Scenario(chats=120, unpurchased_share=0.1, rate_limit_rps=900, package=20)
    budget = {"contacts": "all", "budget": 5}
    path = tmp_path / ".avito" / "store.db"
    till.hold = 2
    with Sandbox(scenario) as sandbox, ThreadPoolExecutor() as pool:
        write_chats(sandbox, tmp_path)
        running = pool.submit(run_again, sandbox, tmp_path, args=budget)
        try:
            until(lambda: till.holds() or running.done(), 60)
            rename(path, "avito_purchases", "elsewhere")
        finally:
            till.release()
        run = running.result()
        assert (run.result.reason, run.result.status) == ("store_failed", 11)
        assert "Traceback" not in run.result.log
        assert run.counters["contacts_bought"] == 2
        rename(path, "elsewhere", "avito_purchases")
        again = run_again(sandbox, tmp_path, args=budget)
        assert (again.result.reason, again.counters["contacts_bought"]) == ("finished", 5)


def rename(path: Path, table: str, to: str) -> None:
    """What is written there next meets no table."""
    with closing(sqlite3.connect(path)) as store, store:
        store.execute(f"ALTER TABLE {table} RENAME TO {to}")


def test_a_run_that_is_told_to_end_while_it_ends(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=60, rate_limit_rps=900)) as sandbox:
        write_chats(sandbox, tmp_path)
        moment = "Closing spider (finished)"  # its workbook is not written yet
        status = kill_when(sandbox, tmp_path, moment, by=signal.SIGINT)
    told = json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))
    assert (told["reason"], status) == ("finished", 0)
    assert (tmp_path / "resumes.xlsx").exists()
    assert stored(tmp_path) == sorted(chat["chat_id"] for chat in sandbox.truth())
    with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
        last = store.runs.last("resumes")
    assert last is not None
    assert last.reason == "finished"
