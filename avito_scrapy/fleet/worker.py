"""A worker: runs the cycles of the queue as processes of ``scrapy crawl``."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.files import private_folder
from avito_scrapy.fleet.queue import (
    CYCLE,
    GOES_ON,
    HEARTBEAT_S,
    STALLED_S,
    TASK,
    UNREACHABLE,
    WHOLE_CYCLE,
    WRONG_USAGE,
    Commands,
    CycleQueue,
    State,
    unreachable,
    utcnow,
)

logger = logging.getLogger(__name__)

LOG = "cycle.log"
_LOOK_S = 10.0
_AGAIN_S = 5.0
_STOP_S = 60.0


@dataclass
class FleetWorker:
    """Takes cycles from the queue until it is told to stop.

    A database that cannot be reached is waited for. A stop ends the crawls at work, which keep
    what they have, and puts their cycles back.
    """

    url: str
    """AVITO_STORE_URL, of PostgreSQL."""
    config_of: Callable[[str], Config]
    """The settings of an account by its name; raises UsageError."""
    names_of: Callable[[], Sequence[str]]
    """The accounts whose cycles this worker takes; asked again and again, so that a new one needs
    no restart."""
    every: timedelta
    """How often an account has a cycle."""
    concurrency: int
    """How many cycles run at a time."""
    options: Sequence[str] = ()
    """Further words for each ``scrapy crawl``."""
    cycle: Commands = CYCLE
    whole: Commands = WHOLE_CYCLE

    def __post_init__(self) -> None:
        # One list for good: Procrastinate's worker asks for jobs with what it holds then.
        self._names: list[str] = []
        self._stopping = asyncio.Event()
        self._crawls: set[asyncio.subprocess.Process] = set()

    async def run(self) -> None:
        """Work until SIGINT or SIGTERM."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        while not self._stopping.is_set():
            try:
                async with CycleQueue.open(self.url) as queue:
                    await self._work(queue)
            except UNREACHABLE:
                logger.warning("%s; trying again", unreachable(self.url))
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), _AGAIN_S)
        logger.info("Stopped")

    def stop(self) -> None:
        self._stopping.set()
        for crawl in self._crawls:
            crawl.terminate()

    async def _work(self, queue: CycleQueue) -> None:
        app = queue.app

        @app.task(name=TASK)
        async def cycle(name: str, state: dict[str, Any]) -> None:
            await self._run_cycle(queue, name, State.parse(state))

        # Those that this machine had at work before count too: the file of one may be gone since.
        here = socket.gethostname()
        had = {known.name for known in await queue.accounts() if known.state.machine == here}
        self._names[:] = had.union(self._names)
        await self._look(queue)
        working = asyncio.create_task(
            app.run_worker_async(
                queues=self._names,
                concurrency=self.concurrency,
                install_signal_handlers=False,
                # The account's next job says what there is to say of the last one.
                delete_jobs="always",
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_S,
                shutdown_graceful_timeout=_STOP_S,
            )
        )
        looking = asyncio.create_task(self._look_after(queue))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((working, looking, stopping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (looking, stopping, working):
                task.cancel()
            ended = await asyncio.gather(working, looking, stopping, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _look_after(self, queue: CycleQueue) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            await self._look(queue)

    async def _look(self, queue: CycleQueue) -> None:
        names = list(self.names_of())
        gone = [name for name in self._names if name not in names]
        if names != self._names:
            self._names[:] = names
            logger.info("At work on %d accounts", len(names))
        # A machine that still has the account's file puts it in again at its next look.
        for name in gone:
            await queue.take_out(name)
            logger.info("%s: its file is gone; taken out of the queue", name)
        await queue.rescue()
        await queue.put_missing(names)

    async def _run_cycle(self, queue: CycleQueue, name: str, state: State) -> None:
        began, began_at = time.monotonic(), utcnow()
        try:
            config = self.config_of(name)
        except UsageError as error:
            logger.error("%s: %s", name, error)
            status = WRONG_USAGE
        else:
            now = datetime.now(config.tz)
            whole = state.whole_is_due(now)
            status = await self._crawl(name, config, self.whole if whole else self.cycle)
            if self._stopping.is_set():
                await queue.put(name, state)
                return
            if whole and status in GOES_ON:
                state = replace(state, whole_on=now.date().isoformat())
        state = state.after(status, utcnow(), time.monotonic() - began, socket.gethostname())
        level = logging.INFO if status in GOES_ON else logging.WARNING
        logger.log(level, "%s: status %d after %.1f s", name, status, state.seconds)
        if name in self._names:
            await queue.put(name, state, max(began_at + state.wait(self.every), utcnow()))

    async def _crawl(self, name: str, config: Config, commands: Commands) -> int:
        """Run the commands one after another; the first status that is not 0."""
        log = _new_log(config.data_dir)
        worst = 0
        for words in commands:
            status = await self._process(name, words, log)
            worst = worst or status
            if status not in GOES_ON or self._stopping.is_set():
                break
        return worst

    async def _process(self, name: str, words: Sequence[str], log: Path) -> int:
        # The orphan of a killed worker may be at the other spider still, on another machine.
        account = ("-s", f"AVITO_ACCOUNT={name}", "-s", "AVITO_ALONE=true")
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "scrapy", "crawl", *words, *self.options, *account,
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        self._crawls.add(process)
        if self._stopping.is_set():
            process.terminate()
        try:
            return await process.wait()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        finally:
            self._crawls.discard(process)


def _new_log(folder: Path) -> Path:
    """The log of this cycle; that of the one before is kept beside it."""
    private_folder(folder)
    log = folder / LOG
    if log.exists():
        os.replace(log, folder / f"{LOG}.1")
    return log
