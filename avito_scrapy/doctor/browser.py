"""Checks of the browser and of the session in the messenger. No chat is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from avito_scrapy.browser.errors import (
    AccessBlocked,
    LoginRequired,
    MessengerError,
    SiteUnavailable,
)
from avito_scrapy.browser.guard import close_guarded
from avito_scrapy.browser.launch import context_options, find_browser, guarded_page
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.profile import prepare_profile
from avito_scrapy.browser.storage_state import load_session, read_storage_state
from avito_scrapy.browser.waiting import Waiter
from avito_scrapy.config import Config
from avito_scrapy.doctor.finding import Finding
from avito_scrapy.errors import UsageError, describe

# A healthy page shows its list within a few seconds.
PATIENCE_S = 20.0
# Start, session and end together.
DEADLINE_S = 90.0


def browser_checks(config: Config) -> Iterator[Finding]:
    """Is there a browser, does it start, and does the messenger know us in it?"""
    try:
        browser = find_browser(config.browser)
        prepare_profile(config.profile_dir)
    except UsageError as problem:
        yield Finding("fault", "browser", "browser_bad", {"problem": problem})
        yield Finding("skipped", "session", "not_looked")
        return
    yield from asyncio.run(_look_within(DEADLINE_S, config, browser))


async def _look_within(seconds: float, config: Config, browser: Path) -> list[Finding]:
    try:
        return await asyncio.wait_for(_look(config, browser), seconds)
    except asyncio.TimeoutError:
        late = Finding("fault", "browser", "browser_late", {"path": browser, "seconds": seconds})
        return [late, Finding("skipped", "session", "not_looked")]


async def _look(config: Config, browser: Path) -> list[Finding]:
    try:
        options = context_options(browser, config.profile_dir, headless=True, zone=config.tz.key)
        async with guarded_page(options) as page:
            version = page.context.browser.version if page.context.browser else "?"
            values = {"path": browser, "version": version}
            return [Finding("ok", "browser", "browser_ok", values), await session(config, page)]
    except (UsageError, PlaywrightError) as error:
        broken = Finding("fault", "browser", "browser_bad", {"problem": describe(error)})
        return [broken, Finding("skipped", "session", "not_looked")]


async def session(config: Config, page: Page) -> Finding:
    """Does the messenger show its list of chats?"""
    host = urlsplit(config.web_url).netloc
    watch = Waiter(lambda: False, PATIENCE_S)
    try:
        if config.storage_state is not None:
            await load_session(page, read_storage_state(config.storage_state))
        messenger = MessengerPage(page, config.web_url, watch)
        await messenger.attach()
        await messenger.open()
    except UsageError as problem:
        return Finding("fault", "session", "settings_bad", {"problem": problem})
    except LoginRequired:
        return Finding("fault", "session", "login_required")
    except AccessBlocked:
        return Finding("fault", "session", "blocked")
    except MessengerError as error:
        unreached = isinstance(error, SiteUnavailable) or not page.url.startswith(config.web_url)
        text = "web_unreachable" if unreached else "no_list"
        return Finding("fault", "session", text, {"host": host})
    finally:
        await close_guarded(page)
    return Finding("ok", "session", "session_ok")
