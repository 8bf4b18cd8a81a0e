"""Asks again when Avito does not answer properly, later each time."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.utils.asyncio import CallLaterResult, call_later
from scrapy.utils.misc import load_object

from avito_scrapy.avito.parsing import load_json
from avito_scrapy.downloadermiddlewares.failures import GaveUp, Postponed

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 20.0
MOST_429 = 40
"""With pauses of up to a minute: more than half an hour of nothing but 429."""
_TRY_AGAIN = frozenset((408, 425))


class ApiRetry:
    """Repeats API requests: after 5xx, silence, a lost connection, a 200 that is no JSON.

    The waits double and are jittered. A waiting request is in nobody's way: it leaves the
    downloader (the spider's errback sees ``Postponed``) and comes back by itself. A 429 costs no
    try: the request goes back to its queue, which extensions/throttle.py has paused. After the
    last try the errback gets ``GaveUp``. Parsed JSON is left in ``meta["avito_json"]``.

    Switched on by ``DOWNLOADER_MIDDLEWARES`` for spiders with ``uses_api``; touches requests with
    ``meta["avito_method"]`` only. Tries after the first: ``RETRY_TIMES``.
    Stats: ``avito/retry/<method>``, ``avito/retry/cause/<cause>``, ``avito/retry/gave_up``.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not getattr(crawler.spidercls, "uses_api", False):
            raise NotConfigured
        self._crawler = crawler
        self._most = crawler.settings.getint("RETRY_TIMES")
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        listed = crawler.settings.getlist("RETRY_EXCEPTIONS")
        self._passing: tuple[type[BaseException], ...] = tuple(
            load_object(one) if isinstance(one, str) else one for one in listed
        )
        self._waiting: set[CallLaterResult] = set()
        crawler.signals.connect(self._idle, signal=signals.spider_idle)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ApiRetry:
        """Scrapy's way to make it."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Pass a proper answer on, else see to another try."""
        if "avito_method" not in request.meta:
            return response
        status = response.status
        if status == 429:
            return self._limited(request)
        if status >= 500 or status in _TRY_AGAIN:
            return await self._again(request, f"Avito answered {status}", str(status))
        if status < 300:
            try:
                data = load_json(response.body)
            except ValueError:
                data = None
            if not isinstance(data, (dict, list)):
                return await self._again(request, "Avito's answer was no whole JSON", "no_json")
            request.meta["avito_json"] = data
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """See to another try when the connection failed; other errors go on."""
        if "avito_method" not in request.meta or isinstance(exception, IgnoreRequest):
            return None
        name = type(exception).__name__
        if not isinstance(exception, self._passing):
            raise GaveUp(f"the request could not be sent ({name})") from exception
        if "Timeout" in name:
            return await self._again(request, f"no answer within {self._timeout:g} s", "silence")
        if "Resolve" in name or "Refused" in name:
            return await self._again(request, "Avito could not be reached", "unreachable")
        return await self._again(request, "the connection was lost", "connection")

    def _limited(self, request: Request) -> Request:
        times = request.meta.get("avito_429", 0) + 1
        if times > MOST_429:
            raise GaveUp("Avito's limit of requests let nothing through for half an hour (429)")
        return _copy(request, avito_429=times)

    async def _again(self, request: Request, cause: str, kind: str) -> Request:
        stats, method = self._crawler.stats, request.meta["avito_method"]
        tries = request.meta.get("avito_tries", 0) + 1
        stats.inc_value(f"avito/retry/cause/{kind}")
        if tries > self._most:
            stats.inc_value("avito/retry/gave_up")
            raise GaveUp(f"{cause} ({tries} tries)")
        stats.inc_value(f"avito/retry/{method}")
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (tries - 1)) * random.uniform(0.5, 1.5)
        again = _copy(request, avito_tries=tries, avito_refused=0)
        if request.meta.get("avito_inline"):
            await asyncio.sleep(wait)
            return again
        self._later(wait, again)
        raise Postponed(cause)

    def _later(self, wait: float, request: Request) -> None:
        def send() -> None:
            self._waiting.discard(handle)
            self._crawler.engine.crawl(request)

        handle = call_later(wait, send)
        self._waiting.add(handle)

    def _idle(self, spider: Any) -> None:
        if self._waiting:
            raise DontCloseSpider

    def _closed(self, spider: Any) -> None:
        for handle in self._waiting:
            handle.cancel()
        self._waiting.clear()


def _copy(request: Request, **meta: Any) -> Request:
    """The request once more, ahead of those that have not been tried yet."""
    again = request.replace(dont_filter=True, priority=max(request.priority, 1))
    again.meta.update(meta)
    return again
