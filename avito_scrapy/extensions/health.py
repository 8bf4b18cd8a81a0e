"""The last word on a run: why it ended and what to do about it."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from avito_scrapy.avito.reasons import explain

logger = logging.getLogger(__name__)


class Health:
    """Says how the run ended: at INFO when it finished, else at ERROR with what to do.

    Switched on for the project's spiders (those with an ``output_name``).
    Stats: none of its own.
    """

    def __init__(self, crawler: Crawler) -> None:
        if getattr(crawler.spidercls, "output_name", None) is None:
            raise NotConfigured
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Health:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _closed(self, spider: Any, reason: str) -> None:
        known = explain(reason)
        level = logging.INFO if known.status == 0 else logging.ERROR
        logger.log(level, "Ended: %s (status %d): %s", reason, known.status, known.advice)
