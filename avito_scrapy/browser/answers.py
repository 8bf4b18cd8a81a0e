"""The page's own requests for parts of the list, and what they were answered."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from time import monotonic

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

from avito_scrapy.avito.web import ChannelPage, is_list_call, read_answer, read_request

# Seconds after which a request without an answer counts as failed.
PATIENCE = 30.0


class Answers:
    """Listens to the page's list calls.

    Args:
        wake: called when something has come in.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._open: dict[Request, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._fresh: list[ChannelPage] = []
        self._deepest = math.inf
        self.count = 0
        """Good answers so far."""
        self.failures = 0
        """Failed calls since the last good answer."""
        self.status: int | None = None
        """HTTP status of the last failed call; None when it was not answered at all."""
        self.has_more: bool | None = None
        """Whether more is to come below, as the answers say; None before they have said it."""
        self.newest: float | None = None
        """Place of the list's first chat when it was first seen, in Unix seconds."""
        self.reached = math.inf
        """Lowest place that was answered since ``forget``, in Unix seconds."""

    def listen(self, page: Page) -> None:
        """Start listening to ``page``."""
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)

    @property
    def waiting(self) -> bool:
        """Whether a call is on its way."""
        late = [request for request, since in self._open.items() if monotonic() - since > PATIENCE]
        for request in late:
            self._count_failure(request, None)
        return bool(self._open)

    def take(self) -> list[ChannelPage]:
        """The answers since the last time, for the page's own list only."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def forget(self) -> None:
        """The page is loaded anew: what it had asked for will not be answered any more."""
        self._open.clear()
        self.failures = 0
        self.reached = math.inf

    def _asked(self, request: Request) -> None:
        if request.method != "OPTIONS" and is_list_call(request.url):
            self._open[request] = monotonic()
            self._wake()

    def _failed(self, request: Request) -> None:
        if request in self._open:
            self._count_failure(request, None)

    def _answered(self, response: Response) -> None:
        if response.request in self._open:
            task = asyncio.ensure_future(self._read(response))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, response: Response) -> None:
        request = response.request
        try:
            page = read_answer(await response.json()) if response.ok else None
            asked = read_request(request.post_data)
        except (PlaywrightError, ValueError):
            page = None
        if page is None:
            self._count_failure(request, response.status)
            return
        if self._open.pop(request, None) is None:
            return
        if asked.whole:
            self._keep(page, asked.offset)
        self._wake()

    def _keep(self, page: ChannelPage, offset: float | None) -> None:
        self._fresh.append(page)
        self.count += 1
        self.failures = 0
        places = [c.sorting for c in page.channels if c.sorting is not None]
        if places:
            self.reached = min(self.reached, *places)
            if self.newest is None:
                self.newest = max(places)
        # A look at the top again, say for unread chats, says nothing of the end.
        depth = math.inf if offset is None else offset
        if page.has_more is False and depth <= self._deepest:
            self.has_more = False
        elif page.has_more and (depth < self._deepest or self.has_more is None):
            self.has_more = True
        self._deepest = min(self._deepest, depth)

    def _count_failure(self, request: Request, status: int | None) -> None:
        if self._open.pop(request, None) is not None:
            self.failures += 1
            self.status = status
            self._wake()
