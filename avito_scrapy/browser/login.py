"""Lets a person sign in by hand, in the profile that the spider uses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from avito_scrapy.avito.web_messenger import MESSENGER_PATH
from avito_scrapy.browser.errors import AccessBlocked, LoginRequired, PageClosed
from avito_scrapy.browser.guard import close_guarded
from avito_scrapy.browser.launch import guarded_page
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.storage_state import save_session
from avito_scrapy.browser.waiting import Waiter
from avito_scrapy.errors import UsageError


def check_screen(environ: Mapping[str, str], advice: str) -> None:
    """Raise UsageError with ``advice`` when a visible browser has no screen to be seen on."""
    if sys.platform.startswith("linux") and not (
        environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    ):
        raise UsageError(f"there is no screen here: {advice}")


async def sign_in(
    options: Mapping[str, Any],
    web_url: str,
    *,
    save: Path | None,
    patience: float,
    stopping: Callable[[], bool],
) -> bool:
    """Open the messenger and wait until its list of chats is there.

    The page is left to the person: nothing is filled in, pressed or navigated, and chats stay
    closed.

    Args:
        options: for Playwright's ``launch_persistent_context``.
        web_url: AVITO_WEB_URL.
        save: where the session is written as a storage-state file, for the owner only.
        patience: seconds.
        stopping: asked often; true ends the waiting.

    Returns:
        Whether the person has signed in; False when the window was closed before.

    Raises:
        UsageError: the browser does not start or cannot be guarded, or ``save`` cannot be written.
        CrawlTimeout: nobody has signed in in time.
        ShutdownRequested: ``stopping`` said so.
    """
    try:
        async with guarded_page(options) as page:
            messenger = MessengerPage(page, web_url, Waiter(stopping, patience))
            await messenger.attach()
            await _until_list(messenger)
            if save is not None:
                await save_session(page.context, save)
            await close_guarded(page)
            return True
    except PageClosed:
        return False


async def _until_list(page: MessengerPage) -> None:
    # A sign-in or a robot check is what the person is here for.
    with suppress(LoginRequired, AccessBlocked):
        await page.visit(MESSENGER_PATH)
    while not await page.shows_list():
        await page.waiter.wait_for_change(0.5)
