"""What the project's extensions, pipelines and middlewares share."""

from __future__ import annotations

from typing import Any, ClassVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import StatsCollector
from typing_extensions import Self

from avito_scrapy.closing import crawl_closed
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
        # Of the spider where it is there: it may depend on its arguments.
        has_it = getattr(crawler.spider or crawler.spidercls, self.needs, None)
        if not has_it or not crawler.settings.getbool(RECORD_RUN, True):
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

    def argument(self, name: str) -> Any:
        """The spider's argument; None when it has none of that name."""
        return getattr(getattr(self.crawler.spider, "arguments", None), name, None)

    @property
    def limited(self) -> bool:
        """The run was told to stop early (``-a limit=``)."""
        return self.argument("limit") is not None


class EndComponent(Component):
    """Base of what acts when the crawl has ended: Scrapy's ``engine_stopped`` calls ``finish``.

    ``reason``: why the run ended; None until the spider has closed.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.reason: str | None = None
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        crawler.signals.connect(self._stopped, signal=signals.engine_stopped)

    def _closed(self, spider: Any, reason: str) -> None:
        self.reason = reason

    async def _stopped(self) -> None:
        await crawl_closed(self.crawler)
        self.finish()

    def finish(self) -> None:
        """Act, once; others that need it done may call it before."""
        raise NotImplementedError


def config_of(crawler: Crawler) -> Config:
    """The project's settings, checked once a crawl."""
    config: Config | None = getattr(crawler, _CONFIG, None)
    if config is None:
        config = Config.from_settings(crawler.settings)
        setattr(crawler, _CONFIG, config)
    return config
