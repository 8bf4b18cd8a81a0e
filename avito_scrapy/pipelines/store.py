"""Puts each outcome into the store as it comes."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.utils.defer import deferred_from_coro

from avito_scrapy.component import Component
from avito_scrapy.errors import describe
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.items import ChatResume
from avito_scrapy.store import StoreProblem

logger = logging.getLogger(__name__)


class StorePipeline(Component):
    """Keeps every ``ChatResume``, committed before the item goes on: a kill loses none of them.

    A store that can no longer be written (a full disk) ends the run with ``store_failed``; one
    chat that cannot be stored is a line at ERROR.

    Switched on by ``ITEM_PIPELINES`` for a spider whose store is open (``uses_store``); passes
    other items on untouched.
    Stats: ``avito/store/outcomes``, ``avito/waiting/new`` (people who wait for an answer and did
    not when their chat was last looked at).
    """

    needs = "uses_store"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        extension = crawler.get_extension(StoreExtension)
        if extension is None:
            raise NotConfigured
        self._run_id = extension.run_id
        self._outcomes = extension.store.outcomes
        self._runs = extension.store.runs
        self._failed = False

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, ChatResume):
            return item
        if not self._failed:
            try:
                new = self._newly_waits(item)
                self._outcomes.put(self._run_id, item)
                if new:
                    self.stats.inc_value("avito/waiting/new")
            except StoreProblem as problem:
                self._failed = True
                self._stop(problem)
            except Exception as error:
                # One odd value. The file has its line all the same; that it is missing in the
                # store is told at the end, by OutputFiles.
                logger.error("A chat could not be stored: %s", describe(error))
                return item
        if self._failed:
            raise DropItem("the store cannot be written")
        self.stats.inc_value("avito/store/outcomes")
        return item

    def _newly_waits(self, item: ChatResume) -> bool:
        """Whether somebody waits for an answer who did not when the chat was last looked at."""
        if item.from_store or item.chat_status != "awaits_us":
            return False
        earlier = self._outcomes.get(self._runs.account(self._run_id), item.chat_id)
        before = earlier and (earlier.chat_status, earlier.waiting_since)
        return before != (item.chat_status, item.waiting_since)

    def _stop(self, problem: StoreProblem) -> None:
        logger.error("%s", problem)
        assert self.crawler.engine is not None
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="store_failed"))
