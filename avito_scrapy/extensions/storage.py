"""Opens the store for a run; at its end finishes the run's line and closes it."""

from __future__ import annotations

import logging
from contextlib import ExitStack, suppress

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from avito_scrapy.accounts import claim, owner_of
from avito_scrapy.component import EndComponent
from avito_scrapy.files import private_folder
from avito_scrapy.runlock import AccountLock
from avito_scrapy.store import Store, StoreProblem, open_store
from avito_scrapy.store.record_source import account_of_file

logger = logging.getLogger(__name__)


class StoreExtension(EndComponent):
    """The run's store, and its line in the table of runs.

    Switched on by ``EXTENSIONS`` for the project's spiders (those with ``uses_store``). Others
    reach it with ``StoreExtension.of(crawler)``: ``store``, ``run_id`` and, at the
    end, ``account_id``. The run's line is finished when the files are in place; a run that is
    killed leaves it without an end.

    Stats: ``avito/store/run`` (the run's number in the store), ``avito/store/unfinished`` (1: the
    run's line could not be finished, the store has gone away).
    """

    needs = "uses_store"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._finished = False
        self.account_id: int | None = None
        self._held = ExitStack()
        private_folder(self.config.private_dir)
        self.store: Store = self._held.enter_context(open_store(self.config.store_url))
        self.run_id: int = self.store.runs.start(crawler.spidercls.name)
        self.stats.set_value("avito/store/run", self.run_id)

    @classmethod
    def of(cls, crawler: Crawler) -> StoreExtension:
        """That of a crawl whose spider has ``uses_store``."""
        extension = crawler.get_extension(cls)
        assert extension is not None, "uses_store"
        return extension

    def owner(self) -> int | None:
        """The account that the data folder belongs to; None when it is nobody's yet."""
        owner = owner_of(self.config.private_dir)
        if owner is None:  # an older version wrote down nobody
            owner = account_of_file(self.store, self.config.data_dir / "resumes.jl")
        return owner

    def take_account(self, account_id: int) -> None:
        """Say whose run this is, as soon as Avito has said it: the folder becomes the account's,
        and the run holds the account, whichever keys it has, until its end.

        Raises:
            UsageError: the folder is another account's, or another run holds the account.
        """
        claim(self.config.private_dir, account_id, self.owner())
        lock = AccountLock(
            self.config.store_url,
            self.crawler.spidercls.name,
            f"number {account_id}",
            alone=self.config.alone,
        )
        self._held.enter_context(lock)

    def finish(self) -> None:
        """Finish the run's line and close the store, once."""
        if self._finished:
            return
        self._finished = True
        try:
            with suppress(LookupError):
                self.account_id = self.store.runs.account(self.run_id)
            self.store.runs.finish(self.run_id, self.reason or "", own_stats(self.stats))
        except StoreProblem as problem:
            logger.error("%s", problem)
            self.stats.set_value("avito/store/unfinished", 1)
        finally:
            self._held.close()


def own_stats(stats: StatsCollector) -> dict[str, float]:
    """The stats ``avito/...`` that are numbers, by their names."""
    return {
        name: value
        for name, value in sorted(stats.get_stats().items())
        if name.startswith("avito/") and isinstance(value, (int, float))
    }
