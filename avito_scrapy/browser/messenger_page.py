"""The messenger's page: loads it, scrolls it, reads it, and returns to the list when it leaves."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from time import monotonic
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Response, Route

from avito_scrapy.avito.web_messenger import MESSENGER_PATH
from avito_scrapy.browser.list_responses import ListResponses
from avito_scrapy.browser.stopping import (
    REFUSALS,
    AccessBlocked,
    BlockDetector,
    ListNotLoaded,
    LoginRequired,
    PageClosed,
    SiteUnavailable,
    Waiter,
)
from avito_scrapy.errors import net_code

logger = logging.getLogger(__name__)

_SCRIPT = files("avito_scrapy.browser").joinpath("collector.js")

# Times the page may stray, or be loaded in vain, without anything new in between.
RETURNS = 5
# Times in a row, and seconds, after which a site that does not answer is given up at the start.
UNREACHED = 3
UNREACHED_SECONDS = 30.0
LOAD_TIMEOUT = 15.0
# Seconds without rows and without a call on its way, after which the page is loaded again.
EMPTY = 8.0

# The page went elsewhere at once, or was kept from going to a chat.
_ABORTED = "ERR_ABORTED"
_LIST_CALL = re.compile(r"getchannels", re.IGNORECASE)
_TURNED_AWAY = (401, 403, 429)


@dataclass(frozen=True)
class PageView:
    """What the page shows: rows not seen before, and where one is in the list (pixels)."""

    rows: Sequence[dict[str, Any]] = ()
    has_rows: bool = False
    has_list: bool = False
    bottom: bool = False
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
        waiter: through which everything is waited for.
        returned: called each time the page was lost and brought back.
        patience: seconds for which a list that was there already, or that fails to load, is tried.
    """

    def __init__(
        self,
        page: Page,
        web_url: str,
        waiter: Waiter,
        returned: Callable[[], None] = lambda: None,
        patience: float = 60.0,
    ) -> None:
        self.page = page
        self._web_url = web_url
        self.waiter = waiter
        self.responses = ListResponses(waiter.notify)
        self._returned = returned
        self._patience = patience
        self._home = MESSENGER_PATH
        self._opened = False
        # Rows drained from the page and not handed over yet: it tells of each but once.
        self._held: list[dict[str, Any]] = []
        self._empty = False
        self._strayed = 0
        self._document_status = 200
        self._blocks = BlockDetector()

    async def attach(self) -> None:
        """Collect rows and read answers from the next navigation on.

        Raises:
            PageClosed: the page was closed meanwhile.
        """
        page = self.page
        try:
            await page.expose_binding("avitoNews", lambda _source: self.waiter.notify())
            await page.add_init_script(_SCRIPT.read_text(encoding="utf-8"))
            await page.route(_LIST_CALL, self._on_list_call)
        except PlaywrightError:
            raise PageClosed("the page or the browser is gone") from None
        self.responses.listen(page)
        page.on("response", self._on_document)
        page.on("crash", lambda _page: self.waiter.page_closed())
        page.on("close", lambda _page: self.waiter.page_closed())

    async def open(self) -> PageView:
        """Go to the list and wait for its first rows (or for a list that has none).

        Raises:
            LoginRequired, AccessBlocked: the page shows something else.
            SiteUnavailable: the site does not answer.
            ListNotLoaded: the list does not come.
        """
        start = monotonic()
        unreached = tries = 0
        while True:
            tries += 1
            problem = await self._goto(MESSENGER_PATH)
            view = None if problem else await self._first_rows(tries)
            if view is not None:
                # Wherever Avito has put the list: this is where it must stay.
                self._home = urlsplit(self.page.url).path
                self._opened = True
                return view
            if problem:
                # Also before giving up: a page that is closed while the browser draws its error
                # may never be.
                await self.waiter.sleep(min(0.5 * 2 ** (tries - 1), 5.0))
            elapsed = monotonic() - start
            if problem in (None, _ABORTED):
                unreached = 0
                impatient = elapsed >= self._patience or not self.responses.failures
                if tries >= RETURNS and impatient:
                    raise ListNotLoaded("the list of chats does not appear")
            else:
                unreached += 1
                at_start = unreached >= UNREACHED or elapsed >= UNREACHED_SECONDS
                if elapsed >= self._patience if self._opened else at_start:
                    host = urlsplit(self._web_url).hostname or "the site"
                    raise SiteUnavailable(f"{host} cannot be reached ({problem})")
                logger.warning("%s did not load (%s): trying again", MESSENGER_PATH, problem)

    async def visit(self, path: str) -> bool:
        """Go to another page of the site; whether it could be loaded.

        Raises:
            LoginRequired, AccessBlocked: the page shows something else.
        """
        loaded = await self._goto(path) is None
        await self.check_blocks()
        return loaded

    async def look(self, steps: Sequence[int] = (), after: Sequence[int] = ()) -> PageView:
        """Scroll and report what is there; return to the list when the page has left it.

        Args:
            steps: pixels each, until the bottom is reached.
            after: steps that the page is to make by itself when rows come after that.
        """
        self.responses.check_refused()
        self.waiter.clear()
        view = await self._view(steps, after)
        view = view if self._at_home(view) else await self._astray()
        self._held.clear()
        return view

    async def shows_list(self) -> bool:
        """Whether the list of chats is on the screen right now."""
        view = await self._view()
        return view.has_rows or view.has_list

    async def scroll_outwards(self) -> None:
        """Scroll whatever is around the list to its end."""
        await self._call("outwards")

    async def press(self, turn: int = 0) -> Literal["pressed", "disabled"] | None:
        """Press a button that loads more of the list, or loads it again; None: there is none.

        Several take turns: ``turn`` counts them.
        """
        result: Literal["pressed", "disabled"] | None = await self._call("press", turn)
        return result

    async def texts(self, script: str) -> list[str]:
        """The texts that ``script`` finds on the page; none while it is being loaded."""
        found = await self._evaluate(script)
        return found if isinstance(found, list) else []

    def found_new(self) -> None:
        """Something new came: the page may stray, and calls may be refused, as often as before."""
        self._strayed = 0
        self.responses.reset_refusals()

    async def check_blocks(self, *, patient: bool = True) -> None:
        """Raise LoginRequired or AccessBlocked when the page or its calls show it.

        Args:
            patient: False: what is likely need not stay, and a single call wanting a sign-in is
                enough.
        """
        if self._document_status == 401:
            raise LoginRequired("the messenger wants a sign-in (HTTP 401)")
        if self._document_status != 200:
            raise AccessBlocked(f"Avito refuses this browser (HTTP {self._document_status})")
        marks = await self._call("marks") or {}
        self._blocks.check(marks, loading=self.responses.pending, patient=patient)
        self.responses.check_refused(sign_ins=2 if patient else 1)

    async def _goto(self, path: str) -> str | None:
        """Load ``path``; what went wrong, without any address in it, or None."""
        self._empty = False
        self._document_status = 200
        self.responses.page_reloaded()
        try:
            going = self.page.goto(
                self._web_url + path, wait_until="commit", timeout=LOAD_TIMEOUT * 1000
            )
            response = await self.waiter.run(going)
        except (PlaywrightError, TimeoutError) as error:
            self.waiter.check()
            return net_code(error) or f"no answer within {LOAD_TIMEOUT:.0f} s"
        status = response.status if response else 200
        return f"HTTP {status}" if status >= 400 and status not in _TURNED_AWAY else None

    async def _view(self, steps: Sequence[int] = (), after: Sequence[int] = ()) -> PageView:
        found = await self._call("look", {"steps": list(steps), "after": list(after)})
        if found is None:
            return PageView()
        self._held += found["rows"]
        return PageView(**{**found, "rows": list(self._held)})

    def _at_home(self, view: PageView) -> bool:
        there = urlsplit(self.page.url).path == self._home
        shown = view.has_rows or view.has_list or self._empty
        return there and shown and self._document_status == 200

    async def _first_rows(self, tries: int) -> PageView | None:
        responses, idle, pressed = self.responses, 0.0, 0
        landed = urlsplit(self.page.url).path
        while idle < EMPTY:
            view = await self._view()
            if view.has_rows:
                return view
            await self.check_blocks(patient=idle < 2)
            if urlsplit(self.page.url).path != landed and idle > 1:
                self._returned()
                return None
            if responses.pending:
                await self.waiter.wait_for_change(0.5)
                continue
            # The page of an account without chats may show no list at all.
            no_chats = responses.newest is None and idle > 1
            if responses.has_more is False and (view.has_list or no_chats):
                self._empty = not view.has_list
                return view
            # A page that has nothing yet has nothing to scroll for another try.
            wait = min(2.0 ** (tries - 1), EMPTY / 2) if not responses.refusals else 3.0
            if responses.failures and idle > wait:
                return None
            if responses.failures > pressed and not responses.refusals:
                pressed = responses.failures
                await self.press()
            waited = 0.05 if await self.waiter.wait_for_change(0.3) else 0.3
            # What is still loading its scripts is slow, not idle.
            idle += waited if view.complete else waited / 4
        await self.check_blocks(patient=False)
        return None

    async def _astray(self) -> PageView:
        # A sign-in or a refusal may need a moment to be drawn; so may the list.
        for _ in range(4):
            await self.check_blocks()
            await self.waiter.sleep(0.3)
            view = await self._view()
            if self._at_home(view):
                return view
        await self.check_blocks(patient=False)
        self._strayed += 1
        if self._strayed > RETURNS:
            raise ListNotLoaded("the page does not stay on the list of chats")
        self._returned()
        logger.info("The page left the list of chats: going back")
        return await self.open()

    async def _on_list_call(self, route: Route) -> None:
        """Stop the calls of a page that is refused, until the refusal is noticed."""
        if self.responses.refusals >= REFUSALS:
            await route.abort("aborted")
        else:
            await route.fallback()

    def _on_document(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self._document_status = response.status if response.status in _TURNED_AWAY else 200
            self.responses.page_reloaded()
            self.waiter.notify()

    async def _call(self, name: str, argument: object = None) -> Any:
        """Call the collector; None when the page is between two documents or has none of it."""
        call = f"(argument) => window.__avitoCollector?.{name}(argument) ?? null"
        return await self._evaluate(call, argument)

    async def _evaluate(self, script: str, argument: object = None) -> Any:
        try:
            return await self.waiter.run(self.page.evaluate(script, argument))
        except TimeoutError:
            raise PageClosed("the page does not respond") from None
        except PlaywrightError:
            if self.page.is_closed():
                raise PageClosed("the page or the browser is gone") from None
            await self.waiter.sleep(0.05)
            return None
