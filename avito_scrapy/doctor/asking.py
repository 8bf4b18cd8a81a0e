"""One request to the API at a time, without Scrapy: a check is not a crawl."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from avito_scrapy.config import Config

TIMEOUT_S = 10.0


class Unreachable(Exception):
    """No answer came. Raised by ``Api.ask``; its text names the kind of error and no address."""


@dataclass(frozen=True)
class Answer:
    """What came back; ``data`` is None when it is no JSON."""

    status: int
    headers: Mapping[str, str]
    data: Any

    @property
    def seconds(self) -> float | None:
        """Unix seconds of the server's clock; None when it did not tell."""
        try:
            return parsedate_to_datetime(self.headers.get("Date", "")).timestamp()
        except ValueError:
            return None

    def field(self, name: str) -> Any:
        """A field of the answer; None when there is none."""
        return self.data.get(name) if isinstance(self.data, dict) else None


@dataclass
class Api:
    """Avito's API as the doctor asks it; remembers the limits that were stated.

    ``headers`` go with every request: ``authorise`` puts the token there.
    """

    config: Config
    headers: dict[str, str] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    """Requests a minute, by the name of the method."""
    account_id: int | None = None
    """Known after the check of the account."""

    def __post_init__(self) -> None:
        self._pool = pool_for(self.config.api_url)

    @property
    def host(self) -> str:
        """Where the API is, for a person to read."""
        return urlsplit(self.config.api_url).netloc

    def authorise(self, token: str) -> None:
        """Send ``token`` from now on, and for whom when this is a company's employee."""
        self.headers["Authorization"] = f"Bearer {token}"
        if self.config.employee_of is not None:
            self.headers["X-Employee-Of"] = str(self.config.employee_of)

    def ask(self, name: str, verb: str, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """Ask once.

        Args:
            name: the method's name, for ``limits``.
            verb: GET or POST.
            path: path and query, from ``avito.endpoints``.
            form: fields of a form to post.

        Raises:
            Unreachable: no connection, no answer in time.
        """
        body = urlencode(form) if form else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        try:
            came = self._pool.request(
                verb, self.config.api_url + path, body=body, headers=self.headers | kind
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unreachable(type(error).__name__) from None
        limit = came.headers.get("X-RateLimit-Limit", "")
        if limit.isdigit():
            self.limits[name] = int(limit)
        try:
            data = json.loads(came.data)
        except ValueError:
            data = None
        return Answer(came.status, came.headers, data)


def pool_for(url: str) -> urllib3.PoolManager:
    """Connections to ``url``: through the proxy of the environment, as Scrapy's go."""
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme)
    if proxy and not proxy_bypass(parts.hostname or ""):
        return urllib3.ProxyManager(proxy, retries=False, timeout=TIMEOUT_S)
    return urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)
