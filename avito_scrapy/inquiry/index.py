"""Reads the index of applications: ids page by page, applications by hundreds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from datetime import date
from typing import Any

from scrapy import Request

from avito_scrapy.avito.endpoints import PAGE, MethodName
from avito_scrapy.avito.job_models import ApplicationIds
from avito_scrapy.avito.parsing import read
from avito_scrapy.avito.results import ApplicationFacts, Failure, NotFound
from avito_scrapy.inquiry.questions import Questions
from avito_scrapy.inquiry.tally import Tally
from avito_scrapy.resumes.application_index import ApplicationIndex, Batch, read_applications
from avito_scrapy.resumes.checkpoint import Journal

logger = logging.getLogger(__name__)
_IDS: MethodName = "application_ids"
_BATCH: MethodName = "applications"
# Share of the listed applications that Avito may keep to itself (withdrawn meanwhile, say) before
# the others are doubted.
FEW = 0.05


class IndexReader:
    """Fills ``index`` with the applications of ``chats``.

    When a page or a batch cannot be had, or many applications are listed and not told of, the
    index says so (``trouble``): then it is not known of a chat outside of it that there is no
    application.
    """

    def __init__(
        self, questions: Questions, journal: Journal, tally: Tally, chats: Collection[str]
    ) -> None:
        self.index = ApplicationIndex()
        self._questions = questions
        self._journal = journal
        self._tally = tally
        self._chats = chats

    async def read(self, since: date, today: date) -> AsyncIterator[Request]:
        """The requests to send, pages one after the other, the batches of each beside them.

        Args:
            since: first day of the index (by the applications' last change).
            today: for ages.
        """
        batches: list[tuple[list[str], asyncio.Future[Any]]] = []
        seen: set[str] = set()
        cursor = ""
        while True:
            page = self._journal.get(_IDS, cursor)
            if page is None:
                query = [("updatedAtFrom", since.isoformat())]
                if cursor:
                    query.append(("cursor", cursor))
                request, future = self._questions.ask(_IDS, query=query)
                yield request
                page = self._page(cursor, await future)
            # A cursor that leads back to what is known ends the list like an empty page does.
            new = [one for one in page if one not in seen]
            if not new:
                break
            seen.update(new)
            cursor = page[-1]
            for first in range(0, len(new), PAGE):
                ids = new[first : first + PAGE]
                kept = self._journal.get(_BATCH, ids[0])
                if kept is not None:
                    self.index.add(ApplicationFacts(*one) for one in kept)
                    continue
                request, future = self._questions.ask(_BATCH, body={"ids": ids})
                batches.append((ids, future))
                yield request
        for ids, future in batches:
            async for request in self._details(ids, future, today):
                yield request
        if self.index.untold > FEW * len(seen):
            self.index.trouble = "Avito lists applications that it does not tell of"
        elif self.index.untold:
            logger.warning(
                "Avito lists %d applications that it does not tell of", self.index.untold
            )
        self._tally.indexed(len(self.index))
        if self.index.trouble:
            logger.error("Applications could not be read to the end: %s", self.index.trouble)

    def _page(self, cursor: str, told: Any) -> list[str]:
        if isinstance(told, (NotFound, Failure)):
            self._fail(told)
            return []
        answered, drifts = read(ApplicationIds, told)
        self._tally.drifts(_IDS, drifts)
        ids = [one.id for one in answered.applies or () if one and one.id]
        if answered.applies is None or len(ids) < len(answered.applies):
            self.index.trouble = "Avito's answer does not tell the applications' ids"
        else:
            self._journal.put(_IDS, cursor, ids)
        return ids

    async def _details(
        self, ids: list[str], future: asyncio.Future[Any], today: date
    ) -> AsyncIterator[Request]:
        """Take a batch in; what is listed but not told of is asked for once more."""
        batch = self._batch(await future, today)
        if batch is None:
            return
        found, unreadable = batch.found, batch.unreadable
        missing = [one for one in ids if one not in batch.ids]
        if missing:
            request, future = self._questions.ask(_BATCH, body={"ids": missing})
            yield request
            batch = self._batch(await future, today)
            if batch is None:
                return
            found, unreadable = [*found, *batch.found], unreadable + batch.unreadable
            missing = [one for one in missing if one not in batch.ids]
        self.index.untold += len(missing)
        if unreadable:
            self.index.trouble = "some applications do not tell their chat in a known form"
        elif not missing:
            self._journal.put(_BATCH, ids[0], found)

    def _batch(self, told: Any, today: date) -> Batch | None:
        if isinstance(told, (NotFound, Failure)):
            self._fail(told)
            return None
        batch = read_applications(told, self._chats, today)
        self._tally.drifts(_BATCH, batch.drifts)
        self.index.add(batch.found)
        return batch

    def _fail(self, told: NotFound | Failure) -> None:
        self.index.trouble = told.reason if isinstance(told, Failure) else "Avito answered 404"
