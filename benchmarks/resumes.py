"""``scrapy crawl resumes``: against Avito's limit, against bare Scrapy, and how much it holds.

``python -m benchmarks.resumes`` prints one table; the baselines are of the same call and the same
requests. ``--only`` picks parts. ``pace`` takes as long as Avito's limit makes it: 2,655 chats,
four minutes. ``bare`` compares requests a second where nothing limits them; ``memory`` is the
peak of a run over 20,000 chats. Exit status 1 when a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from benchmarks.server import ROOT, sandbox

KEYS = {"AVITO_CLIENT_ID": "sandbox-id", "AVITO_CLIENT_SECRET": "sandbox-secret"}


@dataclass(frozen=True)
class Figure:
    """A line of the table; ``form`` is how the value is written. Limits: what is wanted of it."""

    what: str
    value: float
    form: str = ".0f"
    at_most: float | None = None
    at_least: float | None = None

    @property
    def missed(self) -> bool:
        """Whether it is not what is wanted."""
        too_much = self.at_most is not None and self.value > self.at_most
        return too_much or (self.at_least is not None and self.value < self.at_least)

    def __str__(self) -> str:
        pairs = (("at most", self.at_most), ("at least", self.at_least))
        limits = [f"{word} {limit:{self.form}}" for word, limit in pairs if limit is not None]
        return f"{self.what:<56}{self.value:>10{self.form}}  {' '.join(limits)}".rstrip()


def print_table(figures: Iterable[Figure]) -> int:
    """Print them as they come, then which are missed; the exit status, 1 when any is."""
    missed = []
    for figure in figures:
        print(figure, flush=True)
        missed += [figure.what.strip()] if figure.missed else []
    for what in missed:
        print(f"missed: {what}")
    return 1 if missed else 0


@dataclass(frozen=True)
class ResumesCrawl:
    """A crawl: its ``health.json``, seconds with the start of the process, peak memory in MiB."""

    health: dict[str, Any]
    wall: float
    memory: float

    @property
    def seconds(self) -> float:
        """From the first request to the last answer: without start and workbook."""
        stats = self.health["stats"]
        return float(self.health["figures"]["seconds"] - stats["avito/workbook/seconds"])


def get(url: str, data: dict[str, str] | None = None) -> Any:
    """JSON of the sandbox; ``data``: sent as a form."""
    body = urllib.parse.urlencode(data).encode() if data else None
    with urllib.request.urlopen(url, body, timeout=120) as response:  # noqa: S310
        return json.load(response)


def crawl(url: str) -> ResumesCrawl:
    """Crawl all chats of the sandbox at ``url``."""
    with tempfile.TemporaryDirectory() as folder:
        truth = get(f"{url}/__sandbox__/truth")
        chats = [json.dumps({"chat_id": one["chat_id"]}) for one in truth]
        (Path(folder) / "chats.jl").write_text("\n".join(chats), encoding="utf-8")
        env = {**os.environ, **KEYS, "AVITO_API_URL": url, "AVITO_DATA_DIR": folder}
        start = monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "resumes"],
            cwd=ROOT, env=env, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"the crawl ended with status {process.returncode}")
        health = json.loads((Path(folder) / "health.json").read_text(encoding="utf-8"))
        return ResumesCrawl(health, monotonic() - start, usage.ru_maxrss / 1024)


def pace(chats: int) -> Iterator[Figure]:
    """At Avito's limit the busiest method sets the time."""
    with sandbox(chats, latency_ms=80) as url:
        run = crawl(url)
        counters = get(f"{url}/__sandbox__/counters")
    busiest = max(counters["requests"].values())
    limited = sum(v for k, v in run.health["stats"].items() if k.startswith("avito/throttle/429/"))
    share = limited / sum(counters["requests"].values())
    yield Figure(f"{chats} chats at 10/s, 80 ms: seconds", run.wall, ".1f")
    yield Figure("  times the busiest method's own", run.seconds / (busiest / 10), ".3f", 1.15)
    yield Figure("  answers 429", share, ".2%", 0.01)
    yield Figure("  token requests", counters["requests"]["token"], at_most=1)


def bare(chats: int) -> Iterator[Figure]:
    """Without a limit: requests a second as a share of bare Scrapy's."""
    options = {"latency_ms": 5, "rate_limit_rps": 100_000, "record": "true"}
    with sandbox(chats, **options, record_limit=100_000) as url, baseline() as folder:
        run = crawl(url)
        asked = [one for one in get(f"{url}/__sandbox__/requests") if one["method"] != "token"]
        write_requests(url, asked, folder / "requests.jl")
        form = {
            "grant_type": "client_credentials",
            "client_id": KEYS["AVITO_CLIENT_ID"],
            "client_secret": KEYS["AVITO_CLIENT_SECRET"],
        }
        token = get(f"{url}/token", form)["access_token"]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "runspider", str(ROOT / "benchmarks" / "bare.py"),
             "-a", f"requests={folder / 'requests.jl'}", "-a", f"token={token}"],
            cwd=folder, capture_output=True, text=True, check=True,
        )  # fmt: skip
    figures = json.loads(done.stdout.splitlines()[-1])
    theirs = figures["requests"] / figures["seconds"]
    ours = len(asked) / run.seconds
    yield Figure(f"{chats} chats, no limit, 5 ms: requests a second", ours)
    yield Figure("  bare Scrapy, the same requests", theirs)
    yield Figure("  share of it", ours / theirs, ".2f", at_least=0.9)


@contextmanager
def baseline() -> Iterator[Path]:
    """A folder without a Scrapy project around it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def write_requests(url: str, asked: list[dict[str, Any]], path: Path) -> None:
    """The recorded requests as ``benchmarks/bare.py`` reads them."""
    with path.open("w", encoding="utf-8") as file:
        for one in asked:
            query = urllib.parse.urlencode([(key, value) for key, value in one["query"]])
            address = url + urllib.parse.quote(one["path"]) + (f"?{query}" if query else "")
            file.write(json.dumps([one["verb"], address, one["body"] or None]) + "\n")


def memory(chats: int) -> Iterator[Figure]:
    """The peak of the crawl's process, workbook and all."""
    with sandbox(chats, rate_limit_rps=100_000) as url:
        run = crawl(url)
    # 300 MB are 286 MiB.
    yield Figure(f"{chats} chats: peak memory, MiB", run.memory, at_most=286)
    yield Figure("  seconds", run.wall)


PARTS = {"pace": (pace, 2655), "bare": (bare, 2655), "memory": (memory, 20_000)}


def main() -> int:
    """Run the parts and print the table; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--chats", type=int, help="another number of chats, for every part")
    given = parser.parse_args()
    parts = [PARTS[name] for name in given.only]
    return print_table(figure for part, chats in parts for figure in part(given.chats or chats))


if __name__ == "__main__":
    sys.exit(main())
