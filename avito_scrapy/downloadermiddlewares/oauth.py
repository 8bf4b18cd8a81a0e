"""Signs API requests in: client credentials, one token for all of them.

Avito answers 401 to a dead token, by some reports 403; tokens may die long before the time that
they claim. A 403 may just as well be about the one chat or resume that was asked for. What was
asked for is no help in telling them apart, the token is: does it live, then the refusal is meant.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from avito_scrapy.api_transport import (
    ApiRequest,
    AuthenticationFailed,
    RetriesExhausted,
    scrapy_request,
    token_request,
)
from avito_scrapy.avito.endpoints import MethodName
from avito_scrapy.avito.parsing import read_token
from avito_scrapy.avito.results import Failure
from avito_scrapy.component import Component
from avito_scrapy.extensions.storage import StoreExtension
from avito_scrapy.store import StoredToken
from avito_scrapy.store.runs import Tokens

# Used until it is refused when Avito does not say how long (Avito's document: 86,400).
_DEFAULT_TTL_S = 86_400.0
_REFUSALS = frozenset((401, 403))
# Allowed to everybody who has a token: its answer tells whether the token lives.
_PROBE: MethodName = "self"
# A token refused this soon after it was given out has not died of age. Requests wait in their
# slot's queue with the token they were given, so that older ones may have.
YOUNG_S = 1.0
# However it came about: a request refused with so many tokens is refused.
MOST_REFUSED = 30
_LEAD_S = 60.0
_LEAD_SHARE = 0.1

Verdict = Literal["repeat", "renew", "probe", "accept"]


@dataclass(frozen=True)
class Token:
    """A token in use: its number in this run, when it was given out, until when it is used."""

    number: int
    issued_at: float
    use_until: float


class TokenState:
    """Keeps which token is in use, and the latest request known to have found it alive.

    Times: Unix seconds. Requests are numbered in the order in which they are signed: what is
    signed after a refusal has come is answered after the refusal was, whatever the clocks say.
    """

    def __init__(self) -> None:
        self.token: Token | None = None
        self._last = 0
        self.signed = 0
        """The number of the request signed last."""
        self._alive = 0

    def usable(self, now: float) -> bool:
        """Whether the token in use may go on being used."""
        return self.token is not None and now < self.token.use_until

    def granted(self, now: float, expires_at: float) -> Token:
        """A new token is in use. Nothing is known of its life yet: it may be dead on arrival."""
        self._last += 1
        lead = min(_LEAD_S, max(0.0, expires_at - now) * _LEAD_SHARE)
        self.token = Token(self._last, now, expires_at - lead)
        self._alive = 0
        return self.token

    def in_use(self, number: int) -> bool:
        """Whether the token with this number is the one in use."""
        return self.token is not None and number == self.token.number

    def sign(self) -> int:
        """The number of a request that gets the token in use now."""
        self.signed += 1
        return self.signed

    def accepted(self, number: int, signed: int) -> None:
        """An answer that is no refusal: token ``number`` was alive after request ``signed``."""
        if self.in_use(number):
            self._alive = max(self._alive, signed)

    def alive(self, number: int, since: int) -> bool:
        """Whether token ``number``, still in use, was accepted after request ``since`` was signed.

        It was then alive at all times before, as tokens do not come back to life.
        """
        return self.in_use(number) and self._alive > since

    def refused(
        self, status: int, number: int, sent_at: float, earlier: int, open_to_all: bool = False
    ) -> Verdict:
        """Decide what to do about a refusal; failures of other requests do not count.

        Args:
            status: of the answer.
            number: of the token that was sent.
            sent_at: when the request left.
            earlier: how many tokens this very request was refused with before.
            open_to_all: the method is allowed to everybody, so that its refusal is about the token.

        Returns:
            ``probe``: find out whether the token is ``alive``; if it is, accept, else repeat.
        """
        if earlier >= MOST_REFUSED:
            return "accept"
        if self.token is None or number != self.token.number:
            return "repeat"
        young = sent_at - self.token.issued_at < YOUNG_S
        # A 401 says that the token has died; not so easily when a new one has not helped.
        if not open_to_all and (status == 403 or earlier or young):
            return "probe"
        return "accept" if earlier and young else "renew"


class OAuth(Component):
    """Gives API requests their token; gets a new one before it expires and when it has died.

    One token request runs at a time, through Scrapy's downloader, whatever waits for it. Which
    refusals are accepted says ``TokenState``; the others cost a request none of its tries. Where
    that takes knowing whether the token lives, the account's own method is asked, once for all who
    wait. The token is kept in the store for the next run and is nowhere else.

    Switched on by ``DOWNLOADER_MIDDLEWARES`` for spiders with ``uses_api``; touches requests with
    ``meta["avito_method"]`` only.
    Stats: ``avito/oauth/tokens`` (asked for), ``avito/oauth/repeated``, ``avito/oauth/believed``.
    """

    needs = "uses_api"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        identity = f"{self.config.api_url}\n{self.config.client_id}"
        self._key = hashlib.sha256(identity.encode()).hexdigest()
        self._state = TokenState()
        self._header = ""
        self._renewing = asyncio.Lock()
        self._probing = asyncio.Lock()
        self._loaded = False
        self._failure: IgnoreRequest | None = None
        self._failed_at = 0.0

    async def process_request(self, request: Request) -> None:
        """Put the token on; waits for one when there is none."""
        meta = request.meta
        if "avito_method" not in meta or meta["avito_method"] == "token":
            return
        while not self._state.usable(time.time()):
            await self._renew()
        assert self._state.token is not None
        request.headers["Authorization"] = self._header
        if self.config.employee_of is not None:
            request.headers["X-Employee-Of"] = str(self.config.employee_of)
        meta.update(avito_token=self._state.token.number, avito_signed=self._state.sign())

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Pass an answer on; repeat a request that was refused for its token's sake."""
        meta = request.meta
        method = meta.get("avito_method")
        if method is None or method == "token":
            return response
        number, earlier = meta["avito_token"], meta.get("avito_refused", 0)
        if response.status not in _REFUSALS:
            self._state.accepted(number, meta["avito_signed"])
            return response
        sent_at = time.time() - meta.get("download_latency", 0.0)
        verdict = self._state.refused(response.status, number, sent_at, earlier, method == _PROBE)
        if verdict == "probe":
            verdict = "accept" if await self._lives(number) else "repeat"
        if verdict == "accept":
            self.stats.inc_value("avito/oauth/believed")
            return response
        if verdict == "renew":
            await self._renew(dead=number)
        self.stats.inc_value("avito/oauth/repeated")
        again = request.replace(dont_filter=True)
        again.meta["avito_refused"] = earlier + 1
        return again

    async def _lives(self, number: int) -> bool:
        """Whether token ``number`` lives; if it does not, there is another one afterwards."""
        since, began = self._state.signed, time.monotonic()
        async with self._probing:
            if self._state.in_use(number) and not self._state.alive(number, since):
                self._fail_with_others(began)
                with self._failing():
                    # Signed, renewed and repeated as every request is.
                    status = (await self._download(ApiRequest(_PROBE))).status
                    if status in _REFUSALS:
                        raise AuthenticationFailed(f"Avito refuses its own tokens ({status})")
            return self._state.alive(number, since)

    async def _renew(self, dead: int | None = None) -> None:
        """See that there is a token other than ``dead``; one request for all who wait."""
        began = time.monotonic()
        async with self._renewing:
            if not self._loaded:
                self._load()
            token = self._state.token
            if self._state.usable(time.time()) and token is not None and token.number != dead:
                return
            self._fail_with_others(began)
            self._state.token = None
            self.stats.inc_value("avito/oauth/tokens")
            with self._failing():
                self._take_token(await self._download(token_request(self.config)))

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """Remember a failure for those who wait for the same."""
        try:
            yield
        except IgnoreRequest as failure:
            self._failure, self._failed_at = failure, time.monotonic()
            raise

    def _fail_with_others(self, began: float) -> None:
        """Raise a failure that is for good, or that came while this request waited."""
        lasts = isinstance(self._failure, AuthenticationFailed)
        if self._failure is not None and (lasts or began <= self._failed_at):
            raise self._failure

    def _load(self) -> None:
        """Take the token that an earlier run has left."""
        self._loaded = True
        kept = self._tokens().get(self._key)
        if kept is not None and kept.expires_at > time.time():
            self._state.granted(time.time(), kept.expires_at)
            self._header = f"Bearer {kept.value}"

    async def _download(self, request: ApiRequest) -> Response:
        assert self.crawler.engine is not None
        return await self.crawler.engine.download_async(
            scrapy_request(self.config.api_url, request)
        )

    def _take_token(self, response: Response) -> None:
        status = response.status
        data = response.meta.get("avito_json") if status < 300 else {}
        answer, drifts = read_token(status, data)
        for name in drifts:
            self.stats.inc_value(f"avito/drift/token/{name}")
        if isinstance(answer, Failure) and answer.status is not None:
            self._tokens().drop(self._key)
            raise AuthenticationFailed(f"Avito gives no token for these keys ({status})")
        if isinstance(answer, Failure):
            raise RetriesExhausted(answer.reason)
        now = time.time()
        ttl = answer.seconds if answer.seconds and answer.seconds > 0 else _DEFAULT_TTL_S
        self._state.granted(now, now + ttl)
        self._header = f"Bearer {answer.value}"
        self._tokens().put(self._key, StoredToken(answer.value, now + ttl))

    def _tokens(self) -> Tokens:
        return StoreExtension.of(self.crawler).store.tokens
