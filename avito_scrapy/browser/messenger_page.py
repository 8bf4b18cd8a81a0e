"""The messenger's page: opened, looked at, scrolled, and brought back when it strays."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Response

from avito_scrapy.avito.web_messenger import MESSENGER_PATH
from avito_scrapy.browser.block_detection import BlockDetector
from avito_scrapy.browser.errors import AccessBlocked, ListNotLoaded, PageClosed
from avito_scrapy.browser.list_responses import ListResponses
from avito_scrapy.browser.script import source
from avito_scrapy.browser.waiting import Waiter

logger = logging.getLogger(__name__)

# Times the page may stray, or be loaded in vain, without anything new in between.
RETURNS = 5
# Seconds without rows and without a call on its way, after which the page is loaded again.
EMPTY = 8.0


@dataclass(frozen=True)
class PageView:
    """What the page shows: rows not seen before, and where one is in the list (pixels)."""

    rows: Sequence[dict[str, Any]] = ()
    has_rows: bool = False
    has_list: bool = False
    bottom: bool = False
    height: int = 0
    client: int = 0
    document: float = 0.0
    """Tells one loading of the page from the next."""
    complete: bool = True
    """The page has loaded all that stands in its document."""


class MessengerPage:
    """The page with the list of chats.

    Args:
        page: guarded already; ``attach`` it before anything else.
        web_url: AVITO_WEB_URL.
        watch: through which everything is waited for.
        returned: called each time the page was lost and brought back.
    """

    def __init__(
        self, page: Page, web_url: str, watch: Waiter, returned: Callable[[], None]
    ) -> None:
        self.page = page
        self._web_url = web_url
        self.watch = watch
        self.answers = ListResponses(watch.wake)
        self._returned = returned
        self._home = MESSENGER_PATH
        # Rows that were drained from the page and not handed over yet: it tells of each but once.
        self._held: list[dict[str, Any]] = []
        self._empty = False
        self._strayed = 0
        self._refused = False
        self._signs = BlockDetector()

    async def attach(self) -> None:
        """Have rows collected and answers read, from the next navigation on.

        Raises:
            PageClosed: the page was closed meanwhile.
        """
        page = self.page
        try:
            await page.expose_binding("avitoNews", lambda _source: self.watch.wake())
            await page.add_init_script(source("collector.js"))
        except PlaywrightError:
            raise PageClosed("the page or the browser is gone") from None
        self.answers.listen(page)
        page.on("response", self._document)
        page.on("crash", lambda _page: self.watch.page_gone())
        page.on("close", lambda _page: self.watch.page_gone())

    async def open(self) -> PageView:
        """Go to the list and wait for its first rows (or for a list that has none).

        Raises:
            LoginRequired, AccessBlocked: the page shows something else.
            ListNotLoaded: the list does not come.
        """
        for attempt in range(RETURNS):
            loaded = await self._goto(MESSENGER_PATH, attempt)
            view = await self._first_rows(attempt) if loaded else None
            if view is not None:
                # Wherever Avito has put the list: this is where it must stay.
                self._home = urlsplit(self.page.url).path
                return view
        raise ListNotLoaded("the list of chats does not appear")

    async def visit(self, path: str) -> None:
        """Go to another page of the site.

        Raises:
            LoginRequired, AccessBlocked: the page shows something else.
        """
        await self._goto(path, 0)
        await self.check_signs()

    async def look(self, steps: Sequence[int] = ()) -> PageView:
        """ListScroll by ``steps`` (pixels) and see what is there; brings a strayed page back."""
        self.watch.hush()
        view = await self._view(steps)
        view = view if self._at_home(view) else await self._astray()
        self._held.clear()
        return view

    async def shows_list(self) -> bool:
        """Whether the list of chats is on the screen right now."""
        view = await self._view()
        return view.has_rows or view.has_list

    async def outwards(self) -> None:
        """ListScroll whatever is around the list to its end."""
        await self._ask("outwards")

    async def press(self, kind: str) -> bool:
        """Press the button ``more`` or ``retry`` if there is one; whether there was."""
        return bool(await self._ask("press", kind))

    async def texts(self, script: str) -> list[str]:
        """The texts that ``script`` finds on the page; none while it is being loaded."""
        found = await self._evaluate(script)
        return found if isinstance(found, list) else []

    def settled_in(self) -> None:
        """Something new came: the page may stray again as often as before."""
        self._strayed = 0

    async def _goto(self, path: str, attempt: int) -> bool:
        self._refused = self._empty = False
        self.answers.forget()
        try:
            url = self._web_url + path
            await self.watch.done(self.page.goto(url, wait_until="commit", timeout=30_000))
        except (PlaywrightError, TimeoutError) as error:
            # That the page itself is gone, if it is, comes to light a moment later.
            await self.watch.rest(min(0.5 * 2**attempt, 4.0))
            self.watch.check()
            logger.warning("%s did not load: %s", path, str(error).partition("\n")[0])
            return False
        return True

    async def _view(self, steps: Sequence[int] = ()) -> PageView:
        found = await self._ask("look", list(steps))
        if found is None:
            return PageView()
        self._held += found["rows"]
        return PageView(**{**found, "rows": list(self._held)})

    def _at_home(self, view: PageView) -> bool:
        there = urlsplit(self.page.url).path == self._home
        shown = view.has_rows or view.has_list or self._empty
        return there and shown and not self._refused

    async def _first_rows(self, attempt: int) -> PageView | None:
        idle = 0.0
        landed = urlsplit(self.page.url).path
        while idle < EMPTY:
            view = await self._view()
            if view.has_rows:
                return view
            await self.check_signs(patient=idle < 2)
            if urlsplit(self.page.url).path != landed and idle > 1:
                self._returned()
                return None
            if self.answers.waiting:
                await self.watch.news(0.5)
                continue
            if self.answers.has_more is False and (view.has_list or self._nobody(idle)):
                self._empty = not view.has_list
                return view
            if self.answers.failures and await self.press("retry"):
                self.answers.failures = 0
            if self.answers.failures and idle > 2.0**attempt:
                return None  # a page that has nothing yet has nothing to scroll for another try
            waited = 0.05 if await self.watch.news(0.3) else 0.3
            # What is still loading its scripts is slow, not idle.
            idle += waited if view.complete else waited / 4
        return None

    def _nobody(self, idle: float) -> bool:
        """Whether the account has no chats; a page may then show no list at all."""
        return self.answers.newest is None and idle > 1

    async def _astray(self) -> PageView:
        # A sign-in or a refusal may need a moment to be drawn; so may the list.
        for _ in range(4):
            await self.check_signs()
            await self.watch.rest(0.3)
            view = await self._view()
            if self._at_home(view):
                return view
        await self.check_signs(patient=False)
        self._strayed += 1
        if self._strayed > RETURNS:
            raise ListNotLoaded("the page does not stay on the list of chats")
        self._returned()
        logger.info("The page left the list of chats: going back")
        return await self.open()

    async def check_signs(self, *, patient: bool = True) -> None:
        """Raise LoginRequired or AccessBlocked when the page shows it (``BlockDetector.check``)."""
        if self._refused:
            raise AccessBlocked("Avito refuses this browser (HTTP 403)")
        self._signs.check(await self._ask("signs") or {}, self.answers, patient=patient)

    def _document(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._refused = response.status in (403, 429)
            self.answers.forget()
            self.watch.wake()

    async def _ask(self, what: str, argument: object = None) -> Any:
        """Call the collector; None when the page is between two documents or has none of it."""
        call = f"(argument) => window.__avitoCollector?.{what}(argument) ?? null"
        return await self._evaluate(call, argument)

    async def _evaluate(self, script: str, argument: object = None) -> Any:
        try:
            return await self.watch.done(self.page.evaluate(script, argument))
        except TimeoutError:
            raise PageClosed("the page does not respond") from None
        except PlaywrightError:
            if self.page.is_closed():
                raise PageClosed("the page or the browser is gone") from None
            await self.watch.rest(0.05)
            return None
