"""Checks of the browser and of the session in the messenger. No chat is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

from avito_scrapy.browser.guard import close_guarded
from avito_scrapy.browser.launch import context_options, guarded_page
from avito_scrapy.browser.messenger_page import MessengerPage
from avito_scrapy.browser.session import load_session
from avito_scrapy.browser.stopping import (
    AccessBlocked,
    LoginRequired,
    MessengerError,
    SiteUnavailable,
    Waiter,
)
from avito_scrapy.config import Config
from avito_scrapy.doctor.finding import Finding
from avito_scrapy.errors import UsageError, describe

# A healthy page shows its list within a few seconds.
PATIENCE_S = 20.0
# Start, session and end together.
DEADLINE_S = 90.0


def browser_checks(config: Config) -> Iterator[Finding]:
    """Is there a browser, does it start, and does the messenger know us in it?"""
    path = None
    try:
        options = context_options(
            config.browser, config.profile_dir, headless=True, zone=config.tz.key
        )
        path = options["executable_path"]
        findings = asyncio.run(asyncio.wait_for(_look(config, options), DEADLINE_S))
    except asyncio.TimeoutError:
        values = {"path": path, "seconds": DEADLINE_S}
        findings = [Finding("fault", "browser", "browser_late", values)]
    except (UsageError, PlaywrightError) as error:
        findings = [Finding("fault", "browser", "browser_bad", {"problem": describe(error)})]
    yield from findings
    if len(findings) == 1:
        yield Finding("skipped", "session", "not_looked")


async def _look(config: Config, options: Mapping[str, Any]) -> list[Finding]:
    async with guarded_page(options) as page:
        version = page.context.browser.version if page.context.browser else "?"
        values = {"path": options["executable_path"], "version": version}
        return [Finding("ok", "browser", "browser_ok", values), await _session(config, page)]


async def _session(config: Config, page: Page) -> Finding:
    """Does the messenger show its list of chats?"""
    try:
        await load_session(page, config.storage_state)
        messenger = MessengerPage(page, config.web_url, Waiter(lambda: False, PATIENCE_S))
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
        return Finding("fault", "session", text, {"host": urlsplit(config.web_url).netloc})
    finally:
        await close_guarded(page)
    return Finding("ok", "session", "session_ok")
