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
from benchmarks.resumes import KEYS, Figure, get
from benchmarks.server import ROOT, sandbox

CHATS = 2655
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_START_DELAY=0")


@dataclass
class Account:
    """An account at ``url`` whose files are in ``folder``."""

    url: str
    folder: Path

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
            done = subprocess.run(words, cwd=ROOT, env=env, stderr=log, check=False)
        if done.returncode:
            raise RuntimeError(f"{spider} ended with status {done.returncode}")

    def poll_is_due(self) -> None:
        """Make the stored index of applications five minutes old."""
        with closing(sqlite3.connect(self.folder / ".avito" / "store.db")) as store, store:
            store.execute("UPDATE avito_application_index SET polled_at = polled_at - 300")

    def cycle(self, *chats: str) -> tuple[float, int, int]:
        """Seconds of both processes, requests to the API, loads of the page's list."""
        self.poll_is_due()
        self.control(action="reset_counters")
        begun = monotonic()
        self.crawl("chats", "-a", "until=known", *chats)
        self.crawl("resumes")
        seconds = monotonic() - begun
        counters = get(f"{self.url}/__sandbox__/counters")
        asked = sum(counters["requests"].get(name, 0) for name in METHODS)
        return seconds, asked, counters["loads"]


METHODS = tuple(ENDPOINTS)
API = ("-a", "source=api")


def figures(account: Account) -> Iterator[Figure]:
    """The cycles, one after another; outcomes are counted against the sandbox's truth."""
    truth = get(f"{account.url}/__sandbox__/truth")
    unread = -(-sum(chat["is_unread"] for chat in truth) // 100)
    seconds, requests, loads = account.cycle(*API)
    yield Figure("unchanged, source=api: API requests", requests, at_most=12 + unread)
    yield Figure("  loads of the list", loads, at_most=0)
    yield Figure("  seconds", seconds, ".1f", 8)
    for chat in [chat["chat_id"] for chat in truth if chat["outcome"] == "found"][-3:]:
        account.control(action="new_message", chat_id=chat, text="Когда выходить?")
    seconds, requests, loads = account.cycle(*API)
    yield Figure("3 chats with a new message: API requests", requests, at_most=45 + unread)
    yield Figure("  seconds", seconds, ".1f", 10)
    seconds, requests, loads = account.cycle("-a", "pace=fast")
    yield Figure("unchanged, browser: loads of the list", loads, at_most=6)
    yield Figure("  seconds", seconds, ".1f", 14)
    lines = (account.folder / "resumes.jl").read_text(encoding="utf-8").strip().split("\n")
    ids = account.folder / "ids.txt"
    ids.write_text("\n".join(json.loads(line)["chat_id"] for line in lines), encoding="utf-8")
    account.poll_is_due()
    account.control(action="reset_counters")
    account.crawl("resumes", "-a", f"input={ids}")
    counters = get(f"{account.url}/__sandbox__/counters")
    asked = sum(counters["requests"].get(name, 0) for name in METHODS)
    yield Figure("plain list of known ids: API requests", asked, at_most=60)
    written = (account.folder / "resumes.jl").read_text(encoding="utf-8").strip().split("\n")
    outcomes = {one["chat_id"]: one["outcome"] for one in map(json.loads, written)}
    now = get(f"{account.url}/__sandbox__/truth")
    wrong = sum(outcomes.get(chat["chat_id"]) != chat["outcome"] for chat in now)
    yield Figure("  chats whose outcome is not the truth", wrong, at_most=0)


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=CHATS)
    given = parser.parse_args()
    missed: list[Figure] = []
    with sandbox(given.chats, rate_limit_rps=100_000) as url, tempfile.TemporaryDirectory() as name:
        account = Account(url, Path(name))
        account.crawl("chats", "-a", "pace=fast")
        account.crawl("resumes", *FAST)
        account.control(action="set", rate_limit_rps=10)
        for figure in figures(account):
            print(figure, flush=True)
            missed += [figure] if figure.missed else []
    for figure in missed:
        print(f"missed: {figure.what.strip()}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
