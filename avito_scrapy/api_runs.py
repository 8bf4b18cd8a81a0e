"""What runs that ask Avito's API share: settings, keys and the client."""

from __future__ import annotations

import logging
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import ApiUnusable, ScrapySender
from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.avito.results import Failure
from avito_scrapy.component import config_of
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.resumes.checkpoint import Checkpoint

logger = logging.getLogger(__name__)


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


async def open_client(crawler: Crawler, checkpoint: Checkpoint) -> tuple[AvitoClient, int]:
    """Make the client of a run; gives it with the account's number.

    Raises:
        ApiUnusable: the account cannot be read.
        UsageError: the folder is another account's, or another run holds the account.
    """
    config = config_of(crawler)
    client = AvitoClient(
        ScrapySender(crawler, config.api_url), checkpoint, config.tz, config.web_url,
        crawler.stats.inc_value,
    )  # fmt: skip
    account_id = await client.account()
    if isinstance(account_id, Failure):
        logger.error("The account could not be read: %s", account_id.reason)
        raise ApiUnusable("unavailable")
    StoreExtension.of(crawler).take_account(account_id)
    return client, account_id
