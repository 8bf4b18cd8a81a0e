"""``scrapy demo``: the whole way on a made-up account, without a network."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrapy.commands import ScrapyCommand

from avito_scrapy.commands.base import ProjectCommand
from avito_scrapy.errors import UsageError, describe

# Avito allows 10 requests a second for each method, more by arrangement. The demo's sandbox has
# such an arrangement, so that nobody waits four minutes for made-up people.
_RATE = 60
_END_S = 60


class Command(ProjectCommand, ScrapyCommand):
    """Starts the local Avito, runs both spiders against it as a user would, prints what came.

    Leaves ``demo/chats.jl``, ``demo/resumes.jl`` and ``demo/resumes.xlsx``. The exit status is
    that of the first crawl that failed.
    """

    summary = "Show the whole way from chats to workbook on a made-up account (no network)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--chats", type=int, default=2655, metavar="N", help="size of the account (2655)"
        )
        parser.add_argument(
            "--dir", default="demo", metavar="FOLDER", help="where the files go (demo)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        if not 1 <= opts.chats <= 1_000_000:
            raise UsageError("--chats must be a number from 1 to 1000000")
        if importlib.util.find_spec("avito_sandbox") is None:
            raise UsageError("the sandbox is not here: the demo runs from the project's folder")
        folder = Path(opts.dir).absolute()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"--dir: {folder} cannot be made ({describe(error)})") from None
        started = time.monotonic()
        with _sandbox(opts.chats) as url:
            seconds = {"sandbox": time.monotonic() - started}
            self.say(
                f"sandbox: {opts.chats} chats at {url}, {_RATE} requests a second for each method"
            )
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
            for arguments in (
                ["chats", "-a", "pace=fast", "-a", f"expected={opts.chats}"],
                ["resumes", "-a", "refresh=yes"],
            ):
                name = arguments[0]
                log = folder / f"{name}.log"
                self.say(f"$ scrapy crawl {' '.join(arguments)}")
                begun = time.monotonic()
                crawl = [sys.executable, "-m", "scrapy", "crawl", *arguments, "--logfile", str(log)]
                status = subprocess.run(crawl, env=environment, check=False).returncode  # noqa: S603
                seconds[name] = time.monotonic() - begun
                if status:
                    self.say(f"{name} ended with status {status}: see {log}")
                    return status
        self._sum_up(folder, seconds)
        return 0

    def _sum_up(self, folder: Path, seconds: dict[str, float]) -> None:
        chats, resumes = _lines(folder / "chats.jl"), _lines(folder / "resumes.jl")
        outcomes = Counter(str(line["outcome"]) for line in resumes)
        counts = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
        took = ", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items())
        self.say(f"chats:    {len(chats)} -> {folder / 'chats.jl'}")
        self.say(f"resumes:  {len(resumes)} ({counts}) -> {folder / 'resumes.jl'}")
        self.say(f"workbook: {folder / 'resumes.xlsx'}")
        self.say(f"took:     {took}; {sum(seconds.values()):.1f} s in all")
        dashboard = f"{sys.executable} -m scrapy dashboard -s AVITO_DATA_DIR={folder} --open"
        self.say(f"to work with it: {dashboard}")


@contextmanager
def _sandbox(chats: int) -> Iterator[str]:
    """Run a sandbox with so many chats; gives its address."""
    command = [sys.executable, "-m", "avito_sandbox", "--port", "0", "--chats", str(chats)]
    process = subprocess.Popen(  # noqa: S603
        [*command, "--rate-limit-rps", str(_RATE)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url.startswith("http://"):
            raise UsageError("the sandbox did not start; try `python -m avito_sandbox`")
        yield url
    finally:
        process.terminate()
        process.wait(timeout=_END_S)
        if process.stdout is not None:
            process.stdout.close()


def _lines(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
