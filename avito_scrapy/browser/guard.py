"""Keeps chats closed: requests and frames that would open one never leave the browser.

The whole browser is held by an extension of network rules (``write_extension``): every tab, frame,
worker and request after the page's end, redirected or not. No websocket leaves it: the list needs
none, and nobody could look at what a worker's sends. What rules should not decide is done for the
page: it believes its websockets to be open, calls that name a chat in their body are stopped, and
so are navigations, which would leave an error page behind.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.async_api import CDPSession, Page, Request, WebSocketRoute
from playwright.async_api import Error as PlaywrightError

from avito_scrapy.avito.forbidden_requests import (
    RULES,
    frame_must_not_be_sent,
    must_not_be_sent,
    network_rules,
)
from avito_scrapy.errors import UsageError
from avito_scrapy.files import write_private

logger = logging.getLogger(__name__)

_SCRIPT = files("avito_scrapy.browser").joinpath("guard.js")

CLOSE_TIMEOUT = 10.0
"""Seconds."""

_KINDS = frozenset({"click", "push_state", "navigation"})
_MANIFEST = {
    "manifest_version": 3,
    "name": "Chats stay closed",
    "version": "1",
    "permissions": ["declarativeNetRequest"],
    "declarative_net_request": {
        "rule_resources": [{"id": "rules", "enabled": True, "path": "rules.json"}]
    },
}
_BLOCKED = "net::ERR_BLOCKED_BY_CLIENT"
# A port that browsers refuse to connect to: what is not blocked does not leave either.
_NOWHERE = "http://127.0.0.1:1"
_REQUEST_ALL = """(requests) => Promise.all(requests.map(([method, url]) =>
  fetch(url, { method, mode: "no-cors" }).catch(() => null))).then(() => null)"""


def write_extension(folder: Path) -> Path:
    """Write the extension's files into ``folder`` and return it; raises OSError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    write_private(folder / "manifest.json", json.dumps(_MANIFEST))
    write_private(folder / "rules.json", json.dumps(network_rules()))
    return folder


class Guard:
    """Keeps a page, and everything it opens, from opening chats; counts what it stops.

    Args:
        count: called with ``click``, ``push_state``, ``navigation``, ``request`` or ``frame``.
        proof_seconds: within which the browser must have loaded the rules.
    """

    def __init__(self, count: Callable[[str], None], *, proof_seconds: float = 10.0) -> None:
        self._count = count
        self._proof_seconds = proof_seconds

    async def install(self, page: Page) -> None:
        """Guard ``page`` from its next navigation on; must be done before any page of Avito's.

        Raises:
            UsageError: the browser does not keep to the extension's rules.
        """
        await _prove_rules(page, self._proof_seconds)
        await page.expose_binding("avitoGuard", lambda _source, kind: self._reported(kind))
        await page.add_init_script(_SCRIPT.read_text(encoding="utf-8"))
        await page.context.route_web_socket(re.compile(""), self._hold_socket)
        page.context.on("requestfailed", self._request_failed)
        session = await page.context.new_cdp_session(page)
        # Fetch rather than a Playwright route: it sees redirects too.
        session.on("Fetch.requestPaused", partial(self._paused, session))
        patterns = [{"resourceType": kind} for kind in ("Document", "Fetch", "XHR")]
        await session.send("Fetch.enable", {"patterns": patterns})

    def _reported(self, kind: str) -> None:
        if kind in _KINDS:
            self._stopped(kind)

    def _request_failed(self, request: Request) -> None:
        if request.failure == _BLOCKED:
            self._stopped("request")

    def _hold_socket(self, socket: WebSocketRoute) -> None:
        """Let the page believe that it is connected; nothing is sent, and nothing comes."""

        def hold(frame: str | bytes) -> None:
            if frame_must_not_be_sent(frame):
                self._stopped("frame")

        socket.on_message(hold)

    async def _paused(self, session: CDPSession, event: dict[str, Any]) -> None:
        request = event["request"]
        method, answer = "Fetch.continueRequest", {"requestId": event["requestId"]}
        if must_not_be_sent(request["method"], request["url"], request.get("postData")):
            self._stopped("navigation" if event.get("resourceType") == "Document" else "request")
            # "Aborted" leaves the page as it is; any other error would replace it.
            method, answer["errorReason"] = "Fetch.failRequest", "Aborted"
        try:
            await session.send(method, answer)
        except PlaywrightError:
            # the page, or the request, is gone: nothing is sent
            logger.debug("Not answered: %s", method)

    def _stopped(self, kind: str) -> None:
        logger.debug("Stopped what would have opened a chat: %s", kind)
        self._count(kind)


async def close_guarded(page: Page) -> None:
    """Close ``page`` after its scripts have ended, while it is still guarded.

    What it sends while it ends outlives it, and with it whoever looks into bodies: the browser is
    taken off the network first.
    """
    with suppress(PlaywrightError):
        await page.context.set_offline(True)
        await page.goto("about:blank", wait_until="commit", timeout=5000)
    with suppress(PlaywrightError, asyncio.TimeoutError):
        # One that hangs, on an error page that is being drawn, say, is closed with its browser.
        await asyncio.wait_for(page.close(), CLOSE_TIMEOUT)


async def _prove_rules(page: Page, seconds: float) -> None:
    """Have the browser block an example of every rule; it loads the rules while it starts."""
    examples = {f"{_NOWHERE}{rule.example}": "POST" if rule.changing else "GET" for rule in RULES}
    blocked: set[str] = set()

    def failed(request: Request) -> None:
        if request.failure == _BLOCKED:
            blocked.add(request.url)

    page.on("requestfailed", failed)
    deadline = monotonic() + seconds
    try:
        while not blocked.issuperset(examples):
            if monotonic() > deadline:
                raise UsageError(
                    "AVITO_BROWSER: this browser does not load the rules that keep chats closed, "
                    "as Google Chrome and headless shells do not; use a Chromium "
                    "(`playwright install chromium`)"
                )
            left = [(method, url) for url, method in examples.items() if url not in blocked]
            await page.evaluate(_REQUEST_ALL, left)
            await asyncio.sleep(0.05)
    finally:
        page.remove_listener("requestfailed", failed)
