"""Checks of the API: keys, account, what the subscription allows, limits, clock.

Each asks once, with methods that cost nothing; the contacts method is never asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from avito_scrapy.accounts import owner_of
from avito_scrapy.api_client import AvitoClient
from avito_scrapy.api_transport import (
    ApiRequest,
    ApiResponse,
    ApiUnusable,
    clock_behind,
    token_request,
)
from avito_scrapy.avito.parsing import read_token
from avito_scrapy.avito.results import Failure
from avito_scrapy.avito.text import load_json
from avito_scrapy.closing import within
from avito_scrapy.config import Config
from avito_scrapy.doctor.finding import Finding
from avito_scrapy.errors import describe
from avito_scrapy.resumes.checkpoint import Checkpoint

TIMEOUT_S = 10.0
DEADLINE_S = 20.0
MOST_BYTES = 10_000_000
BUSY = 429
USUAL_A_MINUTE = 600
CLOCK_OFF_S = 60
# No resume has it: a subscription that includes the method answers 404.
NOBODYS_RESUME = "1"
PERMISSIONS: dict[str, Callable[[AvitoClient], Coroutine[Any, Any, object]]] = {
    "messenger": lambda client: client.chats(),
    "applications": lambda client: client.application_ids(datetime.now(timezone.utc).date()),
    "resumes": lambda client: client.resume(NOBODYS_RESUME),
}
R = TypeVar("R")


class Unreachable(Exception):
    """No usable answer came; the text holds no address and no secret."""


class DirectSender:
    """Sends API requests for ``AvitoClient`` without Scrapy and its repeats, each once.

    Raises:
        ValueError: the address of the environment's proxy cannot be read.
    """

    def __init__(self, config: Config) -> None:
        self._url = config.api_url
        self._employee_of = config.employee_of
        # For a person to read: without a user and a password.
        self.host = urlsplit(self._url).netloc.rpartition("@")[2]
        self.headers: dict[str, str] = {}
        """Sent with every request: ``authorise`` puts the token there."""
        self.limits: dict[str, int] = {}
        """Requests a minute as the answers stated them, by the name of the method."""
        self.status = 0
        """Of the last answer."""
        self.clock_behind: float | None = None
        """The same as ``ApiResponse`` has it."""
        options: dict[str, Any] = {"retries": False, "timeout": TIMEOUT_S}
        # As Scrapy does for a run: the proxy of the environment, unless NO_PROXY names the host.
        parts = urlsplit(self._url)
        proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
        self.proxy = urlsplit(proxy).hostname if proxy else None
        self._pool = _proxied(proxy, options) if proxy else urllib3.PoolManager(**options)

    def authorise(self, token: str) -> None:
        """Send ``token`` from now on, and for whom when this is a company's employee."""
        self.headers["Authorization"] = f"Bearer {token}"
        if self._employee_of is not None:
            self.headers["X-Employee-Of"] = str(self._employee_of)

    async def __call__(self, request: ApiRequest) -> ApiResponse:
        """Send ``request``.

        Raises:
            Unreachable: no connection, or no whole answer in time and of a sane size.
        """
        answer, content = await self._download(request)
        self.status = answer.status
        limit = answer.headers.get("X-RateLimit-Limit", "")
        if limit.isascii() and limit.isdigit() and len(limit) <= 9:
            self.limits[request.method] = int(limit)
        try:
            data = load_json(content)
        except ValueError:
            data = None
        self.clock_behind = clock_behind(answer.headers.get("Date"))
        return ApiResponse(answer.status, data, self.clock_behind)

    async def _download(self, request: ApiRequest) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        def send() -> tuple[urllib3.BaseHTTPResponse, bytes]:
            answer = self._pool.request(
                request.verb,
                self._url + request.path,
                body=request.content(),
                headers=self.headers | request.headers(),
                preload_content=False,
            )
            try:
                return answer, answer.read(MOST_BYTES + 1)
            finally:
                answer.close()

        try:
            answer, content = await within(DEADLINE_S, send)
        except TimeoutError:
            raise Unreachable(f"no whole answer within {DEADLINE_S:.0f} s") from None
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise Unreachable(describe(error)) from None
        if len(content) > MOST_BYTES:
            raise Unreachable(f"an answer of more than {MOST_BYTES // 1_000_000} MB")
        return answer, content


