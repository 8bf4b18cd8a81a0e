"""Extension and pipeline in a real crawl."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from avito_scrapy.store import open_store
from tests.integration.health import runs
from tests.integration.store import postgres
from tests.integration.store.records import ACCOUNT
from tests.policy.imports import ROOT
from tests.support.privacy import assert_private


def crawl(
    folder: Path, count: int, title: int = 1, limit: int = 0
) -> subprocess.CompletedProcess[str]:
    module = "tests.integration.store.crawl"
    done = subprocess.run(
        [sys.executable, "-m", module, str(folder), str(count), str(title), str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert_private(done.stderr)
    return done


def test_outcomes_are_stored_and_the_run_is_finished(tmp_path: Path) -> None:
    done = crawl(tmp_path / "data", 30)
    assert (done.returncode, done.stdout) == (0, "finished\n"), done.stderr
    with open_store(f"sqlite:///{tmp_path}/data/.avito/store.db") as store:
        run = store.runs.last("resumes")
        assert run is not None
        assert (run.account_id, run.inputs, run.reason) == (ACCOUNT, 30, "finished")
        assert run.figures == {"avito/store/run": run.id, "avito/store/outcomes": 30}
        positions = [known.position for known in store.outcomes.of_run(run.id)]
        assert positions == list(range(1, 31)), "and nothing of the plain chat"
    private = tmp_path / "data" / ".avito"
    assert private.stat().st_mode & 0o777 == 0o700
    assert (private / "store.db").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_ends_the_run_with_one_line(tmp_path: Path) -> None:
    before = crawl(tmp_path, 5)
    assert before.returncode == 0
    done = crawl(tmp_path, 5000, title=2000, limit=2_000_000)
    assert (done.returncode, done.stdout) == (0, "store_failed\n"), done.stderr
    errors = [line for line in done.stderr.splitlines() if " ERROR: " in line]
    assert 1 <= len(errors) <= 2, "of the outcome, and of the run's end when that fails too"
    for line in errors:
        assert f"store: {tmp_path}/.avito/store.db" in line
        assert "disk" in line
    assert "Traceback" not in done.stderr
    assert "+7900" not in done.stderr
    assert "xxxx" not in done.stderr
    with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
        run = store.runs.last("resumes")
        assert run is not None
        kept = [known.position for known in store.outcomes.of_run(run.id)]
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) > 10


def test_an_interrupted_run_ends_while_items_flow(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.store.crawl", str(tmp_path), "10000000"]
    log = tmp_path / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [*command, "1", "0"], cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            store_path = tmp_path / ".avito" / "store.db"
            while process.poll() is None and not _has_outcomes(store_path):
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, output) == (0, "shutdown\n"), log.read_text()
    with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
        run = store.runs.last("resumes")
        assert run is not None
        assert run.reason == "shutdown"
        kept = sum(1 for _ in store.outcomes.of_run(run.id))
        assert kept == run.figures["avito/store/outcomes"]


def test_a_database_that_goes_away_at_the_very_end_is_told(
    tmp_path: Path, postgres_server: postgres.Server
) -> None:
    url, admin = postgres_server.new_database(), postgres_server.url("postgres")
    keeper = "SPIDER_MODULES=tests.integration.health.keeper"
    words = ("-s", keeper, "-s", f"AVITO_STORE_URL={url}", "-a", f"drop={admin}")
    ended = runs.crawl(tmp_path, "-a", "chats=3", *words)
    assert ended.returncode == 11, ended.stderr
    told = runs.health(tmp_path)
    assert (told["reason"], told["status"], told["healthy"]) == ("finished", 11, False)
    assert "Traceback" not in ended.stderr
    assert "ERROR: store: PostgreSQL" in ended.stderr
    assert "Ended: finished (status 11)" in ended.stderr.splitlines()[-1]


def _has_outcomes(path: Path) -> bool:
    # Read only: connecting must not make the file before its owner does.
    address = f"file:{path}?mode=ro"
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(address, uri=True)) as connection,
    ):
        found: int = connection.execute("SELECT count(*) FROM avito_outcomes").fetchone()[0]
        return found > 0
    return False
