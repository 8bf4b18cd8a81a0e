"""The one place that knows how a spider can tell that the engine is closing."""

from __future__ import annotations

from scrapy.crawler import Crawler


class EngineClosing:
    """True once the crawl has been told to end: a signal, CloseSpider, CLOSESPIDER_*, cancel.

    A callback that lasts must ask this often: the engine waits for it. ``engine.running`` covers
    signals only, and ``spider_closed`` comes too late; the slot's ``closing`` is the only sign of
    the rest, and Scrapy has no public name for it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def __call__(self) -> bool:
        """Whether the engine is closing."""
        engine = self._crawler.engine
        if engine is None or not engine.running:
            return True
        slot = engine._slot
        return slot is None or slot.closing is not None