def _proxied(proxy: str, options: Mapping[str, Any]) -> urllib3.ProxyManager:
    parts = urlsplit(proxy)
    headers = None
    if parts.username:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=secret)
    return urllib3.ProxyManager(proxy, proxy_headers=headers, **options)


def api_checks(config: Config) -> Iterator[Finding]:
    """Every check of the API, one after another; those that need a token are skipped without."""
    try:
        sender = DirectSender(config)
    except ValueError:  # its text repeats the proxy's address
        yield Finding("fault", "proxy", "proxy_bad")
        return
    if sender.proxy:
        yield Finding("note", "proxy", "proxy_used", {"proxy": sender.proxy})
    yield token(config, sender)
    if not sender.headers:
        checks = ("clock", "account", *PERMISSIONS, "limits")
        yield from (Finding("skipped", check, "not_looked") for check in checks)
        return
    yield clock(sender.clock_behind)
    # The checkpoint is never opened: it keeps nothing.
    client = AvitoClient(
        sender, Checkpoint(Path(), ""), config.tz, config.web_url, lambda stat: None
    )
    yield (whose := account(config, sender, client))
    for check, ask in PERMISSIONS.items():
        if check == "messenger" and "id" not in whose.values:
            yield Finding("skipped", check, "not_looked")
            continue
        reply = _ask(sender, check, ask(client))
        yield reply if isinstance(reply, Finding) else Finding("ok", check, "api_ok")
    yield limits(sender.limits)


def _ask(
    sender: DirectSender, check: str, request: Coroutine[Any, Any, R | Failure]
) -> R | Finding:
    """What a request gives; a finding where that is no answer."""
    try:
        reply = asyncio.run(request)
    except Unreachable as error:
        return Finding("fault", check, "unreachable", {"host": sender.host, "problem": error})
    except ApiUnusable:
        return _refusal(check, sender.status)
    return _refusal(check, sender.status) if isinstance(reply, Failure) else reply


def token(config: Config, sender: DirectSender) -> Finding:
    """Is there a token for the configured keys? ``sender`` carries it then; it is not kept."""
    if not (config.client_id and config.client_secret):
        return Finding("fault", "token", "token_unset")
    response = _ask(sender, "token", sender(token_request(config)))
    if isinstance(response, Finding):
        return response
    answer, _ = read_token(response.status, response.data)
    if not isinstance(answer, Failure):
        sender.authorise(answer.value)
        hours = round(answer.seconds / 3600, 1) if answer.seconds is not None else "?"
        return Finding("ok", "token", "token_ok", {"hours": hours})
    if answer.status is None or answer.status == BUSY:
        return _refusal("token", response.status)
    return Finding("fault", "token", "token_refused", {"status": response.status})


def clock(behind: float | None) -> Finding:
    """How far is this machine's clock, which is ``behind`` seconds behind Avito's, from it?"""
    if behind is None:
        return Finding("ok", "clock", "clock_unknown")
    apart = round(abs(behind))
    if apart <= CLOCK_OFF_S:
        return Finding("ok", "clock", "clock_ok", {"seconds": apart})
    return Finding("note", "clock", "clock_off", {"seconds": apart})


def account(config: Config, sender: DirectSender, client: AvitoClient) -> Finding:
    """Whose account is it? Its own name is shown to the person at the terminal, nowhere else."""
    number = _ask(sender, "account", client.account())
    if isinstance(number, Finding):
        return number
    owner = owner_of(config.private_dir)
    if owner not in (None, number):
        return Finding("fault", "account", "account_other", {"id": number, "owner": owner})
    values = {"id": number, "name": client.account_name or "?"}
    return Finding("ok", "account", "account_ok", values)


def limits(stated: Mapping[str, int]) -> Finding:
    """The limits as the answers before stated them."""
    if not stated:
        return Finding("ok", "limits", "limits_unknown")
    low = min(stated.values()) < USUAL_A_MINUTE
    values = {"limits": ", ".join(f"{name} {limit}" for name, limit in stated.items())}
    return Finding("note" if low else "ok", "limits", "limits_low" if low else "limits_ok", values)


def _refusal(check: str, status: int) -> Finding:
    if status == BUSY:
        # A run of the same account uses the same limits.
        return Finding("note", check, "api_busy")
    known = {402: "api_402", 403: "api_403"}
    return Finding("fault", check, known.get(status, "odd_answer"), {"status": status})
