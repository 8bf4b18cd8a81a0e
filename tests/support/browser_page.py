"""A real browser driven from the test's own process, with guarded pages as the spider has them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from playwright.async_api import BrowserContext, Page, Playwright, async_playwright

from avito_scrapy.browser.collection import ChatCollection, CollectionOptions
from avito_scrapy.browser.guard import Guard
from avito_scrapy.browser.launch import context_options
from avito_scrapy.items import Chat

MOSCOW = ZoneInfo("Europe/Moscow")
T = TypeVar("T")


@dataclass
class Guarded:
    """A page under guard, and what the guard has counted."""

    page: Page
    counts: Counter[str] = field(default_factory=Counter)


class Browser:
    """A browser started as the spider starts it, and the loop that everything of it runs in.

    One serves many tests: to start it takes longer than most of them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loop = asyncio.new_event_loop()
        self._playwright, self._context = self.run(self._start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    async def _start(self) -> tuple[Playwright, BrowserContext]:
        profile = self.folder / "profile"
        options = context_options(None, profile, headless=True, zone=MOSCOW.key)
        playwright = await async_playwright().start()
        return playwright, await playwright.chromium.launch_persistent_context(**options)

    def restart(self) -> None:
        """End the browser and start it again."""
        self.run(self._context.close())
        self.run(self._playwright.stop())
        self._playwright, self._context = self.run(self._start())

    def close(self) -> None:
        """End the browser and the loop."""
        self.run(self._context.close())
        self.run(self._playwright.stop())
        self._loop.close()

    @asynccontextmanager
    async def guarded_page(self) -> AsyncIterator[Guarded]:
        """A page under a guard of its own; nothing of it is left behind."""
        guarded = Guarded(await self._context.new_page())
        await Guard(lambda kind: guarded.counts.update([kind])).install(guarded.page)
        try:
            yield guarded
        finally:
            await self._context.unroute_all(behavior="ignoreErrors")
            for page in self._context.pages:
                with suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(page.close(), 10)
            await self._context.clear_cookies()

    async def collect(self, web_url: str, **wanted: Any) -> Collected:
        """Collect the chats of the messenger at ``web_url``, fast unless told otherwise."""
        told: dict[str, int] = {}
        async with self.guarded_page() as guarded:
            counts: Counter[str] = guarded.counts
            given = {"folder": self.folder, "pace": "fast", "timeout": 40.0, **wanted}
            collection = ChatCollection(
                guarded.page,
                CollectionOptions(web_url, MOSCOW, **given),
                lambda: False,
                count=lambda name: counts.update([name]),
                tell=told.__setitem__,
            )
            chats = [chat async for chat in collection.chats()]
            return Collected(chats, collection.reason, counts, told)


@dataclass
class Collected:
    """What a run over a page gave."""

    chats: list[Chat]
    reason: str
    counts: Counter[str]
    told: dict[str, int]
