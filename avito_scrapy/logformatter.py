"""Log lines without people: Scrapy's own formatter prints whole items."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.spiders import Spider
from twisted.python.failure import Failure


class PrivateLogFormatter(LogFormatter):
    """Names the chat an item is about and nothing else of it.

    Switched on by ``LOG_FORMATTER``; writes no stats.
    """

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        return {"level": logging.DEBUG, "msg": "Scraped %(item)s", "args": {"item": _name(item)}}

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        return {
            "level": logging.DEBUG,
            "msg": "Dropped %(item)s: %(why)s",
            "args": {"item": _name(item), "why": str(exception)},
        }

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        return {
            "level": logging.ERROR,
            "msg": "Error processing %(item)s",
            "args": {"item": _name(item)},
        }


def _name(item: Any) -> str:
    return f"{type(item).__name__} of chat {getattr(item, 'chat_id', '?')}"
