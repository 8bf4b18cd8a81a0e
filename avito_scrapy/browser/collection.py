"""One run over the messenger: from the first page to the reason it ended with."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from pathlib import Path
from typing import Literal

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from avito_scrapy.avito.chat_list import KnownList
from avito_scrapy.avito.web_messenger import FAVORITES_PATH
from avito_scrapy.browser.chat_collector import ChatCollector
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.pacing import EndDetector, Pace
from avito_scrapy.browser.scrolling import ListScroll
from avito_scrapy.browser.stopping import (
    AccessBlocked,
    MessengerError,
    ShutdownRequested,
    Waiter,
)
from avito_scrapy.files import write_private
from avito_scrapy.items import Chat

logger = logging.getLogger(__name__)

# Seconds for the control figure to appear; a nought may stand there until it does.
FIGURE_TIMEOUT = 5.0

_NUMBER = r"\d{1,3}(?:[\s\u00a0\u202f]\d{3})+|\d+"
_SPACE = r"[\s\u00a0\u202f]*"
# «Резюме 2 655», «Резюме (2655)», «2655 резюме»: nothing else with a number in the same element,
# where the number could belong to something else.
_FIGURE = re.compile(
    rf"\D*резюме[\s\u00a0\u202f:·•—–(\-]*({_NUMBER}){_SPACE}\)?{_SPACE}"
    rf"|{_SPACE}({_NUMBER}){_SPACE}резюме\D*",
    re.IGNORECASE,
)

# The texts of whatever holds the word, the smallest first: a tab's before the whole page's. A
# number may stand beside the word in an element of its own.
_TEXTS = """() => [...document.querySelectorAll('body *')]
  .filter((node) => !node.matches('script, style, noscript, template'))
  .map((node) => {
    const [own, next] = [node.textContent, node.nextElementSibling?.textContent ?? ""];
    const apart = /^\\s*резюме\\s*$/i.test(own) && /^[\\s\\d]+$/.test(next);
    return apart ? `${own} ${next}` : own;
  })
  .filter((text) => text.length < 200 && /резюме/i.test(text))
  .sort((a, b) => a.length - b.length)"""


@dataclass(frozen=True)
class CollectionOptions:
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
        self.collector = ChatCollector(options.web_url, options.zone, datetime.now)
        self.scroll = ListScroll(
            self._page,
            self.collector,
            Pace(options.pace),
            EndDetector(options.patience),
            options.known,
            count,
        )
        self._given = 0
        self.reason: str = "incomplete"
        """The run's reason; empty when the crawl is closing, which has a reason of its own."""

    @property
    def rest_is_known(self) -> bool:
        """Whether the run went well without the part of the list that is known."""
        known = self._options.known
        whole = self.reason == "finished" and self._given != self._options.limit
        return whole and known is not None and known.reached and not self.scroll.end_seen

    async def chats(self) -> AsyncIterator[Chat]:
        """Every chat once, as they are found; also what was found before an error."""
        try:
            await self._page.attach()
            await self._find_expected()
            async for batch in self.scroll.batches():
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
        self.scroll.take_answers()
        for chat in self._allowed(self.collector.ready(everything=True)):
            yield chat
        self._tell("end_seen", int(self.scroll.end_seen))

    async def _find_expected(self) -> None:
        expected = self._options.expected
        if expected == "favorites":
            expected = await read_favorites(self._page)
            if expected is None:
                logger.warning(
                    "The control figure could not be read from the favourites page: "
                    "this run cannot be checked against it"
                )
        if isinstance(expected, int):
            self.scroll.expected = expected
            self._tell("expected", expected)

    def _allowed(self, batch: list[Chat]) -> list[Chat]:
        limit = self._options.limit
        allowed = batch if limit is None else batch[: limit - self._given]
        self._given += len(allowed)
        found = self.collector.found
        self._tell("found", found if limit is None else min(found, limit))
        return allowed

    def _judge(self) -> str:
        if self._given == self._options.limit:
            return "finished"
        known = self._options.known
        if known is not None and not known.ordered:
            logger.warning("The list is not in the order of last messages: read to its end")
        found, expected = self.scroll.total, self.scroll.expected
        if self.scroll.end.given_up and not self.scroll.proven:
            logger.error(
                "%d chats found; the page has more and loaded nothing new for %.0f s",
                found,
                self._options.patience,
            )
        elif expected is not None and found < expected:
            logger.error("%d chats found, %d expected", found, expected)
        elif expected is not None or self._options.expected is None:  # what was wanted is known
            if self.scroll.proven:
                return "finished"
            logger.error("%d chats found; the list never showed its end", found)
        return "incomplete"

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


def figure(texts: Iterable[str]) -> int | None:
    """The number beside the word «Резюме» in the first of ``texts`` that has one.

    Thousands may be set apart by spaces of any kind. A rounded number («2,6 тыс.») is none.
    """
    for text in texts:
        found = _FIGURE.fullmatch(text)
        if found:
            return int(re.sub(r"\D", "", found[1] or found[2]))
    return None


async def read_favorites(page: MessengerPage) -> int | None:
    """Go to the favourites page and read the control figure; None when it cannot be read.

    Raises:
        MessengerError: the page shows a sign-in or a refusal, or the run must end.
    """
    if not await page.visit(FAVORITES_PATH):
        return None
    found = None
    for _ in range(int(FIGURE_TIMEOUT / 0.25)):
        found = figure(await page.texts(_TEXTS))
        if found:
            break
        await page.check_blocks()
        await page.waiter.sleep(0.25)
    return found
