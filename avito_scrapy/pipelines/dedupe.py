"""Drops items of chats that the run has yielded before."""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from avito_scrapy.component import Component


class DedupePipeline(Component):
    """Drops an item whose chat was there before in this run.

    Switched on by ``ITEM_PIPELINES``, first of all, for a spider with ``output_name``.
    Stats: ``avito/items/yielded`` (what came), ``avito/items/duplicates``.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._seen: set[str] = set()

    def process_item(self, item: Any) -> Any:
        self.stats.inc_value("avito/items/yielded")
        chat_id = ItemAdapter(item)["chat_id"]
        if chat_id in self._seen:
            self.stats.inc_value("avito/items/duplicates")
            raise DropItem("its chat was there before")
        self._seen.add(chat_id)
        return item
