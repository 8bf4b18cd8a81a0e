"""The parts of the demo: sandbox, two crawls, a summary."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from avito_scrapy.errors import UsageError, describe

# Avito allows 10 requests a second for each method, more by arrangement. The demo's sandbox has
# such an arrangement, so that nobody waits four minutes for made-up people.
DEMO_RATE = 60
SANDBOX_START_S = 60


def run_demo(folder: Path, chats: int, say: Callable[[str], None]) -> int:
    """Run sandbox, chats and resumes; leave the files in ``folder``; print a summary.

    Args:
        folder: where the files go; made if it is not there.
        chats: size of the made-up account.
        say: prints a line.

    Returns:
        0, or the status of the first crawl that did not end well.
    """
    if importlib.util.find_spec("avito_sandbox") is None:
        raise UsageError("the sandbox is not here: the demo runs from the project's folder")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--dir: {folder} cannot be made ({describe(error)})") from None
    seconds: dict[str, float] = {}
    started = time.monotonic()
    with _sandbox(chats) as url:
        seconds["sandbox"] = time.monotonic() - started
        say(f"sandbox: {chats} chats at {url}, {DEMO_RATE} requests a second for each method")
        environment = os.environ | {
            "AVITO_ACCOUNT": "",
            "AVITO_WEB_URL": url,
            "AVITO_API_URL": url,
            "AVITO_CLIENT_ID": "sandbox-id",
            "AVITO_CLIENT_SECRET": "sandbox-secret",
            "AVITO_DATA_DIR": str(folder),
            "AVITO_STORE_URL": "sqlite:///.avito/store.db",
            "AVITO_PROFILE_DIR": ".avito/profile",
            "AVITO_STORAGE_STATE": "",
            "AVITO_EMPLOYEE_OF": "",
            # Not of this account: a demo before may have been of another size.
            "AVITO_HEALTH_MAX_CHATS_DROP": "off",
            "AVITO_WEBHOOK_URL": "",
        }
        for name, arguments in (
            ("chats", ["chats", "-a", "pace=fast", "-a", f"expected={chats}"]),
            ("resumes", ["resumes", "-a", "refresh=yes"]),
        ):
            say(f"$ scrapy crawl {' '.join(arguments)}")
            begun = time.monotonic()
            crawl = [sys.executable, "-m", "scrapy", "crawl", *arguments]
            status = subprocess.run(  # noqa: S603
                [*crawl, "--logfile", str(folder / f"{name}.log")], env=environment, check=False
            ).returncode
            seconds[name] = time.monotonic() - begun
            if status:
                say(f"{name} ended with status {status}: see {folder / name}.log")
                return status
    _summary(folder, seconds, say)
    return 0


@contextmanager
def _sandbox(chats: int) -> Iterator[str]:
    command = [sys.executable, "-m", "avito_sandbox", "--port", "0", "--chats", str(chats)]
    process = subprocess.Popen(  # noqa: S603
        [*command, "--rate-limit-rps", str(DEMO_RATE)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url.startswith("http://"):
            raise UsageError("the sandbox did not start; try `python -m avito_sandbox`")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=SANDBOX_START_S)
        if process.stdout is not None:
            process.stdout.close()


def _lines(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _summary(folder: Path, seconds: dict[str, float], say: Callable[[str], None]) -> None:
    chats, resumes = _lines(folder / "chats.jl"), _lines(folder / "resumes.jl")
    outcomes = Counter(str(line["outcome"]) for line in resumes)
    counts = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    took = ", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items())
    say(f"chats:    {len(chats)} -> {folder / 'chats.jl'}")
    say(f"resumes:  {len(resumes)} ({counts}) -> {folder / 'resumes.jl'}")
    say(f"workbook: {folder / 'resumes.xlsx'}")
    say(f"took:     {took}; {sum(seconds.values()):.1f} s in all")
    say(f"to work with it: {sys.executable} -m scrapy dashboard -s AVITO_DATA_DIR={folder} --open")
