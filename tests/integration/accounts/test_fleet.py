"""Many accounts, several workers, one PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select, text

from avito_sandbox import Sandbox
from avito_scrapy.fleet.queue import CycleQueue, FleetAccount, State, utcnow
from avito_scrapy.store import open_store
from avito_scrapy.store.schema import runs
from tests.integration.accounts.project import Project, account_sandbox
from tests.integration.store import postgres
from tests.support.privacy import assert_private

EVERY_MIN = 60.0
# Seconds; how long a busy machine may take to do what comes at last.
PATIENCE = 300.0


@pytest.fixture
def url(postgres_server: postgres.Server) -> str:
    return postgres_server.new_database()


@contextmanager
def worker(
    project: Project, url: str, *names: str, at_once: int = 1
) -> Iterator[subprocess.Popen[str]]:
    program = [sys.executable, "-m", "tests.integration.accounts.worker"]
    process = subprocess.Popen(
        [*program, url, str(EVERY_MIN), str(at_once), *names],
        cwd=project.folder, env=project.environment(), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        assert_private(process.communicate(timeout=60)[1])


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, f"waited {PATIENCE} s in vain"
        time.sleep(0.3)


def queued(url: str) -> list[FleetAccount]:
    async def ask() -> list[FleetAccount]:
        async with CycleQueue.open(url) as queue:
            return await queue.accounts()

    return asyncio.run(ask())


def states(url: str) -> dict[str, State]:
    return {account.name: account.state for account in queued(url)}


def assert_next_cycle_is_due_by_failures(account: FleetAccount) -> None:
    assert account.due_at is not None
    assert account.state.ended_at is not None
    assert account.state.seconds is not None
    wait = account.state.wait(timedelta(minutes=EVERY_MIN))
    due = account.due_at - datetime.fromisoformat(account.state.ended_at)
    rounded = timedelta(seconds=2)
    assert wait - timedelta(seconds=account.state.seconds) - rounded <= due <= wait + rounded


def ended(url: str) -> dict[str, State]:
    """The accounts that have had a cycle."""
    return {name: state for name, state in states(url).items() if state.ended_at}


def began_at(state: State) -> datetime:
    """When the last cycle began."""
    assert state.ended_at is not None
    assert state.seconds is not None
    return datetime.fromisoformat(state.ended_at) - timedelta(seconds=state.seconds)


def spans(url: str) -> dict[int, list[tuple[float, float | None, str]]]:
    """By account its runs, the first first: when each began and ended, and what it was."""
    columns = runs.c.account_id, runs.c.started_at, runs.c.finished_at, runs.c.spider
    by_account = defaultdict(list)
    with open_store(url) as store, store.database.read() as connection:
        for account, *span in connection.execute(select(*columns).order_by(runs.c.started_at)):
            if account is not None:  # refused or killed before Avito said whose it is
                by_account[account].append((span[0], span[1], span[2]))
    return by_account


def assert_never_twice_at_once(url: str) -> None:
    for of_account in spans(url).values():
        for (_, finished, _), (began, _, _) in pairwise(of_account):
            assert finished is None or finished <= began


def declare_dead(url: str) -> None:
    """Have the one worker that there was be silent for long enough."""
    with open_store(url) as store, store.database.write() as connection:
        silent = text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        assert connection.execute(silent).rowcount == 1


def assert_true(url: str, sandboxes: dict[str, Sandbox]) -> None:
    """The store holds each account's outcomes, and they are what is true."""
    with open_store(url) as store:
        for sandbox in sandboxes.values():
            stored = store.outcomes.of_account(sandbox.scenario.account_id)
            found = {line.chat_id: line.outcome for line in stored}
            assert found == {chat["chat_id"]: chat["outcome"] for chat in sandbox.truth()}


def test_six_accounts_three_workers_one_killed(tmp_path: Path, url: str) -> None:
    """A killed worker's cycle is taken up; nobody is at work twice at once; all is found."""
    names = [f"n{number}" for number in range(1, 7)]
    with ExitStack() as stack:
        sandboxes = {
            # The first takes its time, so that it is killed in the middle.
            name: stack.enter_context(
                account_sandbox(number, chats=15, latency_ms=400 if number == 1 else 100)
            )
            for number, name in enumerate(names, 1)
        }
        projects = [Project(tmp_path / f"machine{n}", AVITO_STORE_URL=url) for n in (1, 2, 3)]
        for project in projects:
            for name, sandbox in sandboxes.items():
                if project is not projects[0] or name in ("n1", "n2"):
                    project.add(name, sandbox, chats=False)
        # Alone, so that it is the one that has the first account.
        killed = stack.enter_context(worker(projects[0], url))
        until(lambda: sandboxes["n1"].counters()["requests"].get("self", 0) > 0)
        killed.kill()
        killed_at = utcnow()
        for project in projects[1:]:
            stack.enter_context(worker(project, url))
        until(lambda: len(ended(url)) == 6)
        found = ended(url)
        counters = [sandbox.counters() for sandbox in sandboxes.values()]
        assert_true(url, sandboxes)
    assert not any(counted["too_many"] for counted in counters)
    assert [counted["clients_at_once"] for counted in counters] == [1] * 6
    taken_up = began_at(found["n1"])
    assert killed_at - timedelta(seconds=1) < taken_up < killed_at + timedelta(minutes=2)
    assert {name for name, state in found.items() if state.failures} <= {"n1"}
    assert len(spans(url)) == 6
    assert_never_twice_at_once(url)


