"""What becomes of items: duplicates are dropped, outcomes stored, the workbook written."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from pathlib import Path
from typing import Any

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from scrapy.utils.defer import deferred_from_coro

from avito_scrapy import __version__
from avito_scrapy.component import Component
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.files import read_json, write_private
from avito_scrapy.items import RESUME_FIELDS, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.store import StoreProblem

logger = logging.getLogger(__name__)

KEEP_S = 600.0
"""How old a workbook may be that shows what has not changed."""
# What is only about the run changes nothing for who reads the workbook.
_SHOWN = [
    name
    for name in (*RESUME_FIELDS, "replies")
    if name not in ("position", "collected_at", "fetched_at", "from_store")
]


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


class StorePipeline(Component):
    """Keeps every ``ChatResume``, committed before the item goes on: a kill loses none of them.

    A store that can no longer be written (a full disk) ends the run with ``store_failed``; one
    chat that cannot be stored is a line at ERROR.

    Switched on by ``ITEM_PIPELINES`` for a spider whose store is open (``uses_store``); passes
    other items on untouched.
    Stats: ``avito/store/outcomes``, ``avito/waiting/new`` (people who wait for an answer and did
    not when their chat was last looked at).
    """

    needs = "uses_store"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        extension = crawler.get_extension(StoreExtension)
        if extension is None:
            raise NotConfigured
        self._run_id = extension.run_id
        self._outcomes = extension.store.outcomes
        self._runs = extension.store.runs
        self._failed = False

    def process_item(self, item: Any) -> Any:
        if not isinstance(item, ChatResume):
            return item
        if not self._failed:
            try:
                new = self._newly_waits(item)
                self._outcomes.put(self._run_id, item)
                if new:
                    self.stats.inc_value("avito/waiting/new")
            except StoreProblem as problem:
                self._failed = True
                self._stop(problem)
            except Exception as error:
                # One odd value. The file has its line all the same; that it is missing in the
                # store is told at the end, by OutputFiles.
                logger.error("A chat could not be stored: %s", describe(error))
                return item
        if self._failed:
            raise DropItem("the store cannot be written")
        self.stats.inc_value("avito/store/outcomes")
        return item

    def _newly_waits(self, item: ChatResume) -> bool:
        """Whether somebody waits for an answer who did not when the chat was last looked at."""
        if item.from_store or item.chat_status != "awaits_us":
            return False
        earlier = self._outcomes.get(self._runs.account(self._run_id), item.chat_id)
        before = earlier and (earlier.chat_status, earlier.waiting_since)
        return before != (item.chat_status, item.waiting_since)

    def _stop(self, problem: StoreProblem) -> None:
        logger.error("%s", problem)
        assert self.crawler.engine is not None
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="store_failed"))


class WorkbookPipeline(Component):
    """Leaves ``resumes.partial.xlsx`` in the data folder (``OutputFiles`` gives it its name).

    Switched on by ``ITEM_PIPELINES`` for the spider whose output is ``resumes``, after the store:
    the records come from there. Nothing is written when no item came. A workbook that fails
    costs neither the run nor ``resumes.jl``: `scrapy report` writes it again.

    Stats: ``avito/workbook/people`` (rows of «Кандидаты»), ``avito/workbook/seconds``,
    ``avito/workbook/aside`` (1: the previous one is open or damaged, the new one is beside it),
    ``avito/stoplist/unread`` (stop lists that could not be read, or not whole),
    ``avito/workbook/unclear`` (earlier workbooks with rows whose notes were given to nobody),
    ``avito/workbook/failed`` (1: there is none), ``avito/workbook/kept`` (1: the one that is there
    shows the same and is younger than ten minutes; some of its sheets go by the time).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        if crawler.spidercls.output_name != "resumes":  # type: ignore[attr-defined]
            raise NotConfigured
        self._items = 0
        self._shown = 0

    def process_item(self, item: Any) -> Any:
        self._items += 1
        values = {name: getattr(item, name, None) for name in _SHOWN}
        line = json.dumps(values, sort_keys=True, default=Reason.packed)
        # In whatever order they come.
        self._shown ^= int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
        return item

    async def close_spider(self) -> None:
        """Write the workbook, off the event loop."""
        if not self._items:
            return
        started = time.monotonic()
        try:
            await asyncio.to_thread(self._write)
        except Exception as error:  # the run's other results must not suffer
            self.stats.set_value("avito/workbook/failed", 1)
            logger.error("No workbook: %s; `scrapy report` writes it again", describe(error))
        self.stats.set_value("avito/workbook/seconds", round(time.monotonic() - started, 1))

    def _write(self) -> None:
        target = self.config.data_dir / "resumes.xlsx"
        stoplist = self.argument("stoplist")
        shows = [__version__, self._items, f"{self._shown:x}", *_files(stoplist)]
        record = self.config.private_dir / "workbook.json"
        if _holds(record, target, shows, time.time()):
            self.stats.set_value("avito/workbook/kept", 1)
            logger.info("%s stays: nothing has changed", target)
            return
        record.unlink(missing_ok=True)
        # pandas and openpyxl take a second to load: only for those who need them.
        from avito_scrapy.report.replace import renew
        from avito_scrapy.store.record_source import records_of_run
        from avito_scrapy.workbook import options_for, remember_stoplist

        config = self.config
        extension = StoreExtension.of(self.crawler)
        inputs = self.stats.get_value("avito/resumes/total")
        remember_stoplist(config, stoplist)
        written = renew(
            extension.store,
            records_of_run(extension.store, extension.run_id, inputs),
            options_for(config, stoplist),
            replaces=target,
            draft=config.data_dir / "resumes.partial.xlsx",
        )
        stats = self.stats
        stats.set_value("avito/workbook/people", written.summary.people)
        stats.set_value("avito/stoplist/unread", len(written.summary.problems))
        for problem in written.summary.problems:
            logger.warning("Stop list not read: %s", problem)
        stats.set_value("avito/workbook/unclear", len(written.unclear))
        for line in written.unclear:
            logger.warning("%s", line)
        if written.carried:
            logger.info("%s: %s", target, written.carried)
        if written.aside:
            stats.set_value("avito/workbook/aside", 1)
            logger.warning("%s: left as it is, the new one is %s", written.aside, written.path)
        elif not written.summary.problems and not written.unclear:
            # It keeps its time when it is put in place.
            told = {"shows": shows, "written_at": time.time(), "file": _state(written.path)}
            write_private(record, json.dumps(told))


def _holds(record: Path, target: Path, shows: list[Any], now: float) -> bool:
    """Whether the workbook ``target`` is as one written now would be, and nobody has saved it."""
    try:
        known = read_json(record)
        fresh = 0 <= now - known["written_at"] < KEEP_S
        return bool(fresh and known["shows"] == shows and known["file"] == _state(target))
    except (OSError, UsageError, KeyError, TypeError):
        return False


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_mtime_ns, found.st_size]


def _files(given: Path | None) -> list[Any]:
    """The stop lists as they are now."""
    if given is None:
        return []
    path = given.expanduser()
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [[str(one), *_state(one)] for one in found if one.exists()]
