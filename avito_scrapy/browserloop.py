"""Where the browser lives: on Windows scrapy-playwright keeps it in an event loop of its own.

Scrapy's loop there cannot start processes, so Playwright runs in a thread with another loop, and
a page may only be used from that one. Everywhere else both loops are the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from playwright.async_api import Page

T = TypeVar("T")

_END: Any = object()


class BrowserLoop:
    """Runs what has to do with the page in the page's own loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    async def note(self, page: Page) -> None:
        """A page method, the first of all: it runs where the page lives."""
        self._loop = asyncio.get_running_loop()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of ``work``."""
        if self._loop is None or self._loop is asyncio.get_running_loop():
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def iterate(self, items: AsyncIterator[T]) -> AsyncIterator[T]:
        """The items of ``items``."""
        while (item := await self.run(_next(items))) is not _END:
            yield item


async def _next(items: AsyncIterator[T]) -> T:
    return await anext(items, _END)
