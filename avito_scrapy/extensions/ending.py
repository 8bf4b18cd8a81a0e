"""Has a run that is told to end while it is ending do so to its end."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class WholeEnding:
    """A crawl is closed once, and whoever has it closed again waits for that.

    Ctrl-C or a cancel that comes when a run is closing already (its workbook is being written, say)
    makes Scrapy's engine wait for the requests only: it then says that it has stopped, and the
    store is closed, while pipelines and extensions are still at work. There is no hook for it, so
    the one method of this crawl's engine is wrapped.

    Switched on by ``EXTENSIONS`` for the project's spiders (those with ``uses_store``).
    Stats: none.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not getattr(crawler.spidercls, "uses_store", False):
            raise NotConfigured
        self._crawler = crawler
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WholeEnding:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _opened(self, spider: Any) -> None:
        engine: Any = self._crawler.engine
        close = engine.close_spider_async
        closing: asyncio.Task[None] | None = None

        async def close_once(*, reason: str = "cancelled") -> None:
            nonlocal closing
            if closing is None:
                closing = asyncio.ensure_future(close(reason=reason))
            await asyncio.shield(closing)

        engine.close_spider_async = close_once
