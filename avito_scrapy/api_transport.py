"""A request for Avito's API, and how it is sent through Scrapy's downloader."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from avito_scrapy.avito.endpoints import ENDPOINTS, REFUSALS_BELIEVED, MethodName
from avito_scrapy.avito.results import Failure
from avito_scrapy.closing import EngineClosing
from avito_scrapy.config import Config
from avito_scrapy.reasons import Reason


class ApiUnusable(Exception):
    """No further request has a chance; ``reason`` is that of the run's end."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RetriesExhausted(IgnoreRequest):
    """No proper answer came in all tries. Raised by ``ApiRetry``."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class AuthenticationFailed(IgnoreRequest):
    """Avito gives no token for the keys, or refuses its own. Raised by ``OAuth``."""


@dataclass(frozen=True)
class ApiRequest:
    """A request for a method. ``body`` is sent as JSON, ``form`` as a form."""

    method: MethodName
    ids: tuple[object, ...] = ()
    query: tuple[tuple[str, object], ...] = ()
    body: Any = None
    form: dict[str, str] | None = None

    @property
    def verb(self) -> str:
        """GET or POST."""
        return ENDPOINTS[self.method].verb

    @property
    def path(self) -> str:
        """Path and query."""
        return ENDPOINTS[self.method].path(*self.ids, query=self.query)

    def headers(self) -> dict[str, str]:
        """What the request says of itself; who sends it adds the token."""
        headers = {"Accept": "application/json"}
        if self.body is not None:
            headers["Content-Type"] = "application/json"
        elif self.form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return headers

    def content(self) -> str | None:
        """The body as it is sent."""
        if self.body is not None:
            return json.dumps(self.body)
        return urlencode(self.form) if self.form is not None else None


@dataclass(frozen=True)
class ApiResponse:
    """What came back.

    Attributes:
        data: parsed JSON, of answers below 300 and 404.
        clock_behind: seconds by which this computer's clock is behind Avito's; None: not told.
    """

    status: int
    data: Any = None
    clock_behind: float | None = None


Send = Callable[[ApiRequest], Awaitable[ApiResponse | Failure]]
"""Sends a request. A ``Failure``: no answer came. Raises ``ApiUnusable``."""


class MethodAccess:
    """Tells whether 402 is about one thing or means that the subscription lacks a method.

    Believed of a method when ``REFUSALS_BELIEVED`` different things are refused, or all that are
    under way and at least two, and nothing was granted. Until that is known a refusal waits.
    """

    def __init__(self) -> None:
        self._under_way = 0
        self.granted = False
        """The method has answered something."""
        self._refused: set[str] = set()
        self._changed = asyncio.Event()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """A request is under way."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._notify()

    async def is_refused(self, subject: str | None) -> bool:
        """Whether the method is refused; ``subject``: what was refused, None: the whole."""
        if subject is None:
            return True
        self._refused.add(subject)
        self._notify()
        while not self.granted and len(self._refused) < REFUSALS_BELIEVED and self._under_way:
            await self._changed.wait()
        return not self.granted and len(self._refused) > 1

    def _notify(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def token_request(config: Config) -> ApiRequest:
    """Asks for a token with the configured keys."""
    form = {
        "grant_type": "client_credentials",
        "client_id": config.client_id,
        "client_secret": config.client_secret,
    }
    return ApiRequest("token", form=form)


def scrapy_request(base_url: str, request: ApiRequest, **meta: Any) -> Request:
    """``request`` for Scrapy's downloader, with the method's own slot."""
    return Request(
        base_url + request.path,
        method=request.verb,
        headers=request.headers(),
        body=request.content(),
        dont_filter=True,
        meta={"avito_method": request.method, "download_slot": request.method, **meta},
    )


class ScrapySender:
    """Sends API requests through all downloader middlewares of a crawl, past its scheduler."""

    def __init__(self, crawler: Crawler, base_url: str) -> None:
        self._crawler = crawler
        self._base_url = base_url
        self._closing = EngineClosing(crawler)

    async def __call__(self, request: ApiRequest) -> ApiResponse | Failure:
        """Send ``request``.

        Raises:
            CancelledError: the crawl is closing.
            ApiUnusable: Avito gives no token.
        """
        if self._closing():
            raise asyncio.CancelledError
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(
                scrapy_request(self._base_url, request)
            )
        except AuthenticationFailed:
            raise ApiUnusable("unauthorized") from None
        except RetriesExhausted as error:
            return Failure(error.reason)
        except IgnoreRequest as error:
            return Failure(Reason("not_sent", kind=type(error).__name__))
        date = (response.headers.get("Date") or b"").decode("latin-1")
        return ApiResponse(response.status, response.meta.get("avito_json"), clock_behind(date))


def clock_behind(date: str | None) -> float | None:
    """How far the clock is behind a ``Date`` header, rather less; None: it tells no moment."""
    try:
        return parsedate_to_datetime(date or "").timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        return None
