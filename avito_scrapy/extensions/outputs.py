"""Puts a run's files in place of the earlier ones, if they are no worse."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from avito_scrapy.config import Config
from avito_scrapy.files import chat_lines

logger = logging.getLogger(__name__)


class OutputFiles:
    """A run writes ``NAME.partial.jl`` (and ``.partial.xlsx``); at its end they become ``NAME``.

    They do when the run finished and nothing of it failed, or when every chat of the earlier file
    is in the new one. Else the earlier file stays, the new one stands beside it, and a warning says
    so. A run that is killed leaves the earlier files as they were; one that collected nothing
    leaves no file.

    Switched on for a spider with ``output_name``, unless -o/-O sends the items elsewhere.
    Stats: ``avito/output/replaced`` (1 or 0), ``avito/output/lines``, ``avito/output/lost`` (1:
    chats that were found could not be written down), ``avito/workbook/aside`` (1: somebody opened
    or saved the earlier workbook meanwhile, the new one is beside it).
    """

    def __init__(self, crawler: Crawler) -> None:
        name: str | None = getattr(crawler.spidercls, "output_name", None)
        if name is None:
            raise NotConfigured
        # The files hold people's data: for their owner only.
        os.umask(0o077)
        self._crawler = crawler
        config = Config.from_settings(crawler.settings)
        folder, self._tz = config.data_dir, config.tz
        self._partial = folder / f"{name}.partial.jl"
        self._final = folder / f"{name}.jl"
        self._sheet = folder / f"{name}.partial.xlsx"
        if feed_key(self._partial) not in crawler.settings.getdict("FEEDS"):
            raise NotConfigured
        for stale in (self._partial, self._sheet):
            stale.unlink(missing_ok=True)
        self._reason = ""
        crawler.signals.connect(self._closed, signal=signals.spider_closed)
        crawler.signals.connect(self._exported, signal=signals.feed_exporter_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OutputFiles:
        """Scrapy's way to make it."""
        return cls(crawler)

    def _closed(self, spider: Any, reason: str) -> None:
        self._reason = reason

    def _exported(self) -> None:
        stats = self._crawler.stats
        new = _chat_ids(self._partial)
        failed = self._lost(len(new))
        stats.set_value("avito/output/lost", int(failed))
        if not self._partial.exists():
            return
        broken = failed or bool(stats.get_value("spider_exceptions/count"))
        whole = self._reason == "finished" and not self._limited() and not broken
        better = not failed and bool(new) and _chat_ids(self._final) <= new
        stats.set_value("avito/output/lines", len(new))
        stats.set_value("avito/output/replaced", int(whole or better))
        if whole or better:
            self._replace(self._partial, self._final)
            if self._sheet.exists():
                self._replace_workbook(self._final.with_suffix(".xlsx"))
        elif not new:
            # An empty file beside the earlier one would say less than none.
            self._partial.unlink()
            logger.info("Nothing was collected: %s stays as it was", self._final.name)
        else:
            logger.warning(
                "%s is kept: this run has less; its %d chats are in %s",
                self._final.name, len(new), self._partial.name,
            )  # fmt: skip

    def _lost(self, written: int) -> bool:
        """Whether lines are missing from the new file: the disk was full, say."""
        stats = self._crawler.stats
        failed = any("feedexport/failed_count" in key for key in stats.get_stats())
        return failed or written < stats.get_value("item_scraped_count", 0)

    def _limited(self) -> bool:
        arguments = getattr(self._crawler.spider, "arguments", None)
        return getattr(arguments, "limit", None) is not None

    def _replace_workbook(self, target: Path) -> None:
        from avito_scrapy.workbook import put_in_place  # takes a second to load

        path, aside = put_in_place(self._sheet, target, datetime.now(self._tz))
        if aside:
            self._crawler.stats.set_value("avito/workbook/aside", 1)
            logger.warning("%s: left as it is, the new one is %s", aside, path)
        else:
            logger.info("Written: %s", path)

    def _replace(self, source: Path, target: Path) -> None:
        with source.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(source, target)
        logger.info("Written: %s", target)


def feed_key(path: Path) -> str:
    """The key of ``FEEDS`` for a file: Scrapy fills in %-places of it."""
    return str(path).replace("%", "%%")


def _chat_ids(path: Path) -> set[str]:
    return {line["chat_id"] for line in chat_lines(path)}
