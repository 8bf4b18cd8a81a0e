"""Waiting that can be ended: by what happens on the page, by the clock, by whoever runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar

from avito_scrapy.browser.errors import CrawlTimeout, PageClosed, ShutdownRequested

T = TypeVar("T")

SLICE = 0.25
"""Seconds after which a wait looks up: the longest that an order to stop goes unheard."""


class Waiter:
    """Every wait of a run goes through here.

    Args:
        stopping: asked often; true ends every wait with ``ShutdownRequested``.
        seconds: how long the whole run may take.
    """

    def __init__(self, stopping: Callable[[], bool], seconds: float) -> None:
        self._stopping = stopping
        self._deadline = monotonic() + seconds
        self._news = asyncio.Event()
        self._gone = False

    def wake(self) -> None:
        """Something happened on the page."""
        self._news.set()

    def hush(self) -> None:
        """What happened until now is about to be seen."""
        self._news.clear()

    def page_gone(self) -> None:
        """The page crashed or was closed."""
        self._gone = True
        self._news.set()

    def check(self) -> None:
        """Raise ShutdownRequested, PageClosed or CrawlTimeout when it is time for it."""
        if self._stopping():
            raise ShutdownRequested("told to stop")
        if self._gone:
            raise PageClosed("the page or the browser is gone")
        if monotonic() > self._deadline:
            raise CrawlTimeout("the time given is up")

    async def news(self, seconds: float) -> bool:
        """Wait until something happens on the page, at most ``seconds``; whether it did."""
        end = monotonic() + seconds
        while True:
            self.check()
            left = end - monotonic()
            if self._news.is_set() or left <= 0:
                happened = self._news.is_set()
                self._news.clear()
                return happened
            try:
                await asyncio.wait_for(self._news.wait(), min(left, SLICE))
            except asyncio.TimeoutError:
                continue

    async def rest(self, seconds: float) -> None:
        """Wait ``seconds``, whatever happens on the page."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self.check()
            await asyncio.sleep(min(left, SLICE))

    async def done(self, work: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
        """The result of ``work``, which is given up when the run must end.

        Raises:
            TimeoutError: it took more than ``seconds``.
        """
        task = asyncio.ensure_future(work)
        end = monotonic() + seconds
        try:
            while not task.done():
                self.check()
                if monotonic() > end:
                    raise TimeoutError
                await asyncio.wait({task}, timeout=SLICE)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
