"""Lets each chat through once."""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem


class DedupePipeline:
    """Turns away an item whose chat was there before in this run.

    Switched on by ``ITEM_PIPELINES``, first of all.
    Stats: ``avito/items/duplicates``.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DedupePipeline:
        """Scrapy's way to make it."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Pass ``item`` on; raises DropItem when its chat was seen."""
        chat_id = ItemAdapter(item)["chat_id"]
        if chat_id in self._seen:
            self._crawler.stats.inc_value("avito/items/duplicates")
            raise DropItem("its chat was there before")
        self._seen.add(chat_id)
        return item
