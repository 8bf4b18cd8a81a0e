"""Between Avito's API and Scrapy: requests from methods, replies from responses and failures."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any

from scrapy import Request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from avito_scrapy.avito.endpoints import ENDPOINTS, WHOLE_API, MethodName
from avito_scrapy.avito.results import Failure, NotFound
from avito_scrapy.downloadermiddlewares.failures import CredentialsRefused, GaveUp, Postponed

logger = logging.getLogger(__name__)


class Api:
    """Makes requests for the API at ``url``; their answers go to ``callback`` and ``errback``."""

    def __init__(
        self, url: str, callback: Callable[..., Any], errback: Callable[[TwistedFailure], Any]
    ) -> None:
        self._url = url
        self._callback = callback
        self._errback = errback

    def request(
        self,
        method: MethodName,
        *ids: object,
        query: Iterable[tuple[str, object]] = (),
        body: Any = None,
        **cb_kwargs: Any,
    ) -> Request:
        """A request for ``method`` about ``ids``; ``body``: sent as JSON."""
        endpoint = ENDPOINTS[method]
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return Request(
            self._url + endpoint.path(*ids, query=query),
            method=endpoint.verb,
            headers=headers,
            body=None if body is None else json.dumps(body),
            callback=self._callback,
            errback=self._errback,
            cb_kwargs=cb_kwargs,
            dont_filter=True,
            meta={"avito_method": method, "download_slot": method},
        )


def answer(response: Response) -> Any:
    """What Avito answered: parsed JSON, ``NotFound`` or ``Failure``.

    Raises:
        CloseSpider: no further request has a chance.
    """
    method, status = response.meta["avito_method"], response.status
    if status < 300:
        return response.meta["avito_json"]
    if status == 404:
        return NotFound()
    if status == 402 and method in WHOLE_API:
        raise CloseSpider("subscription_required")
    if status == 401 or (status == 403 and method == "self"):
        raise CloseSpider("unauthorized")
    return Failure(f"Avito answered {status}", status)


def trouble(failure: TwistedFailure) -> Failure | None:
    """Why there is no answer; None when there will be one yet.

    Raises:
        CloseSpider: no further request has a chance.
    """
    error = failure.value
    if isinstance(error, Postponed):
        return None
    if isinstance(error, CredentialsRefused):
        raise CloseSpider("unauthorized")
    if isinstance(error, GaveUp):
        return Failure(error.reason)
    return Failure(f"the request could not be sent ({type(error).__name__})")
