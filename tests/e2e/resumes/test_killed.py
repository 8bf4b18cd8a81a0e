"""kill -9 at any moment, and the same command again."""

from __future__ import annotations

import json
import random
import re
import signal
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.store import open_store
from tests.support.killing import kill_when
from tests.support.resumes_run import ResumesRun, run_again, write_chats

KILLS = 10
NOW = 1_790_000_000
AGO = re.compile(r"\d+ (дн|ч|мин)\b\.? ?")


def asked(sandbox: Sandbox) -> int:
    return sum(sandbox.counters()["requests"].values())


def has_asked(sandbox: Sandbox, requests: int) -> bool:
    return asked(sandbox) >= requests


def has_bought(sandbox: Sandbox, contacts: int) -> bool:
    bought: int = sandbox.counters()["contacts_bought"]
    return bought >= contacts


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
    without how long ago something was."""
    book = load_workbook(folder / "resumes.xlsx", read_only=True)
    return {
        sheet.title: sorted(
            [AGO.sub("", cell) for cell in row if isinstance(cell, str)] for row in sheet.values
        )
        for sheet in book
        if sheet.title != "Сводка"
    }


def test_at_ten_random_moments(tmp_path: Path) -> None:
    scenario = Scenario(chats=300, rate_limit_rps=40, latency_ms=5, now=NOW)
    calm, torn = tmp_path / "calm", tmp_path / "torn"
    for folder in (calm, torn):
        folder.mkdir()
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, calm)
        undisturbed = run_again(sandbox, calm)
        usual = asked(sandbox)

    rng = random.Random(4)
    moments = sorted(int(rng.uniform(0.01, 0.99) * usual) for _ in range(KILLS))
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, torn)
        for after in moments:
            assert kill_when(sandbox, torn, partial(has_asked, sandbox, after))
            assert not (torn / "resumes.jl").exists()
            assert not (torn / "resumes.xlsx").exists()
        last = run_again(sandbox, torn)
        assert last.result.status == 0, last.result.log
        assert asked(sandbox) <= usual * 1.1
    assert facts(last) == facts(undisturbed)
    assert workbook(torn) == workbook(calm)
    assert stored(torn) == stored(calm) == sorted(undisturbed.lines)
    assert not (torn / ".avito" / "resumes.journal").exists()


def test_between_two_purchases(tmp_path: Path) -> None:
    """Five may be bought, and five are, whatever happens between two of them."""
    scenario = Scenario(
        chats=60,
        unpurchased_share=0.1,
        rate_limit_rps=900,
        package=20,
        rate_limits={"contacts": 20},
    )
    budget = {"contacts": "all", "budget": 5}
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, tmp_path)
        for bought in (1, 3):
            assert kill_when(
                sandbox,
                tmp_path,
                partial(has_bought, sandbox, bought),
                budget,
            )
        last = run_again(sandbox, tmp_path, args=budget)
        assert (last.result.reason, last.result.status) == ("finished", 0), last.result.log
        truly = {str(one) for one in last.counters["contacts_bought_ids"]}
        assert len(truly) == last.counters["contacts_bought"] == 5
        with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
            ledger, run = store.purchases.all(scenario.account_id), store.runs.last("resumes")
        assert run is not None
        assert {one.resume_id for one in ledger if one.state == "bought"} == truly
        assert len([one for one in ledger if one.state != "not_bought"]) == 5
        ours = [one for one in ledger if one.run_id == run.id and one.state == "bought"]
        assert last.result.stats["avito/contacts/bought"] == len(ours) >= 1
        # What was paid for is in the hands of who paid.
        phones = {line["resume_id"]: line["phone"] for line in last.lines.values()}
        told = {chat["resume_id"]: chat["phone"] for chat in sandbox.truth()}
        assert {one: phones[one] for one in truly} == {one: told[one] for one in truly}

        again = run_again(sandbox, tmp_path, args={"contacts": "free"})
        assert again.counters["contacts_bought"] == 5


def test_a_run_that_is_told_to_end_says_what_it_bought(tmp_path: Path) -> None:
    scenario = Scenario(
        chats=60, unpurchased_share=0.1, rate_limit_rps=900, package=20, rate_limits={"contacts": 4}
    )
    budget = {"contacts": "all", "budget": 6}
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, tmp_path)
        moment = partial(has_bought, sandbox, 3)
        assert kill_when(sandbox, tmp_path, moment, budget, by=signal.SIGINT)
        with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
            ledger = store.purchases.all(scenario.account_id)
    told = json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))
    assert told["reason"] == "shutdown"
    bought = [one for one in ledger if one.state == "bought"]
    assert told["figures"]["bought"] == len(bought) >= 2
    assert len(ledger) < 6
