"""``scrapy crawl chats``: every chat of the messenger, none of them opened."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from playwright.async_api import Page
from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy_playwright.page import PageMethod
from twisted.python.failure import Failure

from avito_scrapy.arguments import ChatsArguments
from avito_scrapy.browser.collection import ChatCollection, CollectionOptions
from avito_scrapy.browser.guard import Guard, close_guarded
from avito_scrapy.browser.launch import context_options, find_browser, start_failure
from avito_scrapy.browser.login import check_screen
from avito_scrapy.browser.profile import prepare_profile
from avito_scrapy.browser.storage_state import load_session, read_storage_state
from avito_scrapy.browserloop import BrowserLoop
from avito_scrapy.closing import EngineClosing
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.items import CHAT_FIELDS, Chat
from avito_scrapy.spiders.base import AvitoSpider

logger = logging.getLogger(__name__)

HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"


class ChatsSpider(AvitoSpider[ChatsArguments]):
    """Scrolls the messenger to its end and yields a :class:`Chat` for each chat.

    Arguments: ``avito_scrapy.arguments.ChatsArguments``. Ends with ``finished``, ``incomplete``,
    ``login_required``, ``blocked``, ``unavailable`` or ``timeout``; ``not_started`` when the
    browser cannot be used.

    Stats: ``avito/chats/found``, ``avito/chats/expected`` (when there is a figure),
    ``avito/chats/rounds`` (looks at the page), ``avito/chats/end_seen`` (1 when the page itself
    said that the list ends), ``avito/chats/recoveries`` (loads tried again, ends doubted) and
    ``avito/chats/guard/...``: ``click``, ``push_state``, ``navigation``, ``request``, ``frame``
    (each would have opened a chat and was stopped), ``returned`` (the page was lost and brought
    back).
    """

    name = "chats"
    arguments_model = ChatsArguments
    output_name = "chats"
    output_fields = CHAT_FIELDS
    progress: Mapping[str, str] = {
        "what": "chats", "done": "avito/chats/found", "total": "avito/chats/expected",
    }  # fmt: skip

    @classmethod
    def check(cls, config: Config, spargs: Mapping[str, Any]) -> None:
        """Look at everything that can be wrong before a browser starts.

        Raises:
            UsageError: one line that says what is wrong and what is allowed.
        """
        cls.check_arguments(spargs)
        if config.storage_state is not None:
            read_storage_state(config.storage_state)
        find_browser(config.browser)
        if not config.headless:
            check_screen(os.environ, "set AVITO_HEADLESS=true")
        _check_folder(config.data_dir)
        prepare_profile(config.profile_dir)

    @classmethod
    def own_settings(cls, settings: BaseSettings) -> dict[str, Any]:
        return {
            # One handler only: two would fight over the profile. The one request is for an empty
            # page, see start().
            "DOWNLOAD_HANDLERS": {"about": HANDLER},
            # The page's requests are the browser's own, headers and all.
            "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
            # There is one request, and what can go wrong with it does not get better.
            "AUTOTHROTTLE_ENABLED": False,
            "RETRY_ENABLED": False,
        }

    async def start(self) -> AsyncIterator[Any]:
        """One request, for an empty page: guard and session are in place before Avito's page
        runs its first script. ``scroll`` goes to the messenger."""
        config = self.config
        prepare_profile(config.profile_dir)
        state = config.storage_state and read_storage_state(config.storage_state)
        loop = BrowserLoop()
        guard = Guard(lambda kind: self._count(f"guard/{kind}"))
        options = context_options(
            find_browser(config.browser),
            config.profile_dir,
            headless=config.headless,
            zone=config.tz.key,
        )
        logging.getLogger("scrapy-playwright").addFilter(_unless_empty_page)
        yield Request(
            "about:blank",
            callback=self.scroll,
            errback=self.failed,
            cb_kwargs={"loop": loop},
            meta={
                "playwright": True,
                "playwright_include_page": True,
                "playwright_context": "avito",
                # Here rather than in PLAYWRIGHT_CONTEXTS, so that a browser that does not start
                # reaches the errback.
                "playwright_context_kwargs": options,
                "playwright_page_methods": [
                    PageMethod(loop.remember),
                    PageMethod("unroute", "**"),
                    PageMethod(guard.install),
                    PageMethod(load_session, state),
                ],
            },
        )

    async def scroll(self, response: Response, loop: BrowserLoop) -> AsyncIterator[Chat]:
        """Yield chats while going down the list; raises CloseSpider with the reason."""
        page: Page = response.meta["playwright_page"]
        config, arguments = self.config, self.arguments
        options = CollectionOptions(
            web_url=config.web_url,
            zone=config.tz,
            folder=config.data_dir,
            pace=arguments.pace,
            expected=arguments.expected,
            limit=arguments.limit,
            timeout=arguments.timeout,
        )
        collection = ChatCollection(
            page, options, EngineClosing(self.crawler), count=self._count, tell=self._tell
        )
        try:
            async for chat in loop.iterate(collection.chats()):
                yield chat
        finally:
            await loop.run(close_guarded(page))
        if collection.reason not in ("finished", ""):
            raise CloseSpider(collection.reason)

    async def failed(self, failure: Failure) -> None:
        """The browser did not start, or its page could not be prepared."""
        request: Request = failure.request  # type: ignore[attr-defined]
        page = request.meta.get("playwright_page")
        if page is not None:
            await request.cb_kwargs["loop"].run(close_guarded(page))
        problem = failure.value
        assert problem is not None
        if not isinstance(problem, UsageError):
            problem = start_failure(problem, request.meta["playwright_context_kwargs"])
        logger.error("The browser could not be used: %s", problem)
        logger.debug("All of it: %s", failure.getTraceback())
        raise CloseSpider("not_started")

    def _count(self, name: str) -> None:
        self.crawler.stats.inc_value(f"avito/chats/{name}")

    def _tell(self, name: str, value: int) -> None:
        self.crawler.stats.set_value(f"avito/chats/{name}", value)


def _unless_empty_page(record: logging.LogRecord) -> bool:
    """scrapy-playwright warns of pages that come without an answer: an empty one has none."""
    return "returned None" not in str(record.msg)


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"AVITO_DATA_DIR: {folder} cannot be written ({error.strerror})") from None
