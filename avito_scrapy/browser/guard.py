"""No chat is ever opened: what the page must not do is stopped, in the page and below it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from playwright.async_api import CDPSession, Page, Route
from playwright.async_api import Error as PlaywrightError

from avito_scrapy.avito.web_messenger import must_not_be_sent
from avito_scrapy.browser.script import source

logger = logging.getLogger(__name__)

_KINDS = frozenset({"click", "push_state", "navigation"})


class Guard:
    """Stops everything that would open a chat, and counts it.

    In the page (guard.js): rows and links to chats take no clicks and keys, ``pushState`` and
    navigations to a chat do nothing. Below it, every request of the page is looked at before it
    is sent (the browser's Fetch domain, which unlike a Playwright route sees redirects too), and
    those to a chat's page, or that mark one as read, are dropped. Tabs that open beside the page
    get nothing at all: their redirects cannot be seen.

    Args:
        count: called with ``click``, ``push_state``, ``navigation`` or ``request`` for each.
    """

    def __init__(self, count: Callable[[str], None]) -> None:
        self._count = count
        self._tasks: set[asyncio.Task[None]] = set()

    async def install(self, page: Page) -> None:
        """Guard ``page`` from its next navigation on; must be done before any page of Avito's."""
        await page.expose_binding("avitoGuard", lambda _source, kind: self._reported(kind))
        await page.add_init_script(source("guard.js"))
        await page.context.route("**", partial(self._routed, page))
        session = await page.context.new_cdp_session(page)
        session.on("Fetch.requestPaused", lambda event: self._paused(session, event))
        await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    def _reported(self, kind: str) -> None:
        if kind in _KINDS:
            self._stopped(kind)

    async def _routed(self, page: Page, route: Route) -> None:
        request = route.request
        try:
            own = request.frame.page is page
        except PlaywrightError:  # of no page, or of one that only comes into being
            own = False
        if not own or must_not_be_sent(request.method, request.url, request.post_data):
            self._stopped("navigation" if request.is_navigation_request() else "request")
            await route.abort("aborted")
        else:
            await route.fallback()

    def _paused(self, session: CDPSession, event: dict[str, Any]) -> None:
        request = event["request"]
        answer = {"requestId": event["requestId"]}
        if must_not_be_sent(request["method"], request["url"], request.get("postData")):
            self._stopped("navigation" if event.get("resourceType") == "Document" else "request")
            # "Aborted" leaves the page as it is; any other error would replace it.
            task = self._send(session, "Fetch.failRequest", {**answer, "errorReason": "Aborted"})
        else:
            task = self._send(session, "Fetch.continueRequest", answer)
        running = asyncio.ensure_future(task)
        self._tasks.add(running)
        running.add_done_callback(self._tasks.discard)

    async def _send(self, session: CDPSession, method: str, arguments: dict[str, Any]) -> None:
        try:
            await session.send(method, arguments)
        except PlaywrightError:
            # the page, or the request, is gone: nothing is sent
            logger.debug("Not answered: %s", method)

    def _stopped(self, kind: str) -> None:
        logger.debug("Stopped what would have opened a chat: %s", kind)
        self._count(kind)
