"""Cycles a minute with one, two and three workers on one PostgreSQL; six sandboxes as accounts.

Usage: ``python -m benchmarks.fleet [SECONDS]`` (60, for each number of workers). A cycle is
``resumes`` over 15 chats, all asked anew; every worker runs two at a time.
"""

from __future__ import annotations

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


def measure(server: postgres.Server, workers: int, seconds: float) -> None:
    """Let ``workers`` work for ``seconds`` and print what they did."""
    url = server.new_database()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        names = [f"n{number}" for number in range(ACCOUNTS)]
        projects = [Project(folder / str(n), AVITO_STORE_URL=url) for n in range(workers)]
        for number, name in enumerate(names):
            sandbox = stack.enter_context(account_sandbox(number, chats=CHATS))
            for project in projects:
                project.add(name, sandbox)
        program = [sys.executable, "-m", "tests.integration.accounts.worker"]
        started = [
            subprocess.Popen(
                [*program, url, WITHOUT_PAUSE, AT_ONCE, *names],
                cwd=project.folder,
                env=project.environment(),
                stderr=subprocess.DEVNULL,
            )
            for project in projects
        ]
        time.sleep(seconds)
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
        with open_store(url) as store, store.database.read() as connection:
            done = connection.execute(
                select(func.count()).select_from(runs).where(runs.c.reason == "finished")
            ).scalar_one()
    print(f"{workers} workers: {done / seconds * 60:.1f} cycles a minute")


def main(seconds: float) -> None:
    """Measure with one, two and three workers."""
    with postgres.server() as server:
        for workers in (1, 2, 3):
            measure(server, workers, seconds)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU of all of it: {used.ru_utime + used.ru_stime:.0f} s")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60)
