"""What stops a run early (a sign-in, a refusal, the time, the end of the crawl), and its waits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")

POLL_INTERVAL = 0.25
"""Seconds; upper bound of the shutdown latency."""
REFUSALS = 2
"""Refused calls without anything new in between, after which Avito is believed to refuse. The page
may have sent another one until this is noticed, so that three are sent at most."""
# Seconds a mark must stay to be believed: a text may stand there while a page is being drawn, and
# a waiting page may let the browser through by itself.
STAYS = {"likely": 1.0, "weak": 6.0}

_CHECK_PAGE = re.compile(
    r"доступ\s(?:с\sвашего\sip\s)?(?:временно\s)?ограничен|вы\sне\sробот|проблема\sс\sip"
    r"|firewall-container|geetest|h-?captcha",
    re.IGNORECASE,
)


class MessengerError(Exception):
    """Base; the text is one line for the log, without data of any person."""

    reason = "incomplete"
    """The run's (``avito_scrapy.exit_reasons``)."""


class LoginRequired(MessengerError):
    """The messenger shows a sign-in instead of the list."""

    reason = "login_required"


class AccessBlocked(MessengerError):
    """Avito refuses the browser or asks for a robot check."""

    reason = "blocked"


class SiteUnavailable(MessengerError):
    """The site cannot be reached, or answers with a server error."""

    reason = "unavailable"


class ListNotLoaded(MessengerError):
    """The list does not appear, or the page does not stay on it."""


class PageClosed(MessengerError):
    """The page or the whole browser crashed or was closed."""


class CrawlTimeout(MessengerError):
    """The run's time is over."""

    reason = "timeout"


class ShutdownRequested(MessengerError):
    """The crawl is closing for a reason of its own."""

    reason = ""


def is_check_page(text: str) -> bool:
    """Whether ``text``, an answer that should have been JSON, is a refusal or a robot check."""
    return _CHECK_PAGE.search(text) is not None


class BlockDetector:
    """Judges what collector.js reports in place of the list.

    An address or a title is believed at once; other marks when they stay (``STAYS``).
    """

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def check(
        self, marks: Mapping[str, str | None], *, loading: bool = False, patient: bool = True
    ) -> None:
        """Raise AccessBlocked or LoginRequired when the page shows one of them.

        Args:
            marks: ``sure``, ``likely`` and ``weak``, each ``login``, ``robot`` or None.
            loading: the list is being loaded, and may replace what stands there.
            patient: False: what is likely need not stay.
        """
        shown = marks.get("sure")
        for strength, seconds in STAYS.items():
            mark = marks.get(strength)
            if not mark or loading:
                self._since.pop(strength, None)
                continue
            since = self._since.setdefault(strength, monotonic())
            if monotonic() - since > seconds or (strength == "likely" and not patient):
                shown = shown or mark
        if shown == "robot":
            raise AccessBlocked("Avito has limited access or asks for a robot check")
        if shown == "login":
            raise LoginRequired("the messenger shows a sign-in")


class Waiter:
    """Every wait of a run goes through here and ends within ``POLL_INTERVAL`` when it must.

    Args:
        stopping: whether the crawl is closing; asked at each poll.
        timeout: seconds for the whole run.
    """

    def __init__(self, stopping: Callable[[], bool], timeout: float) -> None:
        self._stopping = stopping
        self._deadline = monotonic() + timeout
        self._changed = asyncio.Event()
        self._page_closed = False

    def notify(self) -> None:
        """End the current ``wait_for_change``: something happened on the page."""
        self._changed.set()

    def clear(self) -> None:
        """Forget changes that are about to be read from the page anyway."""
        self._changed.clear()

    def page_closed(self) -> None:
        """End every wait with PageClosed."""
        self._page_closed = True
        self._changed.set()

    def check(self) -> None:
        """Raise ShutdownRequested, PageClosed or CrawlTimeout when the run must end."""
        if self._stopping():
            raise ShutdownRequested("the crawl is closing")
        if self._page_closed:
            raise PageClosed("the page or the browser is gone")
        if monotonic() > self._deadline:
            raise CrawlTimeout("the time given is up")

    async def wait_for_change(self, seconds: float) -> bool:
        """Wait until something happens on the page, at most ``seconds``; whether it did."""
        end = monotonic() + seconds
        self.check()
        while not self._changed.is_set() and (left := end - monotonic()) > 0:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, POLL_INTERVAL))
            self.check()
        changed = self._changed.is_set()
        self._changed.clear()
        return changed

    async def sleep(self, seconds: float) -> None:
        """Wait ``seconds``, whatever happens on the page."""
        end = monotonic() + seconds
        while (left := end - monotonic()) > 0:
            self.check()
            await asyncio.sleep(min(left, POLL_INTERVAL))

    async def run(self, work: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
        """Return the result of ``work``, which is cancelled when the run must end.

        Raises:
            TimeoutError: it took more than ``seconds``.
        """
        task = asyncio.ensure_future(work)
        end = monotonic() + seconds
        try:
            while not task.done():
                self.check()
                if monotonic() > end:
                    raise TimeoutError
                await asyncio.wait({task}, timeout=POLL_INTERVAL)
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
