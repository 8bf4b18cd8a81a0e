"""A real browser in the test's own process: a guarded page, as the spider has it."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Page, async_playwright

from avito_scrapy.browser.collect import Collection, Report, Wanted
from avito_scrapy.browser.guard import Guard
from avito_scrapy.browser.launch import context_options, find_browser, prepare_profile
from avito_scrapy.items import Chat

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass
class Guarded:
    """A page under guard, and what the guard has counted."""

    page: Page
    folder: Path
    counts: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def guarded_page() -> AsyncIterator[Guarded]:
    """A guarded page in a browser of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        prepare_profile(folder / "profile")
        options = context_options(
            find_browser(None), folder / "profile", headless=True, zone=MOSCOW.key
        )
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(**options)
            guarded = Guarded(await context.new_page(), folder)
            await Guard(lambda kind: guarded.counts.update([kind])).install(guarded.page)
            try:
                yield guarded
            finally:
                await context.close()


@dataclass
class Collected:
    """What a run over a page gave."""

    chats: list[Chat]
    reason: str
    counts: Counter[str]
    told: dict[str, int]


async def collect(web_url: str, **wanted: Any) -> Collected:
    """Collect the chats of the messenger at ``web_url``, fast unless told otherwise."""
    told: dict[str, int] = {}
    async with guarded_page() as guarded:
        counts: Counter[str] = guarded.counts
        collection = Collection(
            guarded.page,
            Wanted(web_url, MOSCOW, guarded.folder, **{"pace": "fast", "seconds": 40.0, **wanted}),
            lambda: False,
            Report(lambda name: counts.update([name]), told.__setitem__),
        )
        chats = [chat async for chat in collection.chats()]
        return Collected(chats, collection.reason, counts, told)
