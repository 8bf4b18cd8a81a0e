"""Checks of the API: keys, account, what the subscription allows, limits, clock.

Each asks once, with methods that cost nothing; the contacts method is never asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3

from avito_scrapy.accounts import owner_of
from avito_scrapy.avito.endpoints import ENDPOINTS, MethodName
from avito_scrapy.avito.parsing import load_json
from avito_scrapy.config import Config
from avito_scrapy.doctor.deadline import within
from avito_scrapy.doctor.finding import Finding
from avito_scrapy.errors import describe

TIMEOUT_S = 10.0
DEADLINE_S = 20.0
MOST_BYTES = 10_000_000
BUSY = 429
USUAL_A_MINUTE = 600
CLOCK_OFF_S = 60
# No resume has it: a subscription that includes the method answers 404.
NOBODYS_RESUME = 1


class Unreachable(Exception):
    """No usable answer came. Raised by ``Api.ask``; its text holds no address and no secret."""


@dataclass(frozen=True)
class ApiAnswer:
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
    """Avito's API as the checks ask it; remembers the limits that were stated."""

    config: Config
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every request: ``authorise`` puts the token there."""
    limits: dict[str, int] = field(default_factory=dict)
    """Requests a minute, by the name of the method."""
    account_id: int | None = None
    """Known after the check of the account."""

    def __post_init__(self) -> None:
        options: dict[str, Any] = {"retries": False, "timeout": TIMEOUT_S}
        # As Scrapy does for a run: the proxy of the environment, unless NO_PROXY names the host.
        parts = urlsplit(self.config.api_url)
        proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
        self.proxy = urlsplit(proxy).hostname if proxy else None
        self._pool: urllib3.PoolManager
        if proxy:
            self._pool = _proxied(proxy, options)
        else:
            self._pool = urllib3.PoolManager(**options)

    @property
    def host(self) -> str:
        """Where the API is, for a person to read; a user and a password are left out."""
        parts = urlsplit(self.config.api_url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    def authorise(self, token: str) -> None:
        """Send ``token`` from now on, and for whom when this is a company's employee."""
        self.headers["Authorization"] = f"Bearer {token}"
        if self.config.employee_of is not None:
            self.headers["X-Employee-Of"] = str(self.config.employee_of)

    def ask(
        self, method: MethodName, path: str, form: Mapping[str, str] | None = None
    ) -> ApiAnswer:
        """Ask once.

        Args:
            method: of ``avito.endpoints``.
            path: path and query, from ``avito.endpoints``.
            form: fields of a form to post.

        Raises:
            Unreachable: no connection, or no whole answer in time and of a sane size.
        """
        body = urlencode(form) if form else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        verb, url = ENDPOINTS[method].verb, self.config.api_url + path

        def request() -> tuple[urllib3.BaseHTTPResponse, bytes]:
            came = self._pool.request(
                verb, url, body=body, headers=self.headers | kind, preload_content=False
            )
            try:
                return came, came.read(MOST_BYTES + 1)
            finally:
                came.close()

        try:
            came, content = within(DEADLINE_S, request)
        except TimeoutError:
            raise Unreachable(f"no whole answer within {DEADLINE_S:.0f} s") from None
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise Unreachable(describe(error)) from None
        if len(content) > MOST_BYTES:
            raise Unreachable(f"an answer of more than {MOST_BYTES // 1_000_000} MB")
        limit = came.headers.get("X-RateLimit-Limit", "")
        if limit.isascii() and limit.isdigit() and len(limit) <= 9:
            self.limits[method] = int(limit)
        try:
            data = load_json(content)
        except ValueError:
            data = None
        return ApiAnswer(came.status, came.headers, data)


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
        api = Api(config)
    except ValueError:  # its text repeats the proxy's address
        yield Finding("fault", "proxy", "proxy_bad")
        return
    if api.proxy:
        yield Finding("note", "proxy", "proxy_used", {"proxy": api.proxy})
    if not (config.client_id and config.client_secret):
        yield Finding("fault", "token", "token_unset")
        yield from skipped()
        return
    try:
        answer = ask_token(api)
    except Unreachable as error:
        yield _silent(api, "token", error)
        yield from skipped()
        return
    yield token(api, answer)
    if not api.headers:
        yield from skipped()
        return
    yield clock(answer)
    yield _guarded(api, "account", account)
    for check, method in PERMISSIONS.items():
        yield _guarded(api, check, method)
    yield limits(api)


def skipped() -> Iterator[Finding]:
    """What cannot be looked at without a token."""
    checks = ("clock", "account", *PERMISSIONS, "limits")
    yield from (Finding("skipped", check, "not_looked") for check in checks)


