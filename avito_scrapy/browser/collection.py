"""One run over the messenger: from the first page to the reason it ended with."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Set
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from pathlib import Path
from typing import Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from avito_scrapy.avito.chat_list import KnownList
from avito_scrapy.browser.chat_collector import ChatCollector
from avito_scrapy.browser.end_detection import EndDetector, verdict
from avito_scrapy.browser.errors import AccessBlocked, MessengerError, ShutdownRequested
from avito_scrapy.browser.favorites import read_favorites
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.pace import Pace
from avito_scrapy.browser.scrolling import ListScroll
from avito_scrapy.browser.waiting import Waiter
from avito_scrapy.files import write_private
from avito_scrapy.items import Chat

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CollectionOptions:
    """Options of a run."""

    web_url: str
    zone: tzinfo
    """In which the page shows its times."""
    folder: Path
    """Where a screenshot is put."""
    pace: Literal["fast", "human"] = "human"
    expected: int | Literal["favorites"] | None = None
    """How many chats there must be, or ``favorites``: as many as the control figure says."""
    limit: int | None = None
    """Chats after which to stop."""
    known: KnownList | None = None
    """Tells where the list is known from an earlier run; None: it is read to its end."""
    timeout: float = 1800.0
    """Seconds for everything."""
    patience: float = 60.0
    """Seconds without anything new after which a list that has more is given up."""


class ChatCollection:
    """Yields every chat once; ``reason`` tells afterwards how it ended.

    Args:
        page: guarded, with its session, on no page of Avito's yet.
        options: what to collect, and how.
        stopping: whether the crawl is closing.
        count: adds one to ``rounds``, ``recoveries`` or ``guard/returned``.
        tell: sets ``found``, ``expected`` or ``end_seen``.
    """

    def __init__(
        self,
        page: Page,
        options: CollectionOptions,
        stopping: Callable[[], bool],
        *,
        count: Callable[[str], None],
        tell: Callable[[str, int], None],
    ) -> None:
        self._options = options
        self._tell = tell
        self._page = MessengerPage(
            page,
            options.web_url,
            Waiter(stopping, options.timeout),
            returned=lambda: count("guard/returned"),
            patience=options.patience,
        )
        self._collector = ChatCollector(options.web_url, options.zone, datetime.now)
        self._scroll = ListScroll(
            self._page, self._collector, Pace(options.pace), count, EndDetector(options.patience)
        )
        self._scroll.known = options.known
        self._given = 0
        self._expected: int | None = None
        self.reason: str = "incomplete"
        """The run's reason; empty when the crawl is closing, which has a reason of its own."""

    @property
    def newest(self) -> float | None:
        """Place of the list's first chat when it was first read, in Unix seconds."""
        return self._scroll.newest

    @property
    def rest_is_known(self) -> bool:
        """Whether the run went well without the part of the list that is known."""
        known = self._options.known
        whole = self.reason == "finished" and self._given != self._options.limit
        return whole and known is not None and known.reached and not self._scroll.end_seen

    @property
    def ids(self) -> Set[str]:
        """The chats that were found."""
        return self._collector.ids

    async def chats(self) -> AsyncIterator[Chat]:
        """Every chat once, as they are found; also what was found before an error."""
        try:
            await self._page.attach()
            await self._find_expected()
            async for batch in self._scroll.batches():
                for chat in self._allowed(batch):
                    yield chat
                if self._given == self._options.limit:
                    break
            self.reason = self._judge()
        except ShutdownRequested:
            self.reason = ""
        except MessengerError as error:
            self.reason = error.reason
            logger.error("%s", error)
            if isinstance(error, AccessBlocked):
                await self._keep_screenshot()
        self._scroll.take_answers()
        for chat in self._allowed(self._collector.ready(everything=True)):
            yield chat
        self._tell("end_seen", int(self._scroll.end_seen))

    async def _find_expected(self) -> None:
        wanted = self._options.expected
        if wanted == "favorites":
            self._expected = await read_favorites(self._page)
            if self._expected is None:
                logger.warning(
                    "The control figure could not be read from the favourites page: "
                    "this run cannot be checked against it"
                )
        elif wanted is not None:
            self._expected = int(wanted)
        if self._expected is not None:
            self._scroll.expected = self._expected
            self._tell("expected", self._expected)

    def _allowed(self, batch: list[Chat]) -> list[Chat]:
        limit = self._options.limit
        allowed = batch if limit is None else batch[: limit - self._given]
        self._given += len(allowed)
        found = self._collector.found
        self._tell("found", found if limit is None else min(found, limit))
        return allowed

    def _judge(self) -> str:
        if self._given == self._options.limit:
            return "finished"
        known = self._options.known
        found = self._scroll.total
        if known is not None and not known.ordered:
            logger.warning("The list is not in the order of last messages: read to its end")
        check_failed = self._options.expected is not None and self._expected is None
        result = verdict(
            found=found,
            proven=self._scroll.proven,
            expected=self._expected,
            check_failed=check_failed,
        )
        if self._scroll.gave_up:
            logger.error(
                "%d chats found; the page has more and loaded nothing new for %.0f s",
                found,
                self._options.patience,
            )
        elif self._expected is not None and found < self._expected:
            logger.error("%d chats found, %d expected", found, self._expected)
        elif result == "incomplete" and not check_failed:
            logger.error("%d chats found; the list never showed its end", found)
        return result

    async def _keep_screenshot(self) -> None:
        """Save what the page shows as ``blocked-<UTC time>.png``, for the owner only."""
        moment = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        path = self._options.folder / f"blocked-{moment}.png"
        try:
            picture = await self._page.page.screenshot(timeout=20_000)
            write_private(path, picture)
        except (PlaywrightError, OSError) as error:
            logger.warning("No screenshot: %s", type(error).__name__)
            return
        logger.error("What the browser shows is in %s", path)
