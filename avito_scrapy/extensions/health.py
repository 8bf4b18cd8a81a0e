"""The last word on a run: why it ended, whether it went well, what to do, and who is told; which
fields of Avito's answers were not as documented."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from spidermon import MonitorResult

from avito_scrapy.closing import crawl_closed
from avito_scrapy.component import EndComponent
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.exit_reasons import BROKEN, REASONS, UNHEALTHY, explain
from avito_scrapy.extensions.outputs import OutputFiles
from avito_scrapy.extensions.storage import StoreExtension, own_stats
from avito_scrapy.items import ChatResume
from avito_scrapy.monitors import health_file, notifications
from avito_scrapy.monitors.health_file import RunHealth
from avito_scrapy.monitors.monitors import crossed, evaluate, figures
from avito_scrapy.times import parse_iso, to_iso

logger = logging.getLogger(__name__)

# Stats that are set when an output could not be written.
_NOT_WRITTEN = ("avito/output/lost", "avito/workbook/failed", "avito/store/unfinished")


class Health(EndComponent):
    """Runs the monitors when everything else has ended; writes ``health.json`` and the last lines
    of the log, then sends the notifications.

    One line at ERROR for each threshold that is crossed (AVITO_HEALTH_...), then how the run
    ended: at INFO when it finished, else at ERROR with what to do. A run that finished over a
    threshold ends with the status of ``avito_scrapy.exit_reasons.UNHEALTHY``, one in which Scrapy
    logged an exception with 1.

    Notified are the webhook (``AVITO_WEBHOOK_URL``: what ``health.json`` says of the run, with a
    line ``text``) and Spidermon's channels (``SPIDERMON_...``: account and figures). A channel
    that does not answer costs a warning and at most some seconds; addresses and tokens are never
    logged.

    Switched on by ``EXTENSIONS``, last, for the project's spiders (those with an ``output_name``).
    Stats: ``avito/health/exceptions`` (that Scrapy logged and went on after),
    ``avito/health/crossed`` (how many thresholds), ``avito/health/status`` (what ``scrapy crawl``
    exits with), ``avito/webhook/sent`` and ``avito/notifications/<channel>`` (1: taken, 0: not).
    All but the first are set after the stats were dumped to the log.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._actions = notifications.chosen(crawler, self.config.webhook_url)
        self._account_id: int | None = None
        self._waiting: list[str | None] = []
        self._exceptions = _Exceptions(self)
        logging.getLogger("scrapy").addHandler(self._exceptions)
        crawler.signals.connect(self._scraped, signal=signals.item_scraped)

    def _scraped(self, item: Any) -> None:
        if isinstance(item, ChatResume) and item.chat_status == "awaits_us":
            self._waiting.append(item.waiting_since)

    async def _stopped(self) -> None:
        await crawl_closed(self.crawler)
        # Whatever order the handlers come in: files and store have the last say before this.
        if (outputs := self.crawler.get_extension(OutputFiles)) is not None:
            outputs.finish()
        if (store := self.crawler.get_extension(StoreExtension)) is not None:
            store.finish()
            self._account_id = store.account_id
        logging.getLogger("scrapy").removeHandler(self._exceptions)
        if self.reason is None:  # the spider was never opened: the crawl command says why
            return
        run = self._figures(self.reason)
        result = evaluate(run, self.config, self.argument("budget") or 0)
        over = crossed(result)
        self.stats.set_value("avito/health/crossed", len(over))
        report = self._written(self._report(self.reason, run, over))
        for threshold in over:
            logger.error("Health: %s", threshold["text"])
        logger.log(
            logging.ERROR if report.status else logging.INFO,
            "Ended: %s (status %d): %s", report.reason, report.status, report.advice,
        )  # fmt: skip
        await self._notify(report, result)

    async def _notify(self, report: RunHealth, result: MonitorResult) -> None:
        if self.config.notify_new and not report.is_news:
            return
        data = {
            "text": report.for_recruiter(),
            "payload": {"text": report.in_one_line(), **report.as_dict()},
            "stats": self.stats.get_stats(),
            "crawler": self.crawler,
            "spider": self.crawler.spider,
        }
        for channel, problem in (await notifications.send(self._actions, result, data)).items():
            stat = "webhook/sent" if channel == "webhook" else f"notifications/{channel}"
            self.stats.set_value(f"avito/{stat}", int(problem is None))
            if problem:
                logger.warning("The %s was not told: %s", channel, problem)

    def _figures(self, reason: str) -> dict[str, float | None]:
        before = health_file.chats_of_last_whole_run(self.config.data_dir, self._name)
        hour_ago = datetime.now(timezone.utc) - timedelta(hours=1)
        long = [since for since in map(parse_iso, self._waiting) if since and since < hour_ago]
        return figures(
            self.stats.get_stats(),
            self._name,
            before,
            whole=reason == "finished" and not self.limited,
            waiting=(len(self._waiting), len(long)),
        )

    def _report(
        self, reason: str, run: dict[str, float | None], over: list[dict[str, Any]]
    ) -> RunHealth:
        stats = self.stats.get_stats()
        broken = bool(stats.get("avito/health/exceptions"))
        ended = explain(reason)
        if not ended.status:
            if any(stats.get(name) for name in _NOT_WRITTEN):
                ended = REASONS["store_failed"]
            elif broken:
                ended = BROKEN
            elif any(threshold["fails"] for threshold in over):
                ended = UNHEALTHY
        self.stats.set_value("avito/health/status", ended.status)
        whole = reason == "finished" and not self.limited and not broken
        return RunHealth(
            spider=self._name,
            reason=reason,
            started_at=to_iso(stats["start_time"].replace(microsecond=0)),
            account=self.config.label(self._account_id),
            figures=run,
            crossed=over,
            last_whole_chats=run["chats"] if whole else run["chats_before"],
            stats=own_stats(self.stats),
            **asdict(ended),
        )

    def _written(self, report: RunHealth) -> RunHealth:
        try:
            path = health_file.write(self.config.data_dir, report)
        except OSError as error:
            logger.error("%s could not be written: %s", health_file.NAME, describe(error))
            if report.status:
                return report
            # Whoever looks into the file finds an earlier run there.
            ended = REASONS["store_failed"]
            self.stats.set_value("avito/health/status", ended.status)
            return replace(report, **asdict(ended))
        logger.info("Written: %s", path)
        return report

    @property
    def _name(self) -> str:
        return str(self.crawler.spidercls.name)


class _Exceptions(logging.Handler):
    """Counts the exceptions that Scrapy logs and goes on after: of pipelines, signal handlers,
    callbacks, ``closed()``. It has a signal for some of them only."""

    def __init__(self, health: Health) -> None:
        super().__init__(logging.ERROR)
        self._health = health

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self._health.stats.inc_value("avito/health/exceptions")


def record_without_health(
    settings: Mapping[str, Any], spider: str, reason: str, status: int, advice: str
) -> None:
    """Say in ``health.json`` how a run ended that could not do so itself.

    Does nothing where the data folder is not known or cannot be written.
    """
    try:
        config = Config.from_settings(settings)
        folder = config.data_dir
        before = health_file.chats_of_last_whole_run(folder, spider)
        run = RunHealth(
            spider, reason, status, advice, account=config.label(), last_whole_chats=before
        )
        health_file.write(folder, run)
    except (UsageError, OSError):
        logger.error("%s could not be written", health_file.NAME)
