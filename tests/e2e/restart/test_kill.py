"""kill -9 at any moment, the same command again: as if nothing had happened."""

from __future__ import annotations

import json
import random
import signal
import subprocess
from pathlib import Path
from typing import Any

import openpyxl

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.shelf import of_folder
from avito_scrapy.store import open_store
from tests.support.resumes_run import assert_private, credentials, run_again, write_chats
from tests.support.scrapy_run import ROOT, command, environment

SCENARIO = Scenario(chats=800, rate_limit_rps=900, now=1_790_000_000)
KILLS = 10
# What may differ between two runs that found the same.
OF_THE_RUN = {"fetched_at", "from_store"}


def asked(sandbox: Sandbox) -> int:
    return sum(sandbox.counters()["requests"].values())


def kill_after(sandbox: Sandbox, folder: Path, requests: int) -> str:
    """Start the crawl, kill it once so many requests were made; gives its log."""
    until = asked(sandbox) + requests
    with subprocess.Popen(
        command("resumes", {}, {}),
        cwd=ROOT,
        env=environment(folder, credentials(sandbox)),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while asked(sandbox) < until:
            assert process.poll() is None, "it ended before it could be killed"
        process.send_signal(signal.SIGKILL)
        assert process.stderr is not None
        return process.stderr.read()


def known(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        line["chat_id"]: {key: value for key, value in line.items() if key not in OF_THE_RUN}
        for line in lines
    }


def stored(folder: Path) -> dict[str, tuple[object, ...]]:
    with open_store(f"sqlite:///{folder}/.avito/store.db") as store:
        shelf = of_folder(store, folder / "resumes.jl")
        assert shelf is not None
        return {
            one.chat_id: (one.outcome, one.resume_id, one.phone, one.chat_status, one.replies)
            for one in shelf.records()
        }


def people(folder: Path) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(folder / "resumes.xlsx", read_only=True)
    rows = list(book["Кандидаты"].iter_rows(values_only=True))
    book.close()
    heading = list(rows[0])
    when = heading.index("Проверено")
    return sorted((row[:when] + row[when + 1 :] for row in rows[1:]), key=repr)


def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    calm, rough = tmp_path / "calm", tmp_path / "rough"
    for folder in (calm, rough):
        folder.mkdir()
    with Sandbox(SCENARIO) as sandbox:
        write_chats(sandbox, calm)
        undisturbed = run_again(sandbox, calm)
        needed = asked(sandbox)
    assert undisturbed.result.status == 0

    chance = random.Random(7)
    with Sandbox(SCENARIO) as sandbox:
        write_chats(sandbox, rough)
        for _ in range(KILLS):
            log = kill_after(sandbox, rough, chance.randrange(1, needed // 12))
            assert_private(log, sandbox)
            assert not (rough / "resumes.jl").exists(), "only a whole file gets the final name"
            assert not (rough / "resumes.xlsx").exists()
        in_the_end = run_again(sandbox, rough)
        again = asked(sandbox)
    assert in_the_end.result.status == 0
    assert known(in_the_end.result.items("resumes.jl")) == known(
        undisturbed.result.items("resumes.jl")
    )
    assert stored(rough) == stored(calm)
    assert people(rough) == people(calm)
    assert again <= 1.1 * needed, f"{again} requests, {needed} undisturbed"
    print(f"requests: {needed} undisturbed, {again} with {KILLS} kills")
    assert not [path.name for path in rough.rglob("*partial*")]
    whole = json.loads((rough / "health.json").read_text(encoding="utf-8"))
    assert whole["reason"] == "finished"
