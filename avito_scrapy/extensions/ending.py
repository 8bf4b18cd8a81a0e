"""Has a run end whenever it is told to, and to its end."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class CleanEnding:
    """Mends two gaps in how Scrapy ends a crawl, for which it has no hook: one method of this
    crawl's scraper and one of its engine are wrapped.

    **An item of** ``start()`` **is on its way.** The scraper, told to close, waits until no item is
    in the pipelines, but looks only when a response is done with. Items that come from ``start()``
    have none: a run that is ended (by Ctrl-C, CloseSpider, a full disk) while one of them is on its
    way never ends, and one that is done notices it only with the engine's next heartbeat, up to 5
    seconds later. So both look again after each item (see Scrapy's issue 7029 and pull request
    7718).

    **It is ending already.** Ctrl-C or a cancel that comes then (while the workbook is being
    written, say) makes the engine wait for the requests only: it says that it has stopped, and the
    store is closed, while pipelines and extensions are still at work. So a crawl is closed once,
    and whoever has it closed again waits for that.

    Switched on by ``EXTENSIONS`` for the project's spiders (those with ``uses_store``).
    Stats: none.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not getattr(crawler.spidercls, "uses_store", False):
            raise NotConfigured
        self._crawler = crawler
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CleanEnding:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _opened(self, spider: Any) -> None:
        assert self._crawler.engine is not None
        _look_after_items(self._crawler.engine)
        _close_once(self._crawler.engine)


def _look_after_items(engine: Any) -> None:
    scraper = engine.scraper
    process = scraper.start_itemproc_async

    async def process_then_look(item: Any, *, response: Any) -> None:
        try:
            await process(item, response=response)
        finally:
            slot = scraper.slot
            if slot is not None and slot.closing is not None and not slot.closing.called:
                scraper._check_if_closing()
            running = engine._slot
            if running is not None and running.closing is None:
                running.nextcall.schedule()

    scraper.start_itemproc_async = process_then_look


def _close_once(engine: Any) -> None:
    close = engine.close_spider_async
    closing: asyncio.Task[None] | None = None

    async def close_once(*, reason: str = "cancelled") -> None:
        nonlocal closing
        if closing is None:
            closing = asyncio.ensure_future(close(reason=reason))
        await asyncio.shield(closing)

    engine.close_spider_async = close_once
