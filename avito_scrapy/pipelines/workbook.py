"""Writes the workbook when a run's chats are through."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from avito_scrapy.component import Component
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.storage import StoreExtension

logger = logging.getLogger(__name__)


class WorkbookPipeline(Component):
    """Leaves ``resumes.partial.xlsx`` in the data folder (``OutputFiles`` gives it its name).

    Switched on by ``ITEM_PIPELINES`` for the spider whose output is ``resumes``, after the store:
    the records come from there. Nothing is written when no item came. A workbook that fails
    costs neither the run nor ``resumes.jl``: `scrapy report` writes it again.

    Stats: ``avito/workbook/people`` (rows of «Кандидаты»), ``avito/workbook/seconds``,
    ``avito/workbook/aside`` (1: the previous one is open or damaged, the new one is beside it),
    ``avito/stoplist/unread`` (stop lists that could not be read, or not whole),
    ``avito/workbook/unclear`` (earlier workbooks with rows whose notes were given to nobody),
    ``avito/workbook/failed`` (1: there is none).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if crawler.spidercls.output_name != "resumes":  # type: ignore[attr-defined]
            raise NotConfigured
        self._items = 0

    def process_item(self, item: Any) -> Any:
        """Count ``item`` and pass it on."""
        self._items += 1
        return item

    async def close_spider(self) -> None:
        """Write the workbook, off the event loop."""
        if not self._items:
            return
        started = time.monotonic()
        try:
            await asyncio.to_thread(self._write)
        except Exception as error:  # the run's other results must not suffer
            self.crawler.stats.set_value("avito/workbook/failed", 1)
            # A message of a library may hold what it could not write.
            detail = (
                str(error)
                if isinstance(error, UsageError)
                else getattr(error, "strerror", None) or type(error).__name__
            )
            logger.error("No workbook: %s; `scrapy report` writes it again", detail)
        self.crawler.stats.set_value("avito/workbook/seconds", round(time.monotonic() - started, 1))

    def _write(self) -> None:
        # pandas and openpyxl take a second to load: only for those who need them.
        from avito_scrapy.report.replace import renew
        from avito_scrapy.store.record_source import records_of_run
        from avito_scrapy.workbook import options_for, remember_stoplist

        config = self.config
        extension = self.crawler.get_extension(StoreExtension)
        assert extension is not None
        inputs = self.crawler.stats.get_value("avito/resumes/total")
        stoplist = getattr(getattr(self.crawler.spider, "arguments", None), "stoplist", None)
        remember_stoplist(config, stoplist)
        written = renew(
            extension.store,
            records_of_run(extension.store, extension.run_id, inputs),
            options_for(config, stoplist),
            replaces=config.data_dir / "resumes.xlsx",
            draft=config.data_dir / "resumes.partial.xlsx",
        )
        stats = self.crawler.stats
        stats.set_value("avito/workbook/people", written.summary.people)
        stats.set_value("avito/stoplist/unread", len(written.summary.problems))
        for problem in written.summary.problems:
            logger.warning("Stop list not read: %s", problem)
        stats.set_value("avito/workbook/unclear", len(written.unclear))
        for line in written.unclear:
            logger.warning("%s", line)
        if written.aside:
            stats.set_value("avito/workbook/aside", 1)
            logger.warning("%s: left as it is, the new one is %s", written.aside, written.path)
