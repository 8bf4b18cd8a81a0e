"""Waiting that ends early: when the page changes, the time is over or the crawl is closing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any, TypeVar

from avito_scrapy.browser.errors import CrawlTimeout, PageClosed, ShutdownRequested

T = TypeVar("T")

POLL_INTERVAL = 0.25
"""Seconds; upper bound of the shutdown latency."""


class Waiter:
    """Every wait of a run goes through here and ends within ``POLL_INTERVAL`` when it must.

    Args:
        stopping: whether the crawl is closing; asked at each poll.
        timeout: seconds for the whole run.
    """

    def __init__(self, stopping: Callable[[], bool], timeout: float) -> None:
        self._stopping = stopping
        self._deadline = monotonic() + timeout
        self._changed = asyncio.Event()
        self._page_closed = False

    def notify(self) -> None:
        """End the current ``wait_for_change``: something happened on the page."""
        self._changed.set()

    def clear(self) -> None:
        """Forget changes that are about to be read from the page anyway."""
        self._changed.clear()

    def page_closed(self) -> None:
        """End every wait with PageClosed."""
        self._page_closed = True
        self._changed.set()

    def check(self) -> None:
        """Raise ShutdownRequested, PageClosed or CrawlTimeout when the run must end."""
        if self._stopping():
            raise ShutdownRequested("the crawl is closing")
        if self._page_closed:
            raise PageClosed("the page or the browser is gone")
        if monotonic() > self._deadline:
            raise CrawlTimeout("the time given is up")

    async def wait_for_change(self, seconds: float) -> bool:
        """Wait until something happens on the page, at most ``seconds``; whether it did."""
        end = monotonic() + seconds
        while True:
            self.check()
            left = end - monotonic()
            if self._changed.is_set() or left <= 0:
                changed = self._changed.is_set()
                self._changed.clear()
                return changed
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, POLL_INTERVAL))
            except asyncio.TimeoutError:
                continue

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds``, whatever happens on the page."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self.check()
            await asyncio.sleep(min(left, POLL_INTERVAL))

    async def run(self, work: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
        """Return the result of ``work``, which is cancelled when the run must end.

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
                await asyncio.wait({task}, timeout=POLL_INTERVAL)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