def _guarded(api: Api, check: str, method: Callable[[Api], Finding]) -> Finding:
    try:
        return method(api)
    except Unreachable as error:
        return _silent(api, check, error)


def _silent(api: Api, check: str, error: Unreachable) -> Finding:
    return Finding("fault", check, "unreachable", {"host": api.host, "problem": error})


def ask_token(api: Api) -> ApiAnswer:
    """Ask for a token with the configured keys; raises Unreachable."""
    form = {
        "grant_type": "client_credentials",
        "client_id": api.config.client_id,
        "client_secret": api.config.client_secret,
    }
    return api.ask("token", ENDPOINTS["token"].path(), form)


def token(api: Api, answer: ApiAnswer) -> Finding:
    """Is there a token in ``answer``? ``api`` carries it from then on; it is not kept."""
    value, lives = answer.field("access_token"), answer.field("expires_in")
    if answer.status == 200 and isinstance(value, str) and _is_token(value):
        api.authorise(value)
        hours = round(lives / 3600, 1) if isinstance(lives, (int, float)) else "?"
        return Finding("ok", "token", "token_ok", {"hours": hours})
    if answer.status == BUSY:
        return _refusal("token", answer)
    # Wrong keys are answered with 200 and `error` too.
    refused = answer.field("error") is not None or 400 <= answer.status < 500
    text = "token_refused" if refused else "odd_answer"
    return Finding("fault", "token", text, {"status": answer.status})


def _is_token(value: str) -> bool:
    """What may stand in a header: with a line break in it, it would begin another."""
    return bool(value) and value.isascii() and value.isprintable()


def clock(answer: ApiAnswer) -> Finding:
    """How far is this machine's clock from Avito's (``answer`` has just come)?"""
    if answer.seconds is None:
        return Finding("ok", "clock", "clock_unknown")
    apart = round(abs(time.time() - answer.seconds))
    if apart <= CLOCK_OFF_S:
        return Finding("ok", "clock", "clock_ok", {"seconds": apart})
    return Finding("note", "clock", "clock_off", {"seconds": apart})


def account(api: Api) -> Finding:
    """Whose account is it? Its own name is shown to the person at the terminal, nowhere else."""
    answer = api.ask("self", ENDPOINTS["self"].path())
    number = answer.field("id")
    if answer.status != 200 or not isinstance(number, int):
        return _refusal("account", answer)
    api.account_id = number
    owner = owner_of(api.config.private_dir)
    if owner not in (None, number):
        return Finding("fault", "account", "account_other", {"id": number, "owner": owner})
    values = {"id": number, "name": answer.field("name") or "?"}
    return Finding("ok", "account", "account_ok", values)


def messenger(api: Api) -> Finding:
    """Does the subscription allow the messenger's methods? Lists one chat, opens none."""
    if api.account_id is None:
        return Finding("skipped", "messenger", "not_looked")
    path = ENDPOINTS["chats"].path(api.account_id, query=[("limit", 1)])
    return _allowed("messenger", api.ask("chats", path))


def applications(api: Api) -> Finding:
    """Does the subscription allow the methods of applications? Asks for today's."""
    today = datetime.now(timezone.utc).date().isoformat()
    path = ENDPOINTS["application_ids"].path(query=[("updatedAtFrom", today)])
    return _allowed("applications", api.ask("application_ids", path))


def resumes(api: Api) -> Finding:
    """Does the subscription allow resumes? Asks for one that is not there."""
    path = ENDPOINTS["resumes"].path(NOBODYS_RESUME)
    return _allowed("resumes", api.ask("resumes", path), good=(200, 404))


PERMISSIONS: dict[str, Callable[[Api], Finding]] = {
    "messenger": messenger,
    "applications": applications,
    "resumes": resumes,
}


def limits(api: Api) -> Finding:
    """The limits as the answers before stated them."""
    if not api.limits:
        return Finding("ok", "limits", "limits_unknown")
    limits = ", ".join(f"{name} {limit}" for name, limit in api.limits.items())
    low = min(api.limits.values()) < USUAL_A_MINUTE
    return Finding(
        "note" if low else "ok", "limits", "limits_low" if low else "limits_ok", {"limits": limits}
    )


def _allowed(check: str, answer: ApiAnswer, good: tuple[int, ...] = (200,)) -> Finding:
    return Finding("ok", check, "api_ok") if answer.status in good else _refusal(check, answer)


def _refusal(check: str, answer: ApiAnswer) -> Finding:
    if answer.status == BUSY:
        # A run of the same account uses the same limits.
        return Finding("note", check, "api_busy")
    known = {402: "api_402", 403: "api_403"}
    text = known.get(answer.status, "odd_answer")
    return Finding("fault", check, text, {"status": answer.status})
