"""Cycles a minute with one, two and three workers on one PostgreSQL; six sandboxes as accounts.

Usage: ``python -m benchmarks.fleet [SECONDS]`` (60, for each number of workers). A cycle is that of
``scrapy fleet work``, over 15 chats with nothing new; every worker runs two at a time. Seconds
count from when each account has had its first cycle, a whole one; the processor's are those of
workers and crawls from their start, without PostgreSQL and the sandboxes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import func, select

from avito_scrapy.store import open_store
from avito_scrapy.store.schema import runs
from tests.integration.accounts.project import Project, account_sandbox
from tests.integration.store import postgres

ACCOUNTS = 6
CHATS = 15
AT_ONCE = "2"
WITHOUT_PAUSE = "0.01"


def processor_s() -> float:
    """Seconds that ended processes have had of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cycles(url: str) -> int:
    """How many cycles have ended well; 0 until every account has had one."""
    with open_store(url) as store, store.database.read() as connection:
        done = runs.c.spider == "resumes", runs.c.reason == "finished"
        accounts = select(func.count(runs.c.account_id.distinct())).where(*done)
        if connection.execute(accounts).scalar_one() < ACCOUNTS:
            return 0
        return int(connection.execute(select(func.count()).where(*done)).scalar_one())


def measure(server: postgres.Server, workers: int, seconds: float) -> None:
    """Let ``workers`` work for ``seconds`` and print what they did."""
    url, used = server.new_database(), processor_s()
    with open_store(url):  # makes the tables
        pass
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        names = [f"n{number}" for number in range(ACCOUNTS)]
        projects = [Project(folder / str(n), AVITO_STORE_URL=url) for n in range(workers)]
        for number, name in enumerate(names):
            sandbox = stack.enter_context(account_sandbox(number, chats=CHATS))
            for project in projects:
                project.add(name, sandbox, chats=False)
        program = [sys.executable, "-m", "tests.integration.accounts.worker"]
        started = [
            subprocess.Popen(
                [*program, url, WITHOUT_PAUSE, AT_ONCE],
                cwd=project.folder,
                env=project.environment(),
                stderr=subprocess.DEVNULL,
            )
            for project in projects
        ]
        while not (first := cycles(url)):
            time.sleep(0.5)
        began = time.monotonic()
        time.sleep(seconds)
        done, took = cycles(url) - first, time.monotonic() - began
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
        all_cycles = cycles(url)
    print(
        f"{workers} workers: {done / took * 60:.1f} cycles a minute,"
        f" {(processor_s() - used) / all_cycles:.1f} s of processor each,"
        f" load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main(seconds: float) -> None:
    """Measure with one, two and three workers."""
    with postgres.server() as server:
        for workers in (1, 2, 3):
            measure(server, workers, seconds)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
