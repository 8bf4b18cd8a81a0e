"""The last word on a run: why it ended, whether it went well, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.exit_reasons import REASONS, UNHEALTHY, explain
from avito_scrapy.extensions import healthfile
from avito_scrapy.extensions.healthfile import RunHealth
from avito_scrapy.extensions.thresholds import RULES, crossed, figures
from avito_scrapy.times import now_iso, to_iso

logger = logging.getLogger(__name__)

# Stats that are set when an output could not be written.
_NOT_WRITTEN = ("avito/output/lost", "avito/workbook/failed")


class Health:
    """Writes ``health.json`` beside the outputs and the last lines of the log.

    One line at ERROR for each threshold that is crossed (AVITO_HEALTH_...), then how the run
    ended: at INFO when it finished, else at ERROR with what to do. A run that finished over a
    threshold ends with the status of ``avito_scrapy.exit_reasons.UNHEALTHY``.

    Switched on for the project's spiders (those with an ``output_name``).
    Stats: ``avito/health/crossed`` (how many thresholds), ``avito/health/status`` (what
    ``scrapy crawl`` exits with). Both are set after the stats were dumped to the log.
    """

    def __init__(self, crawler: Crawler) -> None:
        if getattr(crawler.spidercls, "output_name", None) is None:
            raise NotConfigured
        self._crawler = crawler
        self._config = Config.from_settings(crawler.settings)
        self._reason: str | None = None
        self.report: RunHealth | None = None
        """What ``health.json`` says of this run; None until the run is over."""
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        # The others have written their stats and the log its own last lines by then.
        crawler.signals.connect(self._stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Health:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _closed(self, spider: Any, reason: str) -> None:
        self._reason = reason

    def _stopped(self) -> None:
        if self._reason is None:  # the spider was never opened: the crawl command says why
            return
        report = self._examine(self._reason)
        try:
            logger.info("Written: %s", healthfile.write(self._config.data_dir, report))
        except OSError as error:
            logger.error("%s could not be written: %s", healthfile.NAME, error.strerror)
            if report.status == 0:  # whoever looks into the file finds an earlier run there
                ended = REASONS["store_failed"]
                report = replace(report, status=ended.status, advice=ended.advice)
                self._crawler.stats.set_value("avito/health/status", report.status)
        self.report = report
        for over in report.crossed:
            logger.error("Health: %s", over["text"])
        logger.log(
            logging.ERROR if report.status else logging.INFO,
            "Ended: %s (status %d): %s", report.reason, report.status, report.advice,
        )  # fmt: skip

    def _examine(self, reason: str) -> RunHealth:
        stats = self._crawler.stats.get_stats()
        name = str(self._crawler.spidercls.name)
        arguments = getattr(self._crawler.spider, "arguments", None)
        limited = getattr(arguments, "limit", None) is not None
        before = healthfile.chats_of_last_whole_run(self._config.data_dir, name)
        found = figures(stats, name, before, limited=limited)
        limits = {
            rule.setting: getattr(self._config, rule.setting.removeprefix("AVITO_").lower())
            for rule in RULES
        }
        over = crossed(found, limits, getattr(arguments, "budget", 0))
        ended = explain(reason)
        broken = bool(stats.get("spider_exceptions/count"))
        if ended.status == 0 and broken:
            ended = explain(None)  # it came to its end, but something of it is missing
        elif ended.status == 0 and any(stats.get(name) for name in _NOT_WRITTEN):
            ended = REASONS["store_failed"]
        elif ended.status == 0 and any(one.fails for one in over):
            ended = UNHEALTHY
        self._crawler.stats.set_value("avito/health/crossed", len(over))
        self._crawler.stats.set_value("avito/health/status", ended.status)
        whole = reason == "finished" and not limited and not broken
        return RunHealth(
            spider=name,
            reason=reason,
            status=ended.status,
            advice=ended.advice,
            started_at=to_iso(stats["start_time"].replace(microsecond=0)),
            finished_at=now_iso(),
            figures=found,
            crossed=[{**asdict(one), "text": str(one)} for one in over],
            last_whole_chats=found["chats"] if whole else before,
            stats={
                key: value
                for key, value in sorted(stats.items())
                if key.startswith("avito/") and isinstance(value, (int, float))
            },
        )


def record_refusal(settings: Mapping[str, Any], spider: str, problem: str) -> None:
    """Say in ``health.json`` that a run was refused before it began (status 2).

    Does nothing where the data folder is not known or cannot be written.

    Args:
        settings: Scrapy's settings.
        spider: the name of the spider.
        problem: one line: what was wrong and what is allowed.
    """
    try:
        folder = Config.from_settings(settings).data_dir
        run = RunHealth(
            spider=spider,
            reason="not_started",
            status=2,
            advice=problem,
            finished_at=now_iso(),
            last_whole_chats=healthfile.chats_of_last_whole_run(folder, spider),
        )
        healthfile.write(folder, run)
    except (UsageError, OSError):
        logger.error("%s could not be written", healthfile.NAME)
