"""One run an account, on whichever machine: two folders, one PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.project import get_project_settings

from avito_scrapy.errors import UsageError
from avito_scrapy.runlock import SPIDERS, AccountLock
from avito_scrapy.store import StoreProblem, open_store
from tests.integration.accounts.project import Project, account_sandbox
from tests.integration.store import postgres
from tests.integration.store.records import new_run, record
from tests.policy.imports import ROOT


@pytest.fixture
def url(postgres_server: postgres.Server) -> str:
    return postgres_server.new_database()


def test_the_second_is_told_who_holds_it(url: str) -> None:
    with AccountLock(url, "resumes", "a"):
        with pytest.raises(UsageError) as told, AccountLock(url, "resumes", "a"):
            pass
        with AccountLock(url, "chats", "a"), AccountLock(url, "resumes", "b"):
            pass
    said = str(told.value)
    assert f"pid {os.getpid()}, since 20" in said
    assert "avito resumes on" in said
    with AccountLock(url, "resumes", "a"):
        pass


def test_one_that_is_to_be_alone(url: str) -> None:
    """It holds the account for every spider, and gives back what it got if it cannot have all."""
    assert set(SPIDERS) == set(get_spider_loader(get_project_settings()).list())
    with AccountLock(url, "resumes", "a", alone=True):
        for spider in SPIDERS:
            with pytest.raises(UsageError, match="avito resumes on"), AccountLock(url, spider, "a"):
                pass
        with AccountLock(url, "chats", "b", alone=True):
            pass
    with AccountLock(url, "resumes", "a"):
        with pytest.raises(UsageError), AccountLock(url, "chats", "a", alone=True):
            pass
        with AccountLock(url, "chats", "a"):
            pass


def test_sqlite_and_nobody_lock_nothing(url: str, tmp_path: Path) -> None:
    for place, account in ((url, ""), (f"sqlite:///{tmp_path}/store.db", "a")):
        with AccountLock(place, "resumes", account), AccountLock(place, "resumes", account):
            pass
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    url = f"postgresql://tester:hunter2@/nothing?host={tmp_path}"
    with pytest.raises(StoreProblem, match="cannot be reached") as told, AccountLock(url, "a", "b"):
        pass
    assert "hunter2" not in str(told.value)


def test_a_killed_run_holds_nothing(url: str) -> None:
    code = (
        "import sys, time\n"
        "from avito_scrapy.runlock import AccountLock\n"
        "lock = AccountLock(sys.argv[1], 'resumes', 'a')\n"
        "lock.acquire()\n"
        "print('held', flush=True)\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    lock = AccountLock(url, "resumes", "a")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(UsageError, match=f"pid {process.pid},"):
            lock.acquire()
    finally:
        process.kill()
        process.communicate()
    # The server notices the end of the connection by itself, soon.
    deadline = time.monotonic() + 30
    while True:
        try:
            lock.acquire()
            break
        except UsageError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    lock.release()


def test_the_same_account_from_two_folders(tmp_path: Path, url: str) -> None:
    """One works, one is told in one line and asks Avito nothing; by other keys it is told too."""
    with account_sandbox(1, latency_ms=300) as sandbox:
        one, other = (Project(tmp_path / name, AVITO_STORE_URL=url) for name in ("one", "other"))
        data = one.add("north", sandbox)
        other.add("north", sandbox)
        works = subprocess.Popen(
            one.command("crawl", "resumes", "-s", "AVITO_ACCOUNT=north"),
            cwd=one.folder,
            env=one.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert works.stderr is not None
            for line in works.stderr:
                if "Spider opened" in line:
                    break
            before = sandbox.counters()["requests"].get("token", 0)
            told = other.run("crawl", "resumes", env={"AVITO_ACCOUNT": "north"})
            assert works.poll() is None, "it was over too early"
            after = sandbox.counters()["requests"].get("token", 0)
        finally:
            log = works.communicate(timeout=90)[1]
    assert works.returncode == 0, log
    assert told.status == 2
    [line] = told.log.splitlines()
    assert "another run is at work on this account: avito resumes on" in line
    assert f"pid {works.pid}, since" in line
    assert after - before <= 1
    assert (data / "resumes.jl").exists()
    assert not (other.data / "north" / "resumes.jl").exists()


def test_two_pairs_of_keys_for_one_account(tmp_path: Path, url: str) -> None:
    """Found out when Avito says whose the keys are."""
    with account_sandbox(1) as sandbox, AccountLock(url, "resumes", "number 1001"):
        project = Project(tmp_path / "other", AVITO_STORE_URL=url)
        data = project.add("north", sandbox)
        told = project.run("crawl", "resumes", env={"AVITO_ACCOUNT": "north"})
        asked = sandbox.counters()["requests"]
    assert told.status == 2
    assert (
        sum("another run is at work on this account" in line for line in told.log.split("\n")) == 1
    )
    assert set(asked) == {"token", "self"}
    assert not (data / "resumes.jl").exists()


def test_a_report_from_a_store_where_nobody_is_known(tmp_path: Path, url: str) -> None:
    with open_store(url) as store:
        run_id = new_run(store)
        store.outcomes.put(run_id, record(1))
    project = Project(tmp_path / "empty", AVITO_STORE_URL=url)
    run = project.run("report")
    assert run.status == 2
    [line] = run.log.splitlines()
    assert "is no account's folder yet" in line
    assert not list(project.data.glob("*.xlsx"))
