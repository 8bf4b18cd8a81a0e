"""Tells a webhook how a run went: figures, and nobody's data."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import urllib3
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential

from avito_scrapy.closing import crawl_closed
from avito_scrapy.config import Config
from avito_scrapy.extensions.health import Health
from avito_scrapy.extensions.healthfile import RunHealth

logger = logging.getLogger(__name__)

TRIES = 3
TIMEOUT_S = 5.0
FIRST_WAIT_S = 0.5


class NotTaken(Exception):
    """The webhook answered, but not with 2xx. Raised and caught in ``post``."""


class Webhook:
    """Posts what ``health.json`` says of the run, as JSON, with a line ``text`` for chats.

    Three tries with growing waits, a few seconds each; a webhook that does not answer costs the
    run a warning and nothing more. The address may hold a secret: it is never logged.

    Switched on by ``AVITO_WEBHOOK_URL``, for runs that have ``Health``.
    Stats: ``avito/webhook/sent`` (1 or 0).
    """

    def __init__(self, crawler: Crawler) -> None:
        url = Config.from_settings(crawler.settings).webhook_url
        if url is None or getattr(crawler.spidercls, "output_name", None) is None:
            raise NotConfigured
        self._url = url
        self._crawler = crawler
        crawler.signals.connect(self._stopped, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Webhook:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def _stopped(self) -> None:
        await crawl_closed(self._crawler)
        health = self._crawler.get_extension(Health)
        if health is None or health.report is None:
            return
        problem = await asyncio.to_thread(post, self._url, message(health.report))
        self._crawler.stats.set_value("avito/webhook/sent", int(problem is None))
        if problem:
            logger.warning("The webhook was not told: %s, %d tries", problem, TRIES)


def message(report: RunHealth) -> dict[str, Any]:
    """What is posted: the run's part of ``health.json`` and one line that sums it up."""
    text = f"{report.spider}: {report.reason} (status {report.status})"
    over = "".join(f"; {one['figure']} {one['value']:g}" for one in report.crossed)
    return {"text": f"{text}, {report.figures['chats']} chats{over}", **report.as_dict()}


def post(url: str, payload: dict[str, Any]) -> str | None:
    """Post ``payload`` as JSON; None when it was taken, else what went wrong, without the URL."""
    pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)
    tries = Retrying(
        stop=stop_after_attempt(TRIES),
        wait=wait_exponential(multiplier=FIRST_WAIT_S, max=TIMEOUT_S),
        retry=retry_if_exception_type((urllib3.exceptions.HTTPError, NotTaken)),
    )
    try:
        for attempt in tries:
            with attempt:
                status = pool.request("POST", url, json=payload).status
                if not 200 <= status < 300:
                    raise NotTaken(f"HTTP {status}")
    except RetryError as error:
        last = error.last_attempt.exception()
        return str(last) if isinstance(last, NotTaken) else type(last).__name__
    except Exception as error:  # whatever it is, the run has gone well without it
        return type(error).__name__
    return None
