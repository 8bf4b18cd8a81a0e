"""``scrapy crawl chats`` against the least time there is, from a handful of chats to 20,000.

``python -m benchmarks.chats`` prints one table; every baseline runs in the same call. The sandbox
is a process of its own. ``--only`` picks parts, ``--long`` adds the one with 20,000 chats. Exit
status 1 when a figure is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from benchmarks.floor import read_list
from benchmarks.server import ROOT, sandbox

ACCOUNT = 2655
"""Chats of a real account; AVITO's page loads 30 at a time, 150 ms each."""


@dataclass(frozen=True)
class ChatsCrawl:
    """One crawl: chats in its file, seconds (browser start included), peak memory in MiB."""

    chats: int
    seconds: float
    memory: float


def crawl(url: str, pace: str) -> ChatsCrawl:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "AVITO_WEB_URL": url, "AVITO_DATA_DIR": folder}
        start = monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "chats", "-a", f"pace={pace}"],
            cwd=ROOT, env=env, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with peak_memory(process.pid) as peak:
            status = process.wait()
        seconds = monotonic() - start
        if status != 0:
            raise RuntimeError(f"the crawl ended with status {status}")
        lines = (Path(folder) / "chats.jl").read_bytes().count(b"\n")
        return ChatsCrawl(lines, seconds, peak[-1])


@contextmanager
def peak_memory(pid: int) -> Iterator[list[float]]:
    """Watch a process; afterwards the list's last value is its peak in MiB (0 without /proc)."""
    peaks, over = [0.0], Event()

    def watch() -> None:
        status = Path(f"/proc/{pid}/status")
        while not over.wait(0.1):
            try:
                found = [ln for ln in status.read_text().splitlines() if ln.startswith("VmHWM")]
            except OSError:
                return
            peaks.extend(int(line.split()[1]) / 1024 for line in found)

    thread = Thread(target=watch)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


MEMORY = 190
"""MiB that the spider itself may take: 200 MB."""
missed: list[str] = []


def row(what: str, run: ChatsCrawl, floor: float, limit: str) -> str:
    ratio = run.seconds / floor
    if run.memory > MEMORY or (limit and ratio > float(limit)):
        missed.append(what)
    return (
        f"| {what} | {run.chats} | {run.seconds:.1f} | {ratio:.2f} | {limit} | {run.memory:.0f} |"
    )


def paces(names: list[str]) -> Iterator[str]:
    """The account of a real employer, at each pace."""
    with sandbox(ACCOUNT, page_latency_ms=150, rows="virtualised") as url:
        count, floor = read_list(url)
        yield f"| floor, 150 ms a page | {count} | {floor:.1f} | 1.00 | | |"
        for name, limit in (("fast", "2"), ("human", "6")):
            if name in names:
                yield row(f"{name}, rows virtualised", crawl(url, name), floor, limit)


def growth(sizes: list[int]) -> Iterator[str]:
    """How time and memory grow with the list."""
    for rows in ("virtualised", "kept"):
        for size in sizes:
            with sandbox(size, page_latency_ms=20, rows=rows) as url:
                _, floor = read_list(url)
                run = crawl(url, "fast")
                each = f"{1000 * run.seconds / size:.1f} ms a chat"
                yield row(f"fast, rows {rows}, 20 ms a page: {each}", run, floor, "")


def main() -> int:
    """Print the table; 1 when a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=["fast", "human", "growth"],
                        choices=["fast", "human", "growth"])  # fmt: skip
    parser.add_argument("--long", action="store_true", help="with 20,000 chats (minutes)")
    chosen = parser.parse_args()
    print("| run | chats | s | of the floor | at most | MiB, the spider's own |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    lines = paces(chosen.only) if {"fast", "human"} & set(chosen.only) else iter(())
    for line in lines:
        print(line, flush=True)
    if "growth" in chosen.only:
        for line in growth([1000, 4000, *([20_000] if chosen.long else [])]):
            print(line, flush=True)
    for what in missed:
        print(f"missed: {what}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
