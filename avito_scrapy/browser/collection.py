"""One run over the messenger: from the first page to the reason it ended with."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Literal

from playwright.async_api import Page

from avito_scrapy.browser.chat_collector import ChatCollector
from avito_scrapy.browser.end_detection import verdict
from avito_scrapy.browser.errors import AccessBlocked, MessengerError, ShutdownRequested
from avito_scrapy.browser.favorites import read_favorites
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.pace import Pace
from avito_scrapy.browser.screenshot import keep_screenshot
from avito_scrapy.browser.scrolling import ListScroll
from avito_scrapy.browser.waiting import Waiter
from avito_scrapy.items import Chat

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CollectionOptions:
    """What is asked of a run.

    ``expected``: how many chats there must be, or ``favorites``: as many as the control figure
    says; ``limit``: chats after which to stop; ``seconds``: for everything; ``folder``: where a
    screenshot is put; ``zone``: in which the page shows its times.
    """

    web_url: str
    zone: tzinfo
    folder: Path
    pace: Literal["fast", "human"] = "human"
    expected: int | Literal["favorites"] | None = None
    limit: int | None = None
    seconds: float = 1800.0


@dataclass(frozen=True)
class Report:
    """Where a run tells what it does: ``count`` adds one to a name, ``tell`` sets a figure."""

    count: Callable[[str], None]
    tell: Callable[[str, int], None]


class ChatCollection:
    """Yields every chat once; ``reason`` tells afterwards how it ended.

    Args:
        page: guarded, with its session, on no page of Avito's yet.
        wanted: what is asked for.
        stopping: whether the run was told to end.
        report: counted: ``rounds``, ``recoveries``, ``guard/returned``; told: ``found``,
            ``expected``, ``end_seen``.
    """

    def __init__(
        self, page: Page, wanted: CollectionOptions, stopping: Callable[[], bool], report: Report
    ) -> None:
        self._page = page
        self._wanted = wanted
        self._report = report
        watch = Waiter(stopping, wanted.seconds)
        self._messenger = MessengerPage(
            page, wanted.web_url, watch, lambda: report.count("guard/returned")
        )
        self._roster = ChatCollector(wanted.web_url, wanted.zone, datetime.now)
        self._scroll = ListScroll(self._messenger, self._roster, Pace(wanted.pace), report.count)
        self._given = 0
        self._expected: int | None = None
        self.reason: str = "incomplete"
        """A run's reason; empty when it was told to end, and whoever told it knows why."""

    async def chats(self) -> AsyncIterator[Chat]:
        """Every chat once, as they are found; what was found before a trouble is given too."""
        try:
            await self._messenger.attach()
            await self._find_expected()
            async for batch in self._scroll.batches():
                for chat in self._allowed(batch):
                    yield chat
                if self._given == self._wanted.limit:
                    break
            self.reason = self._judge()
        except ShutdownRequested:
            self.reason = ""
        except MessengerError as trouble:
            self.reason = trouble.reason
            logger.error("%s", trouble)
            if isinstance(trouble, AccessBlocked):
                await self._picture()
        self._scroll.take_answers()
        for chat in self._allowed(self._roster.ready(everything=True)):
            yield chat
        self._report.tell("end_seen", int(self._scroll.end_seen))

    async def _find_expected(self) -> None:
        wanted = self._wanted.expected
        if wanted == "favorites":
            self._expected = await read_favorites(self._messenger)
            if self._expected is None:
                logger.warning(
                    "The control figure could not be read from the favourites page: "
                    "this run cannot be checked against it"
                )
        elif wanted is not None:
            self._expected = int(wanted)
        if self._expected is not None:
            self._scroll.expected = self._expected
            self._report.tell("expected", self._expected)

    def _allowed(self, batch: list[Chat]) -> list[Chat]:
        limit = self._wanted.limit
        allowed = batch if limit is None else batch[: limit - self._given]
        self._given += len(allowed)
        found = self._roster.found
        self._report.tell("found", found if limit is None else min(found, limit))
        return allowed

    def _judge(self) -> str:
        if self._given == self._wanted.limit:
            return "finished"
        found, proven = self._roster.found, self._scroll.proven
        check_failed = self._wanted.expected is not None and self._expected is None
        result = verdict(
            found=found, proven=proven, expected=self._expected, check_failed=check_failed
        )
        if self._expected is not None and found < self._expected:
            logger.error("%d chats found, %d expected", found, self._expected)
        elif result == "incomplete" and not check_failed:
            logger.error("%d chats found; the list never showed its end", found)
        return result

    async def _picture(self) -> None:
        path = await keep_screenshot(self._page, self._wanted.folder, "blocked")
        if path is not None:
            logger.error("What the browser shows is in %s", path)
