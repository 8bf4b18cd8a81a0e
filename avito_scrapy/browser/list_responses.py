"""The page's own calls for parts of the list, and their answers."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from urllib.parse import unquote

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Request, Response

from avito_scrapy.avito.forbidden_requests import is_list_call
from avito_scrapy.avito.text import load_json
from avito_scrapy.avito.web_messenger import (
    ChannelPage,
    ListRequest,
    read_answer,
    read_request,
)
from avito_scrapy.browser.stopping import REFUSALS, AccessBlocked, LoginRequired, is_check_page

# Seconds after which a call without an answer counts as failed.
CALL_TIMEOUT = 30.0

_SIGN_IN = re.compile(r"[/#](login|auth)\b", re.IGNORECASE)


class ListResponses:
    """Listens to the page's list calls.

    A page may ask for other lists than the one it shows: another folder, unread chats. Its own is
    the least odd one that it asks for, the first of several; only that one counts.

    Args:
        changed: called when something has come in.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._open: dict[Request, tuple[float, ListRequest]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unread: list[tuple[str | None, ChannelPage]] = []
        self._deepest = math.inf
        self._own: str | None = None
        self._odd: int | None = None
        self._begun = False
        # Refused calls (HTTP 403, 429, a redirect to a check page): all, those before the last good
        # answer, and those that count no more.
        self._refused = self._refused_before = self._forgiven = 0
        self.loads = 0
        """Good answers so far to calls for what is further down the list."""
        self.failed_loads = 0
        """Failed calls so far."""
        self.failures = 0
        """Failed calls since the last good answer, or since the page was loaded."""
        self.sign_ins = 0
        """Calls answered with a sign-in since the last good answer."""
        self.has_more: bool | None = None
        """Whether more follows below, as the answers say; None before they have said it."""
        self.newest: float | None = None
        """Place of the list's first chat when it was first seen, in Unix seconds."""
        self.reached = math.inf
        """Lowest place answered since the page was loaded, in Unix seconds."""

    def listen(self, page: Page) -> None:
        """Start listening to ``page``."""
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfailed", lambda request: self._fail(request))

    @property
    def pending(self) -> bool:
        """Whether a call for more of the page's own list is on its way."""
        now = monotonic()
        late = [call for call, (since, _) in self._open.items() if now - since > CALL_TIMEOUT]
        for request in late:
            self._fail(request)
        return any(self._is_progress(asked) for _, asked in self._open.values())

    @property
    def refusals(self) -> int:
        """Refused calls that count: see ``reset_refusals``."""
        return self._refused - self._forgiven

    def check_refused(self, *, sign_ins: int = 2) -> None:
        """Raise AccessBlocked or LoginRequired when so many calls were turned away."""
        if self.refusals >= REFUSALS:
            raise AccessBlocked("Avito refuses to load the list: wait before the next run")
        if self.sign_ins >= sign_ins:
            raise LoginRequired("the messenger's calls are answered with a sign-in")

    def take(self) -> list[ChannelPage]:
        """The answers since the last time, for the page's own list only."""
        unread, self._unread = self._unread, []
        return [page for _, page in unread]

    def page_reloaded(self) -> None:
        """Forget the calls of the earlier document: they will not be answered any more."""
        self._open.clear()
        self._odd = None
        self._begun = False
        self.failures = self.sign_ins = 0
        self.reached = math.inf

    def start_over(self) -> None:
        """Forget what was said of the list's end: it is read down once more."""
        self.has_more = self.newest = None
        self._deepest = math.inf

    def reset_refusals(self) -> None:
        """Something new was found: refusals before the last good answer were about single calls.

        Rows may be drawn long after their answer: those after it count on.
        """
        self._forgiven = self._refused_before

    def _on_request(self, request: Request) -> None:
        if request.method != "OPTIONS" and is_list_call(request.url):
            try:
                body = request.post_data
            except (PlaywrightError, ValueError):
                body = None
            asked = read_request(body)
            self._open[request] = monotonic(), asked
            self._choose(asked)
            if self._is_progress(asked):
                self._changed()

    def _choose(self, asked: ListRequest) -> None:
        """Take this for the page's own list if it is less odd than what was taken for it so far."""
        taken = self._odd is not None and asked.odd >= self._odd
        if asked.key is None or not asked.whole or taken:
            return
        if self._own != asked.key:
            self.start_over()
            self.reached = math.inf
            if self._odd is not None:
                self._unread = [part for part in self._unread if part[0] != self._own]
        self._own, self._odd = asked.key, asked.odd

    def _is_own(self, asked: ListRequest) -> bool:
        return asked.whole and asked.key in (None, self._own)

    def _is_progress(self, asked: ListRequest) -> bool:
        """A page may look at the top of its list again and again: only its first look counts."""
        again = self._begun and asked.offset is None and asked.key is not None
        return self._is_own(asked) and not again

    def _on_response(self, response: Response) -> None:
        request = response.request
        if request not in self._open:
            return
        target = unquote(response.headers.get("location", ""))
        status = response.status
        if 300 <= status < 400 and is_list_call(target):
            self._open.pop(request)  # the call goes on elsewhere
        elif 300 <= status < 400 and target:
            sign_in = bool(_SIGN_IN.search(target))
            self._fail(request, refused=not sign_in, sign_in=sign_in)
        elif status >= 400:
            # At once: what the page asks next must find it counted.
            self._fail(request, refused=status in (403, 429), sign_in=status == 401)
        else:
            task = asyncio.ensure_future(self._read(response, self._refused))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _read(self, response: Response, refused_before: int) -> None:
        request = response.request
        body = b""
        try:
            body = await response.body()
            page = read_answer(load_json(body))
        except (PlaywrightError, ValueError):
            self._fail(request, refused=is_check_page(body.decode("utf-8", "replace")))
            return
        if page is None and self.has_more is not None:
            self._fail(request)  # an error, in words of its own
            return
        _, asked = self._open.pop(request, (0.0, None))
        if asked is None or not self._is_own(asked):
            return
        progress = self._is_progress(asked)
        self._begun = True
        self.loads += asked.offset is not None
        self.failures = self.sign_ins = 0
        self._refused_before = max(self._refused_before, refused_before)
        # An answer that is not understood has not failed: its rows are drawn all the same.
        if page is not None:
            self._keep(page, asked)
        if progress:
            self._changed()

    def _keep(self, page: ChannelPage, asked: ListRequest) -> None:
        self._unread.append((asked.key, replace(page, below=asked.offset)))
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

    def _fail(self, request: Request, *, refused: bool = False, sign_in: bool = False) -> None:
        _, asked = self._open.pop(request, (0.0, None))
        if asked is None or not self._is_own(asked):
            return
        self.failures += 1
        self.failed_loads += 1
        self._refused += refused
        self.sign_ins += sign_in
        if self.has_more is None:
            self._odd = None  # the page may ask in another way now
        self._changed()
