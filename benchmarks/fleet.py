"""Cycles a minute with one, two and three workers on one PostgreSQL; six sandboxes as accounts.

Usage: ``python -m benchmarks.fleet [ROUNDS [WORKERS ...]]`` (4; 1 2 3; 0: the queue alone, with
10,000 accounts of which 1,000 are due and cycles that do nothing). A cycle is that of
``scrapy fleet work``, over 15 chats with nothing new; every worker runs two at a time. Counted from
when each account has had its first cycle, a whole one, to the end of ROUNDS times as many more as
there are accounts; not for a fixed time, as cycles that begin together end together and a busy
machine may end none of them in it. The processor's seconds are those of workers and crawls from
their start, without PostgreSQL and the sandboxes. Warnings of the workers are printed too.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from avito_scrapy.fleet.queue import TASK, CycleQueue, State, utcnow
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.schema import runs
from tests.integration.accounts.project import Project, account_sandbox
from tests.integration.store import postgres

ACCOUNTS = 6
CHATS = 15
AT_ONCE = "2"
WITHOUT_PAUSE = "0.01"
QUEUED, DUE = 10_000, 1_000


def processor_s() -> float:
    """Seconds that ended processes have had of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ends(store: Store) -> list[float]:
    """When cycles ended well: the one by which each account had had its first, and those after."""
    done = runs.c.spider == "resumes", runs.c.reason == "finished"
    wanted = select(runs.c.account_id, runs.c.finished_at).where(*done)
    found, seen = [], set()
    with store.database.read() as connection:
        for account, ended in connection.execute(wanted.order_by(runs.c.finished_at)):
            seen.add(account)
            if len(seen) == ACCOUNTS:
                found.append(ended)
    return found


def connections(store: Store) -> int:
    """How many connections the database has."""
    counted = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
    with store.database.read() as connection:
        return int(connection.execute(counted).scalar_one())


def measure(server: postgres.Server, workers: int, rounds: int) -> None:
    """Let ``workers`` run ``rounds`` cycles an account and print how they did."""
    url, used, wanted = server.new_database(), processor_s(), rounds * ACCOUNTS
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(open_store(url))
        projects = [Project(folder / str(n), AVITO_STORE_URL=url) for n in range(workers)]
        for number in range(ACCOUNTS):
            sandbox = stack.enter_context(account_sandbox(number, chats=CHATS))
            for project in projects:
                project.add(f"n{number}", sandbox, chats=False)
        program = [sys.executable, "-m", "tests.integration.accounts.worker"]
        started = [
            subprocess.Popen(
                [*program, url, WITHOUT_PAUSE, AT_ONCE],
                cwd=project.folder,
                env=project.environment(),
                stderr=stack.enter_context((project.folder / "log").open("wb")),
            )
            for project in projects
        ]
        most = 0
        while len(found := ends(store)) <= wanted and all(one.poll() is None for one in started):
            most = max(most, connections(store))
            time.sleep(0.5)
        load = os.getloadavg()[0]
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
        took = found[wanted] - found[0]
        done = len(ends(store)) + ACCOUNTS - 1
        for project in projects:
            for line in (project.folder / "log").read_text().splitlines():
                if not line.startswith("INFO"):
                    print(line)
    print(
        f"{workers} workers: {wanted / took * 60:.1f} cycles a minute ({wanted} in {took:.0f} s),"
        f" {(processor_s() - used) / done:.1f} s of processor each, load {load:.1f},"
        f" connections {most}",
        flush=True,
    )


async def measure_queue(url: str) -> None:
    """Print what looking and taking cost with many accounts in the queue."""
    names, later = [f"n{number}" for number in range(QUEUED)], utcnow() + timedelta(hours=1)
    async with CycleQueue.open(url) as queue:

        @queue.app.task(name=TASK)
        async def cycle(name: str, state: dict[str, Any]) -> None:
            await queue.put(name, State.parse(state), later)

        for number, name in enumerate(names):
            await queue.put(name, State(), None if number < DUE else later)
        began = time.monotonic()
        await queue.put_missing(names)
        looked = time.monotonic()
        await queue.app.run_worker_async(
            queues=names, wait=False, delete_jobs="always", install_signal_handlers=False
        )
        took = time.monotonic() - looked
    print(f"{QUEUED} accounts: a look {looked - began:.2f} s, {DUE / took:.0f} cycles a second")


def main(rounds: int, *workers: int) -> None:
    """Measure with each of the numbers of ``workers``."""
    with postgres.server() as server:
        for number in workers or (1, 2, 3):
            if number:
                measure(server, number, rounds)
            else:
                asyncio.run(measure_queue(server.new_database()))


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:] or ["4"])))
