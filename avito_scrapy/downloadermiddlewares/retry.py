"""Asks again when Avito does not answer properly, later each time."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import suppress

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.utils.misc import load_object

from avito_scrapy.api_transport import RetriesExhausted
from avito_scrapy.avito.text import load_json
from avito_scrapy.closing import EngineClosing
from avito_scrapy.component import Component
from avito_scrapy.reasons import Reason

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 20.0
MOST_429 = 40
"""With pauses of up to a minute: more than half an hour of nothing but 429."""
_TRY_AGAIN = frozenset((408, 425))
# Of the requests on their way, so that those of a slow method leave room for the others.
LARGEST_SHARE = 0.6
_PERMIT = "avito_permit"


class ApiRetry(Component):
    """Repeats API requests: after 5xx, silence, a lost connection, a 200 that is no JSON.

    The waits double and are jittered. A 429 costs no try: the request goes back to its queue,
    which extensions/throttle.py has paused. After the last try, and in a crawl that is closing,
    ``RetriesExhausted`` is raised. Parsed JSON is left in ``meta["avito_json"]``.

    No more than ``CONCURRENT_REQUESTS`` are on their way at a time, and no more than
    ``LARGEST_SHARE`` of them for one method: requests sent past Scrapy's scheduler skip its limit.

    Switched on by ``DOWNLOADER_MIDDLEWARES`` for spiders with ``uses_api``; touches requests with
    ``meta["avito_method"]`` only. Tries after the first: ``RETRY_TIMES``.
    Stats: ``avito/retry/<method>``, ``avito/retry/cause/<cause>``, ``avito/retry/gave_up``.
    """

    needs = "uses_api"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._closing = EngineClosing(crawler)
        self._timeout = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        most = crawler.settings.getint("CONCURRENT_REQUESTS")
        self._permits = asyncio.Semaphore(most)
        share = max(1, int(most * LARGEST_SHARE))
        self._method_permits: dict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(share)
        )
        listed = crawler.settings.getlist("RETRY_EXCEPTIONS")
        self._passing: tuple[type[BaseException], ...] = tuple(
            load_object(exception) if isinstance(exception, str) else exception
            for exception in listed
        )

    async def process_request(self, request: Request) -> None:
        """Wait until the request may be sent."""
        if "avito_method" in request.meta:
            await self._method_permits[request.meta["avito_method"]].acquire()
            await self._permits.acquire()
            request.meta[_PERMIT] = True

    def _release(self, request: Request) -> None:
        if request.meta.pop(_PERMIT, False):
            self._permits.release()
            self._method_permits[request.meta["avito_method"]].release()

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Pass a proper answer on, else see to another try."""
        self._release(request)
        if "avito_method" not in request.meta:
            return response
        status = response.status
        if status == 429:
            return self._limited(request)
        if status >= 500 or status in _TRY_AGAIN:
            return await self._again(request, Reason("status", status=status), str(status))
        if status < 300:
            try:
                data = load_json(response.body)
            except ValueError:
                data = None
            if not isinstance(data, (dict, list)):
                return await self._again(request, Reason("no_json"), "no_json")
            request.meta["avito_json"] = data
        elif status == 404:
            with suppress(ValueError):
                request.meta["avito_json"] = load_json(response.body)
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """See to another try when the connection failed; other errors go on."""
        self._release(request)
        if "avito_method" not in request.meta or isinstance(exception, IgnoreRequest):
            return None
        name = type(exception).__name__
        if isinstance(exception, DownloadCancelledError):  # more than DOWNLOAD_MAXSIZE
            return await self._again(request, Reason("too_large"), "too_large")
        if not isinstance(exception, self._passing):
            raise RetriesExhausted(Reason("not_sent", kind=name)) from exception
        if "Timeout" in name:
            silence = Reason("silence", seconds=f"{self._timeout:g}")
            return await self._again(request, silence, "silence")
        if "Resolve" in name or "Refused" in name:
            return await self._again(request, Reason("unreachable"), "unreachable")
        return await self._again(request, Reason("connection_lost"), "connection")

    def _limited(self, request: Request) -> Request:
        times = request.meta.get("avito_429", 0) + 1
        if times > MOST_429 or self._closing():
            raise RetriesExhausted(Reason("limited"))
        again = request.replace(dont_filter=True)
        again.meta["avito_429"] = times
        return again

    async def _again(self, request: Request, cause: Reason, kind: str) -> Request:
        stats = self.stats
        stats.inc_value(f"avito/retry/cause/{kind}")
        tries = request.meta.get("retry_times", 0) + 1
        assert self.crawler.spider is not None
        # At DEBUG: there is a chat or a resume in a request's address.
        again = get_retry_request(
            request, spider=self.crawler.spider, reason=kind, give_up_log_level="DEBUG"
        )
        if again is None or self._closing():
            stats.inc_value("avito/retry/gave_up")
            raise RetriesExhausted(Reason("tries", cause=cause, tries=tries))
        stats.inc_value(f"avito/retry/{request.meta['avito_method']}")
        again.meta["avito_refused"] = 0
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (tries - 1))
        await asyncio.sleep(wait * random.uniform(0.5, 1.5))
        return again
