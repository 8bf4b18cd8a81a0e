"""Base of both spiders: checks arguments and settings, sets up the feed."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.settings import BaseSettings

from avito_scrapy.api_transport import ApiUnusable
from avito_scrapy.arguments import Arguments, parse
from avito_scrapy.closing import EngineClosing, until_closing
from avito_scrapy.component import config_of
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.outputs import add_feed
from avito_scrapy.store import StoreProblem

logger = logging.getLogger(__name__)
WINDOW = 100
"""Items that a run may be ahead of the pipelines."""
A = TypeVar("A", bound=Arguments)
T = TypeVar("T")


class AvitoSpider(Spider, Generic[A]):
    """Base of the spiders. A subclass names its arguments, its output and the output's fields."""

    arguments_model: ClassVar[type[Arguments]]
    output_name: ClassVar[str]
    output_fields: ClassVar[list[str]]

    arguments: A
    config: Config

    @classmethod
    def check_arguments(cls, spargs: Mapping[str, Any]) -> A:
        """The arguments as given after ``-a``; raises UsageError."""
        return parse(cls.arguments_model, spargs)  # type: ignore[return-value]

    @classmethod
    def own_settings(cls, settings: BaseSettings) -> dict[str, Any]:
        """What holds for this spider only."""
        return {}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        settings.setdict(cls.own_settings(settings), priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> AvitoSpider[A]:
        spider = super().from_crawler(crawler)
        spider.config = config_of(crawler)
        spider.arguments = cls.check_arguments(kwargs)
        # Scrapy freezes the settings only after the spider is made.
        path = spider.config.data_dir / f"{cls.output_name}.partial.jl"
        add_feed(crawler.settings, path, cls.output_fields)
        return spider

    async def drive(
        self, run: Callable[[Callable[[T], Awaitable[None]]], Coroutine[Any, Any, None]]
    ) -> AsyncIterator[T]:
        """Yield what ``run`` gives to the function that it is called with, for a callback.

        What ends it closes the spider with its reason.
        """
        try:
            async for item in until_closing(run, EngineClosing(self.crawler), WINDOW):
                yield item
        except ApiUnusable as error:
            raise CloseSpider(error.reason) from None
        except StoreProblem as problem:
            logger.error("%s", problem)
            raise CloseSpider("store_failed") from None
        except UsageError as error:  # the folder is another account's, say
            logger.error("%s", error)
            raise CloseSpider("not_started") from None
