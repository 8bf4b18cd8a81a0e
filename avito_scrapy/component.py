"""What extensions and pipelines of the project share."""

from __future__ import annotations

from typing import ClassVar

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector
from typing_extensions import Self

from avito_scrapy.config import Config

RECORD_RUN = "RECORD_RUN"
"""Setting: false for `scrapy parse`, `shell` and `fetch`, which leave no files and no health."""

_CONFIG = "avito_config"


class Component:
    """Base of what runs beside a spider.

    Raises:
        NotConfigured: the spider does not have the attribute ``needs``, or the run is not to be
            recorded (``RECORD_RUN``).
    """

    needs: ClassVar[str] = "output_name"

    def __init__(self, crawler: Crawler) -> None:
        if not spider_has(crawler, self.needs):
            raise NotConfigured
        if not crawler.settings.getbool(RECORD_RUN, True):
            raise NotConfigured
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def stats(self) -> StatsCollector:
        return self.crawler.stats

    @property
    def config(self) -> Config:
        return config_of(self.crawler)

    @property
    def limited(self) -> bool:
        """The run was told to stop early (``-a limit=``)."""
        return getattr(getattr(self.crawler.spider, "arguments", None), "limit", None) is not None


def spider_has(crawler: Crawler, name: str) -> bool:
    """Whether the spider has the attribute ``name``; it may depend on the spider's arguments."""
    return bool(getattr(crawler.spider or crawler.spidercls, name, None))


def config_of(crawler: Crawler) -> Config:
    """The project's settings, checked once a crawl."""
    config: Config | None = getattr(crawler, _CONFIG, None)
    if config is None:
        config = Config.from_settings(crawler.settings)
        setattr(crawler, _CONFIG, config)
    return config