def test_the_next_cycle_waits_for_the_crawl_of_a_killed_worker(tmp_path: Path, url: str) -> None:
    """Its `resumes` goes on: no `chats` of the account, from another machine, runs beside it."""
    with ExitStack() as stack:
        sandbox = stack.enter_context(account_sandbox(1, chats=15, latency_ms=300))
        one, other = (Project(tmp_path / name, AVITO_STORE_URL=url) for name in ("one", "other"))
        data = one.add("north", sandbox, chats=False)
        other.add("north", sandbox, chats=False)
        killed = stack.enter_context(worker(one, url))
        until(lambda: any(span[2] == "resumes" for span in spans(url)[1001]))
        orphan = int(json.loads((data / ".avito" / "run.json").read_text())["pid"])
        # Held up, so that it is at work still when the account's turn comes again.
        os.kill(orphan, signal.SIGSTOP)
        try:
            killed.kill()
            killed.wait()
            declare_dead(url)
            stack.enter_context(worker(other, url))
            until(lambda: "north" in ended(url))
            held_off = ended(url)["north"]
        finally:
            os.kill(orphan, signal.SIGCONT)
        until(lambda: ended(url)["north"].status == 0)
        assert_true(url, {"north": sandbox})
        counted = sandbox.counters()
    assert held_off.status == 2
    of_account = spans(url)[1001]
    assert [span[2] for span in of_account] == ["chats", "resumes"] * 2
    assert all(span[1] is not None for span in of_account)
    assert_never_twice_at_once(url)
    assert counted["clients_at_once"] == 1


def test_one_accounts_trouble_is_nobody_elses(tmp_path: Path, url: str) -> None:
    """Wrong keys and a file that others may read: those wait longer, the third has its cycle, and
    so has one that is set up while the worker runs; one whose file is removed leaves the queue."""
    with ExitStack() as stack:
        north, south, east = (
            stack.enter_context(account_sandbox(number, chats=5)) for number in (1, 2, 3)
        )
        project = Project(tmp_path / "machine", AVITO_STORE_URL=url)
        project.add("north", north)
        project.add("south", south, AVITO_CLIENT_SECRET="wrong")
        project.add("wide", south)
        (project.folder / "accounts" / "wide.env").chmod(0o644)
        with worker(project, url, at_once=2):
            until(lambda: len(ended(url)) == 3)
            project.add("east", east, chats=False)
            until(lambda: len(ended(url)) == 4)
            until(lambda: states(url)["wide"].failures > 1)
            found = states(url)
            (project.folder / "accounts" / "wide.env").unlink()
            until(lambda: "wide" not in states(url))
        assert_true(url, {"north": north, "east": east})
        for account in queued(url):
            assert_next_cycle_is_due_by_failures(account)
        (project.folder / "accounts" / "south.env").unlink()
        told = project.run("fleet", "status")
        # The file went while no worker ran: the next one here takes it out.
        with worker(project, url):
            until(lambda: "south" not in states(url))
        asked = project.run("fleet", "now", "north")
    assert (found["north"].status, found["north"].failures) == (0, 0)
    assert (found["south"].status, found["south"].failures) == (6, 1)
    assert found["wide"].status == 2
    assert told.status == 0, told.log
    heading, *rows, workers = told.output.splitlines()
    assert heading.split() == [
        "account",
        "last",
        "status",
        "seconds",
        "machine",
        "failures",
        "next",
    ]
    assert [row.split()[0] for row in rows] == ["east", "north", "south"]
    assert [row.endswith(" (no file here)") for row in rows] == [False, False, True]
    assert workers == "workers: 0"
    assert (asked.status, asked.output) == (0, "north: next\n")


def test_a_database_that_goes_away_is_waited_for(tmp_path: Path) -> None:
    with postgres.server() as server, account_sandbox(1, chats=5) as north:
        url = server.new_database()
        project = Project(tmp_path / "machine", AVITO_STORE_URL=url)
        project.add("north", north)
        with worker(project, url, "north") as process:
            until(lambda: len(ended(url)) == 1)
            before = ended(url)["north"].ended_at
            server.stop()
            assert process.stderr is not None
            assert any("cannot be reached; trying again" in line for line in process.stderr)
            server.start()
            assert project.run("fleet", "now").status == 0
            until(lambda: ended(url)["north"].ended_at != before)
            assert process.poll() is None
        assert ended(url)["north"].status == 0


def test_the_queue(url: str) -> None:
    async def use() -> None:
        async with CycleQueue.open(url) as queue:
            await queue.put_missing(["a", "b"])
            await queue.put_missing(["a", "b", "c"])
            assert [account.name for account in await queue.accounts()] == ["a", "b", "c"]
            await queue.put_now("a")
            assert not await queue.put("a", State())
            assert await queue.put("d", State(failures=3), utcnow())
            await queue.put_now("d")
            [last] = [one for one in await queue.accounts() if one.name == "d"]
            assert (last.state.failures, last.running, last.due_at) == (3, False, None)
            assert await queue.workers() == 0

    asyncio.run(use())


def test_what_is_refused(project: Project) -> None:
    with account_sandbox(1) as north:
        project.add("north", north, chats=False)
    for words, says in (
        (["work"], "a fleet needs PostgreSQL"),
        (["now", "south"], "south is no account; there are: north"),
        (["rest"], "say one of work, now, status"),
        (["work", "-s", "AVITO_ACCOUNT=north"], "a fleet has all accounts"),
    ):
        run = project.run("fleet", *words)
        assert run.status == 2
        [line] = run.log.splitlines()
        assert says in line
    nowhere = f"postgresql://tester:hunter2@/nothing?host={project.folder}"
    run = project.run("fleet", "status", env={"AVITO_STORE_URL": nowhere})
    assert run.status == 2
    assert "cannot be reached" in run.log.splitlines()[-1]
    assert "hunter2" not in run.log
