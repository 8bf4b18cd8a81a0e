"""Opens the store once for a run and hands it to whoever needs it."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from avito_scrapy.config import Config
from avito_scrapy.files import private_folder
from avito_scrapy.store import Store, StoreProblem, open_store

logger = logging.getLogger(__name__)


class StoreExtension:
    """The run's store, and its line in the table of runs.

    Switched on by ``EXTENSIONS`` for the project's spiders (those with ``uses_store``). Others
    reach it with ``crawler.get_extension(StoreExtension)``: ``store`` and ``run_id``. The
    run's line is finished last of all, when the files are in place; a run that is
    killed leaves it without an end.

    Stats: ``avito/store/run`` (the run's number in the store).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not getattr(crawler.spidercls, "uses_store", False):
            raise NotConfigured
        self._crawler = crawler
        self._reason = ""
        config = Config.from_settings(crawler.settings)
        private_folder(config.private_dir)
        self.store: Store = open_store(config.store_url)
        self.run_id: int = self.store.runs.start(crawler.spidercls.name)
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        crawler.signals.connect(self._stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StoreExtension:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _opened(self, spider: Any) -> None:
        self._crawler.stats.set_value("avito/store/run", self.run_id)

    def _closed(self, spider: Any, reason: str) -> None:
        self._reason = reason

    def _stopped(self) -> None:
        figures = {
            name: value
            for name, value in self._crawler.stats.get_stats().items()
            if name.startswith("avito/") and isinstance(value, (int, float))
        }
        try:
            self.store.runs.finish(self.run_id, self._reason, figures)
        except StoreProblem as problem:
            logger.error("%s", problem)
        finally:
            self.store.close()
