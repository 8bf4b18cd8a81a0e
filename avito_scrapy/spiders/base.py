"""What both spiders share: arguments, feed, the client of Avito's API, reasons to end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from typing_extensions import Self

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiUnusable, ScrapySender
from avito_scrapy.arguments import Arguments, parse
from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.avito.results import Failure
from avito_scrapy.closing import POLL_S, EngineClosing
from avito_scrapy.component import config_of
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.outputs import add_feed
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.resumes.checkpoint import Checkpoint
from avito_scrapy.store import StoreProblem

logger = logging.getLogger(__name__)
WINDOW = 100
"""Items that a run may be ahead of the pipelines."""
A = TypeVar("A", bound=Arguments)
T = TypeVar("T")


def api_settings(settings: BaseSettings) -> dict[str, Any]:
    """Settings of a run that asks the API: each method has a download slot of its own."""
    pace = {
        "delay": settings.getfloat("DOWNLOAD_DELAY"),
        "concurrency": settings.getint("CONCURRENT_REQUESTS"),
        "jitter": 0,
    }
    return {
        "DOWNLOAD_SLOTS": {name: dict(pace) for name in ENDPOINTS},
        # An answer takes a few hundred kilobytes; what floods is ended, what drips times out.
        "DOWNLOAD_MAXSIZE": 32 * 2**20,
        # The API does not redirect, and a redirect must not carry the token elsewhere.
        "REDIRECT_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        # ApiRetry does it.
        "RETRY_ENABLED": False,
    }


def check_keys(config: Config) -> None:
    """Refuse a run that asks the API and has no keys; raises UsageError."""
    for name in ("client_id", "client_secret"):
        if not getattr(config, name):
            raise UsageError(
                f"AVITO_{name.upper()} is not set: the API keys are in the account's settings "
                f"on Avito; put them into {config.keys_place}"
            )


class AvitoSpider(Spider, Generic[A, T]):
    """Base of the spiders. A subclass names its arguments, its output and the output's fields.

    A run that asks the API is one coroutine, ``run``, which the callback of its only scheduled
    request drives: Scrapy waits for callbacks when it is told to end, and cancels ``start``. The
    API is asked through Scrapy's downloader (``avito_scrapy.api_transport``).
    """

    arguments_model: ClassVar[type[Arguments]]
    output_name: ClassVar[str]
    output_fields: ClassVar[list[str]]

    arguments: A
    config: Config

    @classmethod
    def check_arguments(cls, spargs: Mapping[str, Any]) -> A:
        """The arguments as given after ``-a``; raises UsageError."""
        return parse(cls.arguments_model, spargs)  # type: ignore[return-value]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler)
        spider.config = config_of(crawler)
        spider.arguments = cls.check_arguments(kwargs)
        # Scrapy freezes the settings only after the spider is made.
        path = spider.config.data_dir / f"{cls.output_name}.partial.jl"
        add_feed(crawler.settings, path, cls.output_fields)
        return spider

    async def open_client(self, checkpoint: Checkpoint) -> tuple[AvitoClient, int]:
        """Make the client of a run that asks the API; gives it with the account's number.

        Raises:
            ApiUnusable: the account cannot be read.
            UsageError: the folder is another account's, or another run holds the account.
        """
        config = self.config
        sender = ScrapySender(self.crawler, config.api_url)
        count = self.crawler.stats.inc_value
        client = AvitoClient(sender, checkpoint, config.tz, config.web_url, count)
        account_id = await client.account()
        if isinstance(account_id, Failure):
            logger.error("The account could not be read: %s", account_id.reason)
            raise ApiUnusable("unavailable")
        StoreExtension.of(self.crawler).take_account(account_id)
        return client, account_id

    async def start(self) -> AsyncIterator[Any]:
        yield self.first_request()

    def first_request(self) -> Request:
        """The run's only scheduled request: for nothing, its callback is the run."""
        return Request("data:,", callback=self.drive, dont_filter=True)

    async def drive(self, response: Response) -> AsyncIterator[T]:
        """Yield what ``run`` finds; what ends it closes the spider with its reason.

        It is cancelled when the crawl is told to end, whatever it waits for.
        """
        found: asyncio.Queue[T | None] = asyncio.Queue()
        free = asyncio.Semaphore(WINDOW)
        closing = EngineClosing(self.crawler)

        async def put(item: T) -> None:
            await free.acquire()
            found.put_nowait(item)

        async def cancel_when_closing() -> None:
            while not closing():
                await asyncio.sleep(POLL_S)
            task.cancel()

        task = asyncio.ensure_future(self.run(put))
        task.add_done_callback(lambda _: found.put_nowait(None))
        watch = asyncio.ensure_future(cancel_when_closing())
        try:
            while (item := await found.get()) is not None:
                free.release()
                yield item
            if not task.cancelled():
                task.result()
        except ApiUnusable as error:
            raise CloseSpider(error.reason) from None
        except StoreProblem as problem:
            logger.error("%s", problem)
            raise CloseSpider("store_failed") from None
        except UsageError as error:  # the folder is another account's, say
            logger.error("%s", error)
            raise CloseSpider("not_started") from None
        finally:
            watch.cancel()
            task.cancel()

    async def run(self, put: Callable[[T], Awaitable[None]]) -> None:
        """The run from beginning to end; what is found goes to ``put``."""
        raise NotImplementedError
