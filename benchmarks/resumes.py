"""``scrapy crawl resumes``: against Avito's limit, against bare Scrapy, and how much it holds.

``python -m benchmarks.resumes`` prints one table; the baselines are of the same call and the same
requests. ``--only`` picks parts. ``pace`` takes as long as Avito's limit makes it: 2,655 chats,
four minutes. ``bare`` compares requests a second where nothing limits them; ``memory`` is the
peak of a run over 20,000 chats.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[1]
KEYS = {"AVITO_CLIENT_ID": "sandbox-id", "AVITO_CLIENT_SECRET": "sandbox-secret"}


@dataclass(frozen=True)
class Run:
    """A crawl: its ``health.json``, seconds with the start of the process, peak memory in MiB."""

    health: dict[str, Any]
    wall: float
    memory: float

    @property
    def seconds(self) -> float:
        """From the first request to the last answer: without start and workbook."""
        stats = self.health["stats"]
        return float(self.health["figures"]["seconds"] - stats["avito/workbook/seconds"])


@contextmanager
def sandbox(chats: int, **options: object) -> Iterator[str]:
    """A sandbox in a process of its own; gives its URL."""
    given = {"chats": chats, **options}
    words = [part for name, value in given.items() for part in (f"--{name}", str(value))]
    process = subprocess.Popen(
        [sys.executable, "-m", "avito_sandbox", *words],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1].rstrip("/")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def get(url: str, data: dict[str, str] | None = None) -> Any:
    """JSON of the sandbox; ``data``: sent as a form."""
    body = urllib.parse.urlencode(data).encode() if data else None
    with urllib.request.urlopen(url, body, timeout=120) as response:  # noqa: S310
        return json.load(response)


def crawl(url: str) -> Run:
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
        return Run(health, monotonic() - start, usage.ru_maxrss / 1024)


def pace(chats: int) -> Iterator[tuple[str, str]]:
    """At Avito's limit the busiest method sets the time."""
    with sandbox(chats, **{"latency-ms": 80}) as url:
        run = crawl(url)
        counters = get(f"{url}/__sandbox__/counters")
    busiest = max(counters["requests"].values())
    limited = sum(v for k, v in run.health["stats"].items() if k.startswith("avito/throttle/429/"))
    yield f"{chats} chats at 10/s, 80 ms: seconds", f"{run.wall:.1f}"
    yield "  times the busiest method's own (1.15)", f"{run.seconds / (busiest / 10):.3f}"
    yield "  answers 429 (1%)", f"{limited / sum(counters['requests'].values()):.2%}"
    yield "  token requests (1)", str(counters["requests"]["token"])


def bare(chats: int) -> Iterator[tuple[str, str]]:
    """Without a limit: requests a second as a share of bare Scrapy's."""
    options = {"latency-ms": 5, "rate-limit-rps": 100_000, "record": "true"}
    with sandbox(chats, **options, **{"record-limit": 100_000}) as url, baseline() as folder:
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
    yield f"{chats} chats, no limit, 5 ms: requests a second", f"{ours:.0f}"
    yield "  bare Scrapy, the same requests", f"{theirs:.0f}"
    yield "  share of it (0.9)", f"{ours / theirs:.2f}"


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


def memory(chats: int) -> Iterator[tuple[str, str]]:
    """The peak of the crawl's process, workbook and all."""
    with sandbox(chats, **{"rate-limit-rps": 100_000}) as url:
        run = crawl(url)
    yield f"{chats} chats: peak memory, MiB (300 MB)", f"{run.memory:.0f}"
    yield "  seconds", f"{run.wall:.0f}"


PARTS = {"pace": (pace, 2655), "bare": (bare, 2655), "memory": (memory, 20_000)}


def main() -> None:
    """Run the parts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--chats", type=int, help="another number of chats, for every part")
    given = parser.parse_args()
    for name in given.only:
        part, chats = PARTS[name]
        for what, value in part(given.chats or chats):
            print(f"{what:<56}{value:>10}", flush=True)


if __name__ == "__main__":
    main()
