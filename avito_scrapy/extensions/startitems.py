"""Lets a run end while an item of ``start()`` is still on its way through the pipelines."""

from __future__ import annotations

from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class StartItems:
    """Has the scraper look again whether it may close, and the engine whether it is idle, after
    each item.

    Scrapy's scraper, told to close, waits until no item is in the pipelines, but looks only when
    a response is done with. Items that come from ``start()`` have none: a run that is ended (by
    Ctrl-C, CloseSpider, a full disk) while one of them is on its way never ends, and one that is
    done notices it only with the engine's next heartbeat, up to 5 seconds later. Scrapy has no
    hook for it (see its issue 7029 and pull request 7718), so the one method of this crawl's
    scraper is wrapped.

    Switched on by ``EXTENSIONS`` for the project's spiders (those with ``uses_store``).
    Stats: none.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not getattr(crawler.spidercls, "uses_store", False):
            raise NotConfigured
        self._crawler = crawler
        crawler.signals.connect(self._opened, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StartItems:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _opened(self, spider: Any) -> None:
        assert self._crawler.engine is not None
        engine: Any = self._crawler.engine
        scraper: Any = engine.scraper
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
