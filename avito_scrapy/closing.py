"""Whether the crawl is closing: the one place that reads what Scrapy keeps to itself."""

from __future__ import annotations

from scrapy.crawler import Crawler


class EngineClosing:
    """True once the crawl is closing: a signal, CloseSpider, CLOSESPIDER_*, Scrapyd's cancel.

    The engine waits for a callback, so one that lasts must ask this often. ``engine.running``
    covers signals only and ``spider_closed`` comes too late; for the rest the slot's ``closing`` is
    the only sign, and Scrapy has no public name for it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def __call__(self) -> bool:
        engine = self._crawler.engine
        if engine is None or not engine.running:
            return True
        slot = engine._slot
        return slot is None or slot.closing is not None
