"""``scrapy crawl chats``: every chat of the messenger, none of them opened."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Set
from datetime import datetime, timedelta, timezone
from typing import Any

from playwright.async_api import Page
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy_playwright.page import PageMethod
from twisted.python.failure import Failure as TwistedFailure
from typing_extensions import Self

from avito_scrapy.api_transport import ApiUnusable
from avito_scrapy.arguments import ChatsArguments
from avito_scrapy.avito.chat_list import KnownList
from avito_scrapy.browser.collection import ChatCollection, CollectionOptions
from avito_scrapy.browser.guard import Guard, close_guarded
from avito_scrapy.browser.launch import BrowserLoop, check_screen, context_options, start_failure
from avito_scrapy.browser.session import load_session, read_storage_state
from avito_scrapy.chat_listing import ChatListing
from avito_scrapy.closing import EngineClosing
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.files import try_folder
from avito_scrapy.items import CHAT_FIELDS, Chat
from avito_scrapy.known_chats import CHATS, KnownChats, note_whole
from avito_scrapy.resumes.application_index import KeptIndex
from avito_scrapy.resumes.checkpoint import Checkpoint
from avito_scrapy.spiders.base import AvitoSpider, api_settings, check_keys
from avito_scrapy.store import open_store

logger = logging.getLogger(__name__)

HANDLER = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"


class ChatsSpider(AvitoSpider[ChatsArguments, Chat]):
    """Reads the list of chats and yields a :class:`Chat` for each.

    With ``source=browser`` it scrolls the messenger, with ``source=api`` it asks Avito's official
    list, without a browser and without a session. With ``until=known`` it reads on only to where
    the list is as the earlier whole ``chats.jl`` has it, and takes the rest from there.

    Arguments: ``avito_scrapy.arguments.ChatsArguments``. Ends with ``finished``, ``incomplete``,
    ``login_required``, ``blocked``, ``unavailable`` or ``timeout``; ``not_started`` when the
    browser cannot be used; ``unauthorized`` or ``subscription_required`` from the API.

    Stats: ``avito/chats/found``, ``avito/chats/expected`` (when there is a figure),
    ``avito/chats/rounds`` (looks at the page), ``avito/chats/end_seen`` (1 when the page itself
    said that the list ends), ``avito/chats/recoveries`` (loads tried again, ends doubted) and
    ``avito/chats/guard/...``: ``click``, ``push_state``, ``navigation``, ``request``, ``frame``
    (each would have opened a chat and was stopped), ``returned`` (the page was lost and brought
    back). ``avito/chats/kept``: chats taken from the earlier file. Of the API:
    ``avito/chats/source/<name>`` (chats that a source gave first), ``avito/trouble/<method>`` and
    ``avito/drift/<method>/<field>``.
    """

    name = "chats"
    arguments_model = ChatsArguments
    output_name = "chats"
    output_fields = CHAT_FIELDS
    _complete_to: float | None = None
    uses_api = uses_store = False
    """True for a run with ``source=api``."""
    progress: Mapping[str, str] = {
        "what": "chats", "done": "avito/chats/found", "total": "avito/chats/expected",
    }  # fmt: skip

    @classmethod
    def check(cls, config: Config, spargs: Mapping[str, Any]) -> None:
        """Look at everything that can be wrong before a browser starts; raises UsageError."""
        arguments = cls.check_arguments(spargs)
        try:
            try_folder(config.data_dir)
        except OSError as error:
            raise UsageError(
                f"AVITO_DATA_DIR: {config.data_dir} cannot be written ({describe(error)})"
            ) from None
        if arguments.source == "api":
            check_keys(config)
            # The run opens it for itself; what is wrong with it is one line here.
            open_store(config.store_url).close()
            return
        if config.storage_state is not None:
            read_storage_state(config.storage_state)
        if not config.headless:
            check_screen("set AVITO_HEADLESS=true")
        _browser_options(config)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.uses_api = spider.uses_store = spider.arguments.source == "api"
        own = api_settings if spider.uses_api else browser_settings
        crawler.settings.setdict(own(crawler.settings), priority="spider")
        return spider

    def first_request(self) -> Request:
        """With a browser for an empty page: guard and session are in place before Avito's page
        runs its first script. ``scroll`` goes to the messenger."""
        if self.uses_api:
            return super().first_request()
        config = self.config
        options = _browser_options(config)
        loop = BrowserLoop()
        guard = Guard(lambda kind: self._count(f"guard/{kind}"))
        logging.getLogger("scrapy-playwright").addFilter(_unless_empty_page)
        return Request(
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
                    PageMethod(load_session, config.storage_state),
                ],
            },
        )

    async def scroll(self, response: Response, loop: BrowserLoop) -> AsyncIterator[Chat]:
        """Yield chats while going down the list; raises CloseSpider with the reason."""
        page: Page = response.meta["playwright_page"]
        config, arguments = self.config, self.arguments
        known = self._known_to_browser() if arguments.until == "known" else None
        options = CollectionOptions(
            web_url=config.web_url,
            zone=config.tz,
            folder=config.data_dir,
            pace=arguments.pace,
            expected=arguments.expected,
            limit=arguments.limit,
            timeout=arguments.timeout,
            known=None if known is None else KnownList(known.last, known.complete_to or 0.0),
        )
        collection = ChatCollection(
            page, options, EngineClosing(self.crawler), count=self._count, tell=self._tell
        )
        try:
            async for chat in loop.iterate(collection.chats()):
                yield chat
        finally:
            await loop.run(close_guarded(page))
        self._complete_to = collection.scroll.newest
        if known is not None and collection.rest_is_known:
            for chat in self._rest(known, collection.collector.ids):
                yield chat
        if collection.reason not in ("finished", ""):
            raise CloseSpider(collection.reason)

    def note_whole(self) -> None:
        """Called when ``chats.jl`` is in place and holds every chat."""
        note_whole(self.config.data_dir, self.config.private_dir, self._complete_to)

    def _known_to_browser(self) -> KnownChats | None:
        known = KnownChats.load(self.config.data_dir, self.config.private_dir)
        if isinstance(known, KnownChats) and known.complete_to is None:
            known = "Avito's own chats were never read with a browser"
        if isinstance(known, KnownChats):
            return known
        logger.warning("Reading to the end: %s", known)
        return None

    def _rest(self, known: KnownChats, found: Set[str]) -> Iterator[Chat]:
        """The chats of the earlier file that were not met again."""
        position = len(found)
        for chat in known.chats(leaving_out=found):
            position += 1
            chat.position = position
            self._count("kept")
            yield chat
        self._tell("found", position)
        logger.info("%d chats read; those below are as the earlier run left them", len(found))

    async def run(self, put: Callable[[Chat], Awaitable[None]]) -> None:
        """Read Avito's official list."""
        try:
            reason, chats = await asyncio.wait_for(self._listing(), self.arguments.timeout)
        except asyncio.TimeoutError:
            raise ApiUnusable("timeout") from None
        for chat in chats:
            await put(chat)
        self._tell("found", len(chats))
        if reason != "finished":
            raise ApiUnusable(reason)

    async def _listing(self) -> tuple[str, list[Chat]]:
        config, arguments, stats = self.config, self.arguments, self.crawler.stats
        extension = StoreExtension.of(self.crawler)
        store = extension.store
        checkpoint = Checkpoint(config.private_dir / "chats.journal", "")  # never opened
        client, account_id = await self.open_client(checkpoint)
        store.runs.set_account(extension.run_id, account_id, 0)
        known = KnownChats.load(config.data_dir, config.private_dir)
        is_whole = isinstance(known, KnownChats)
        if isinstance(known, str):
            if arguments.until == "known":
                logger.warning("Reading to the end: %s", known)
            known = KnownChats.of_file(config.data_dir / CHATS)

        async def applications() -> dict[str, int | None]:
            now = datetime.now(timezone.utc)
            since = now.date() - timedelta(days=365)
            kept = KeptIndex(client, store.applications, account_id, now, client.clock_behind)
            await kept.read((), since, now.date())
            facts = store.applications.all(account_id)
            return {one.chat_id: one.vacancy_id for one in facts if one.chat_id}

        listing = ChatListing(
            client, arguments, account_id, config.web_url, known, applications, is_whole=is_whole
        )
        reason, chats = await listing.read()
        self._complete_to = known.complete_to
        for name, count in listing.sources.items():
            stats.set_value(f"avito/chats/source/{name}", count)
        if isinstance(arguments.expected, int):
            self._tell("expected", arguments.expected)
        if listing.texts_hidden:
            logger.warning(
                "Avito hides the texts of messages: the subscription lacks the messenger's API; "
                "the last messages are not known"
            )
        return reason, chats

    async def failed(self, failure: TwistedFailure) -> None:
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


def browser_settings(settings: BaseSettings) -> dict[str, Any]:
    """Settings of a run with a browser."""
    return {
        # One handler only: two would fight over the profile. The one request is for an empty
        # page, see first_request().
        "DOWNLOAD_HANDLERS": {"about": HANDLER},
        # The page's requests are the browser's own, headers and all.
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
        # There is one request, and what can go wrong with it does not get better.
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_ENABLED": False,
    }


def _browser_options(config: Config) -> dict[str, Any]:
    return context_options(
        config.browser, config.profile_dir, headless=config.headless, zone=config.tz.key
    )


def _unless_empty_page(record: logging.LogRecord) -> bool:
    # scrapy-playwright warns of pages that come without an answer: an empty one has none.
    return "returned None" not in str(record.msg)
