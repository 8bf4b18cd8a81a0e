"""The page's own requests for parts of the list, and what they were answered."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from time import monotonic

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

from avito_scrapy.avito.answer_model import load_json
from avito_scrapy.avito.web_messenger import (
    ChannelPage,
    ListRequest,
    is_list_call,
    read_answer,
    read_request,
)

# Seconds after which a request without an answer counts as failed.
PATIENCE = 30.0


class ListResponses:
    """Listens to the page's list calls.

    A page may ask for other lists than the one it shows: another folder, unread chats. Its own is
    the least odd one that it asks for, the first of several; nothing else counts for anything.

    Args:
        wake: called when something has come in.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._open: dict[Request, tuple[float, ListRequest]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._fresh: list[tuple[str | None, ChannelPage]] = []
        self._deepest = math.inf
        self._own: str | None = None
        self._odd: int | None = None
        self._begun = False
        self.loads = 0
        """Good answers so far to calls for what is further down the list."""
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
        """Whether a call for more of the page's own list is on its way."""
        now = monotonic()
        late = [request for request, (since, _) in self._open.items() if now - since > PATIENCE]
        for request in late:
            self._count_failure(request, None)
        return any(self._is_progress(asked) for _, asked in self._open.values())

    def take(self) -> list[ChannelPage]:
        """The answers since the last time, for the page's own list only."""
        fresh, self._fresh = self._fresh, []
        return [page for _, page in fresh]

    def forget(self) -> None:
        """The page is loaded anew: what it had asked for will not be answered any more."""
        self._open.clear()
        self._odd = None
        self._begun = False
        self.failures = 0
        self.reached = math.inf

    def start_over(self) -> None:
        """The list is read down once more: what was answered of its end is void."""
        self.has_more = self.newest = None
        self._deepest = math.inf

    def _asked(self, request: Request) -> None:
        if request.method != "OPTIONS" and is_list_call(request.url):
            asked = _read_request(request)
            self._open[request] = monotonic(), asked
            self._choose(asked)
            if self._is_progress(asked):
                self._wake()

    def _choose(self, asked: ListRequest) -> None:
        """See whether this is the page's own list, rather than what was taken for it so far."""
        if asked.key is None or not asked.whole:
            return
        if self._odd is not None and asked.odd >= self._odd:
            return
        if self._own != asked.key:
            self.start_over()
            self.reached = math.inf
            if self._odd is not None:
                self._fresh = [one for one in self._fresh if one[0] != self._own]
        self._own, self._odd = asked.key, asked.odd

    def _is_own(self, asked: ListRequest) -> bool:
        return asked.whole and asked.key in (None, self._own)

    def _is_progress(self, asked: ListRequest) -> bool:
        """A page may look at the top of its list again and again: only its first look counts."""
        again = self._begun and asked.offset is None and asked.key is not None
        return self._is_own(asked) and not again

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
        good = response.ok
        try:
            page = read_answer(load_json(await response.body())) if good else None
        except (PlaywrightError, ValueError):
            page, good = None, False
        if not good:
            self._count_failure(request, response.status)
            return
        _, asked = self._open.pop(request, (0.0, None))
        if asked is None:
            return
        if not self._is_own(asked):
            return
        news = self._is_progress(asked)
        self._begun = True
        self.loads += asked.offset is not None
        self.failures = 0
        # What is not understood has not failed: its rows are drawn all the same.
        if page is not None:
            self._keep(page, asked)
        if news:
            self._wake()

    def _keep(self, page: ChannelPage, asked: ListRequest) -> None:
        self._fresh.append((asked.key, page))
        places = [c.sorting for c in page.channels if c.sorting is not None]
        if places:
            self.reached = min(self.reached, *places)
            if self.newest is None:
                self.newest = max(places)
        # A look at the top again says nothing of the end.
        depth = math.inf if asked.offset is None else asked.offset
        if page.has_more is False and depth <= self._deepest:
            self.has_more = False
        elif page.has_more and (depth < self._deepest or self.has_more is None):
            self.has_more = True
        self._deepest = min(self._deepest, depth)

    def _count_failure(self, request: Request, status: int | None) -> None:
        _, asked = self._open.pop(request, (0.0, None))
        if asked is None:
            return
        if self._is_own(asked):
            self.failures += 1
            self.status = status
            if self.has_more is None:
                self._odd = None  # the page may ask in another way now
            self._wake()


def _read_request(request: Request) -> ListRequest:
    try:
        return read_request(request.post_data)
    except (PlaywrightError, ValueError):
        return read_request(None)
