"""Questions that one waits for: a request and the future of its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from avito_scrapy.avito.endpoints import MethodName
from avito_scrapy.inquiry.api import Api, answer, trouble


class Questions:
    """Makes requests whose answers a coroutine awaits; the requests go through Scrapy as any."""

    def __init__(self, url: str) -> None:
        self._api = Api(url, self.told, self.not_told)

    def ask(
        self,
        method: MethodName,
        *ids: object,
        query: Iterable[tuple[str, object]] = (),
        body: Any = None,
    ) -> tuple[Request, asyncio.Future[Any]]:
        """A request to yield, and the future of what it is answered with: parsed JSON, ``Gone``
        or ``Trouble``."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        return self._api.request(method, *ids, query=query, body=body, future=future), future

    def told(self, response: Response, future: asyncio.Future[Any]) -> None:
        """Callback."""
        _settle(future, answer(response))

    def not_told(self, failure: Failure) -> None:
        """Errback."""
        request: Request = failure.request  # type: ignore[attr-defined]
        problem = trouble(failure)
        if problem is not None:
            _settle(request.cb_kwargs["future"], problem)


def _settle(future: asyncio.Future[Any], told: Any) -> None:
    # A run that is told to end gives up what it waits for; answers come in until it has ended.
    if not future.done():
        future.set_result(told)
