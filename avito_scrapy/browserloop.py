"""The event loop of the browser. On Windows scrapy-playwright runs Playwright in a loop of its own,
since Scrapy's cannot start processes, and a page may only be used from that one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from playwright.async_api import Page

T = TypeVar("T")

_END: Any = object()


class BrowserLoop:
    """Runs coroutines in the page's loop; elsewhere than on Windows that is the caller's."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    async def remember(self, page: Page) -> None:
        """Remember the loop of ``page``; to be called as its first page method."""
        self._loop = asyncio.get_running_loop()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of ``work``."""
        if self._loop is None or self._loop is asyncio.get_running_loop():
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def iterate(self, items: AsyncIterator[T]) -> AsyncIterator[T]:
        """Iterate over ``items``, which belong to the page's loop."""

        async def following() -> T:
            return await anext(items, _END)

        while (item := await self.run(following())) is not _END:
            yield item
