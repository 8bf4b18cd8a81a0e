"""``scrapy crawl`` that checks everything first and exits by the reason a run ended with."""

from __future__ import annotations

import argparse
import logging
from typing import Any, ClassVar

from scrapy.commands.crawl import Command as ScrapyCrawl

from avito_scrapy.commands.base import ProjectCommand
from avito_scrapy.errors import UsageError


class Command(ProjectCommand, ScrapyCrawl):
    """Scrapy's own command, and more: checks before, an exit status after, private files.

    Arguments, settings, input and the data folder are checked before the crawl begins: what is
    wrong is one line on stderr and exit status 2. Afterwards the exit status tells how the run
    ended (``avito_scrapy.exit_reasons``); Scrapy's own command says 0 whatever happened.
    """

    usage = "[options] chats | resumes"
    summary = "Run a spider"
    takes_arguments = True
    default_settings: ClassVar[dict[str, Any]] = {}

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from scrapy.spiderloader import get_spider_loader

        from avito_scrapy.runlock import AccountLock, RunLock
        from avito_scrapy.store import open_store

        loader = get_spider_loader(self.settings)
        known = sorted(loader.list())
        if len(args) != 1 or args[0] not in known:
            raise UsageError(f"name one spider: {' or '.join(known)}")
        config = self.config(opts)
        spider: Any = loader.load(args[0])
        spider.check(config, opts.spargs)
        self._check_outputs(spider, config)
        with (
            RunLock(config.private_dir, args[0]),
            AccountLock(config.store_url, args[0], config.identity, alone=config.alone),
        ):
            if getattr(spider, "uses_store", False):
                # The run opens it for itself; what is wrong with it is one line here.
                open_store(config.store_url).close()
            return self._crawl(args[0], opts.spargs)

    def refuse(self, error: Exception, args: list[str], opts: argparse.Namespace) -> None:
        super().refuse(error, args, opts)
        if args and "_job" in opts.spargs:
            self._tell_scrapyd(args[0], error)

    def _check_outputs(self, spider: Any, config: Any) -> None:
        from scrapy.crawler import Crawler

        from avito_scrapy.environment import check_scrapys
        from avito_scrapy.extensions.outputs import check_outputs
        from avito_scrapy.monitors.notifications import chosen

        check_scrapys(self.settings)
        try:
            feeds = self.settings.getdict("FEEDS")
        except (TypeError, ValueError):
            raise UsageError("FEEDS: must be a JSON object, of addresses and options") from None
        check_outputs(config.data_dir, spider.output_name, feeds)
        chosen(Crawler(spider, self.settings), config.webhook_url)

    def _tell_scrapyd(self, name: str, problem: Exception) -> None:
        # Nobody reads a job's stderr there, and it is listed as finished all the same.
        from scrapy.utils.log import configure_logging

        from avito_scrapy.extensions.health import record_without_health

        configure_logging(self.settings)
        logging.getLogger(__name__).error("Ended: not_started (status 2): %s", problem)
        record_without_health(self.settings, name, "not_started", 2, str(problem))

    def _crawl(self, name: str, arguments: dict[str, str]) -> int:
        from scrapy.crawler import AsyncCrawlerProcess

        from avito_scrapy.exit_reasons import explain

        self.crawler_process = AsyncCrawlerProcess(self.settings)
        crawler = self._create_crawler(name)
        task = self.crawler_process.crawl(crawler, **arguments)
        self.crawler_process.start()
        # Taken, or asyncio would log it as a traceback.
        error = task.exception() if task.done() and not task.cancelled() else None
        # Health has looked at the reason, at exceptions and at the thresholds.
        status: int | None = (
            crawler.stats.get_value("avito/health/status") if crawler.stats else None
        )
        if status is not None:
            return status
        # A second Ctrl-C, or a part that could not be started: nobody had the last word.
        from avito_scrapy.extensions.health import record_without_health

        ended = explain(None)
        reason = "not_started" if self.crawler_process.bootstrap_failed else "killed"
        record_without_health(self.settings, name, reason, ended.status, ended.advice)
        if isinstance(error, UsageError):
            raise error
        if error is not None:
            self.broken(error)
        return ended.status
