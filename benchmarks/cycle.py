"""A cycle of both spiders when nothing or little has changed: requests, loads of the list, seconds.

``python -m benchmarks.cycle`` prints one table, against the sandbox at Avito's limit. The account
is read once before, with a browser and without the limit, so that there is something to know.
``--chats`` is another number of chats. Exit status 1 when a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from avito_scrapy.avito.endpoints import ENDPOINTS
from benchmarks.resumes import KEYS, Figure, get, print_table
from benchmarks.server import ROOT, sandbox

CHATS = 2655
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_START_DELAY=0")


@dataclass
class Account:
    """An account at ``url`` whose files are in ``folder``."""

    url: str
    folder: Path
    peak: float = 0.0
    """The most memory that one process of a run has had since it was set to 0, in MB."""

    def control(self, **order: Any) -> Any:
        """Change the sandbox in mid-run."""
        request = urllib.request.Request(  # noqa: S310
            f"{self.url}/__sandbox__/control", json.dumps(order).encode()
        )
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return json.load(response)

    def crawl(self, spider: str, *options: str) -> None:
        """Run a spider to its end; its log is beside its files."""
        env = {**os.environ, **KEYS, "AVITO_API_URL": self.url, "AVITO_WEB_URL": self.url,
               "AVITO_DATA_DIR": str(self.folder)}  # fmt: skip
        with (self.folder / f"{spider}.log").open("wb") as log:
            words = [sys.executable, "-m", "scrapy", "crawl", spider, *options]
            run = subprocess.Popen(words, cwd=ROOT, env=env, stderr=log)
            _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        if run.returncode:
            raise RuntimeError(f"{spider} ended with status {run.returncode}")
        self.peak = max(self.peak, used.ru_maxrss / 1024)

    def untrue(self) -> int:
        """Chats whose outcome, resume or status is not the sandbox's truth."""
        written = (self.folder / "resumes.jl").read_text(encoding="utf-8").strip().split("\n")
        lines = {line["chat_id"]: line for line in map(json.loads, written)}
        return sum(
            (line := lines.get(chat["chat_id"])) is None
            or any(line[fact] != chat[fact] for fact in ("outcome", "match", "resume_id"))
            or (chat["outcome"] != "not_candidate" and line["chat_status"] != chat["chat_status"])
            for chat in get(f"{self.url}/__sandbox__/truth")
        )

    def poll_is_due(self) -> None:
        """Make the stored index of applications five minutes old."""
        with closing(sqlite3.connect(self.folder / ".avito" / "store.db")) as store, store:
            store.execute("UPDATE avito_application_index SET polled_at = polled_at - 300")

    def measure(self, what: str, at_most: int, seconds: int | None, *runs: Run) -> Iterator[Figure]:
        """Run spiders one after another; figures of all of them together.

        Args:
            what: what is measured.
            at_most: requests to the API that are allowed, one for each hundred unread chats apart.
            seconds: time that is allowed; None: any.
            runs: spiders with their options.
        """
        unread = sum(chat["is_unread"] for chat in get(f"{self.url}/__sandbox__/truth"))
        self.poll_is_due()
        self.control(action="reset_counters")
        self.peak = 0.0
        begun, busy = monotonic(), os.times()
        for spider, *options in runs:
            self.crawl(spider, *options)
        took, after = monotonic() - begun, os.times()
        counters = get(f"{self.url}/__sandbox__/counters")
        asked = sum(counters["requests"].get(name, 0) for name in ENDPOINTS)
        allowed = at_most + (-(-unread // 100) if runs[0] == API else 0)
        yield Figure(f"{what}: API requests", asked, at_most=allowed)
        yield Figure(
            "  loads of the list", counters["loads"], at_most=6 if runs[0] == BROWSER else 0
        )
        yield Figure("  seconds", took, ".1f", seconds)
        spent = after.children_user + after.children_system
        yield Figure(
            "  of them the processor's", spent - busy.children_user - busy.children_system, ".1f"
        )
        yield Figure("  most memory of a process, MB", self.peak, ".0f")
        yield Figure("  processes that wait for the processor", os.getloadavg()[0], ".1f")
        yield Figure("  chats whose line is not the truth", self.untrue(), at_most=0)


Run = tuple[str, ...]
API: Run = ("chats", "-a", "until=known", "-a", "source=api")
BROWSER: Run = ("chats", "-a", "until=known", "-a", "pace=fast")
RESUMES: Run = ("resumes",)


def figures(account: Account) -> Iterator[Figure]:
    """The cycles, one after another."""
    truth = get(f"{account.url}/__sandbox__/truth")
    yield from account.measure("unchanged, source=api", 12, 8, API, RESUMES)
    for chat in [chat["chat_id"] for chat in truth if chat["outcome"] == "found"][-3:]:
        account.control(action="new_message", chat_id=chat, text="Когда выходить?")
    for _ in range(2):
        account.control(action="new_application")
    yield from account.measure("3 messages, 2 applications, source=api", 45, 10, API, RESUMES)
    yield from account.measure("unchanged, browser", 12, 14, BROWSER, RESUMES)
    ids = account.folder / "ids.txt"
    chats = get(f"{account.url}/__sandbox__/truth")
    ids.write_text("\n".join(chat["chat_id"] for chat in chats), encoding="utf-8")
    plain = ("resumes", "-a", f"input={ids}")
    yield from account.measure("plain list of known ids", 60, None, plain)


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=CHATS)
    given = parser.parse_args()
    with sandbox(given.chats, rate_limit_rps=100_000) as url, tempfile.TemporaryDirectory() as name:
        account = Account(url, Path(name))
        account.crawl("chats", "-a", "pace=fast")
        account.crawl("resumes", *FAST)
        account.control(action="set", rate_limit_rps=10)
        return print_table(figures(account))


if __name__ == "__main__":
    sys.exit(main())
