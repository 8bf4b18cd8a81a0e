"""«Обновить сейчас»: the two crawls of a cycle as processes of their own, one cycle at a time."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence

from avito_scrapy.errors import describe
from avito_scrapy.exit_reasons import REASONS, UNHEALTHY

Command = Sequence[str]
CRAWLS: Sequence[tuple[str, Command]] = (
    ("чаты", ("chats", "-a", "source=api", "-a", "until=known")),
    ("резюме", ("resumes",)),
)
# A list of chats that is not whole, or a figure over its threshold, is no reason to stop.
_GOES_ON = frozenset((0, 3, 8, 9))
_LONGEST_LINE = 4096
"""Bytes at the end of a line that are looked at."""
_PROGRESS = re.compile(r"Progress: (\d+)(?: of (\d+))?")
_TOLD = {reason.status: reason.russian for reason in (*REASONS.values(), UNHEALTHY)}


class UpdateCycle:
    """Runs a cycle for one account.

    Attributes:
        state: what a person is to know of it now; empty before the first.
    """

    def __init__(self, account: str) -> None:
        self.state = ""
        self._account = account
        self._task: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(self) -> bool:
        """Start a cycle; False: one is under way."""
        if self.is_running:
            return False
        self._task = asyncio.create_task(self._run())
        return True

    def stop(self) -> None:
        """Tell the crawl that is under way to end; it keeps what it has."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        for name, arguments in CRAWLS:
            self.state = f"Собираем: {name}…"
            try:
                status, last = await self._crawl(name, arguments)
            except OSError as error:
                self.state = f"Не запущено ({name}): {describe(error)}"
                return
            if status not in _GOES_ON:
                told = last if status == 2 else _TOLD.get(status, "прервано, собранное сохранено")
                self.state = f"Не обновлено ({name}, код {status}): {told}"
                return
        self.state = "Обновлено."

    async def _crawl(self, name: str, arguments: Command) -> tuple[int, str]:
        """Run a crawl to its end; gives its status and the last line that it wrote."""
        options = ["-s", f"AVITO_ACCOUNT={self._account}"] if self._account else []
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scrapy", "crawl", *arguments, *options,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stderr is not None
        last = ""
        async for line in _lines(self._process.stderr):
            last = line or last
            done = _PROGRESS.search(last)
            if done:
                total = f" из {done[2]}" if done[2] else ""
                self.state = f"Собираем: {name}, {done[1]}{total}…"
        return await self._process.wait(), last


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[str]:
    """The lines of a log, the end of those that are very long."""
    rest = b""
    while chunk := await stream.read(65_536):  # StreamReader's own lines end at its limit
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield _text(line)
        rest = rest[-_LONGEST_LINE:]
    yield _text(rest)


def _text(line: bytes) -> str:
    return line[-_LONGEST_LINE:].decode("utf-8", "replace").strip()
