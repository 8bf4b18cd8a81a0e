"""Checks of the API: keys, account, what the subscription allows, limits, clock.

Each asks once, with methods that cost nothing; the contacts method is never asked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3

from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.config import Config
from avito_scrapy.doctor.finding import Finding

TIMEOUT_S = 10.0
USUAL_A_MINUTE = 600
CLOCK_OFF_S = 60
# No resume has it: a subscription that includes the method answers 404.
NOBODYS_RESUME = 1


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
        self._pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT_S)

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


def api_checks(config: Config) -> Iterator[Finding]:
    """Every check of the API, one after another; those that need a token are skipped without."""
    api = Api(config)
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
    yield (finding := token(api, answer))
    if finding.level == "fault":
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


def ask_token(api: Api) -> Answer:
    """Ask for a token with the configured keys; raises Unreachable."""
    form = {
        "grant_type": "client_credentials",
        "client_id": api.config.client_id,
        "client_secret": api.config.client_secret,
    }
    return api.ask("token", "POST", ENDPOINTS["token"].path(), form)


def token(api: Api, answer: Answer) -> Finding:
    """Is there a token in ``answer``? ``api`` carries it from then on; it is not kept."""
    value, lives = answer.field("access_token"), answer.field("expires_in")
    if answer.status == 200 and isinstance(value, str):
        api.authorise(value)
        hours = round(lives / 3600, 1) if isinstance(lives, (int, float)) else "?"
        return Finding("ok", "token", "token_ok", {"hours": hours})
    # Wrong keys are answered with 200 and `error` too.
    refused = answer.field("error") is not None or 400 <= answer.status < 500
    text = "token_refused" if refused else "odd_answer"
    return Finding("fault", "token", text, {"status": answer.status})


def clock(answer: Answer) -> Finding:
    """How far is this machine's clock from Avito's (``answer`` has just come)?"""
    if answer.seconds is None:
        return Finding("ok", "clock", "clock_unknown")
    apart = round(abs(time.time() - answer.seconds))
    if apart <= CLOCK_OFF_S:
        return Finding("ok", "clock", "clock_ok", {"seconds": apart})
    return Finding("note", "clock", "clock_off", {"seconds": apart})


def account(api: Api) -> Finding:
    """Whose account is it? Its own name is shown to the person at the terminal, nowhere else."""
    answer = api.ask("self", "GET", ENDPOINTS["self"].path())
    number = answer.field("id")
    if answer.status != 200 or not isinstance(number, int):
        return _refusal("account", answer)
    api.account_id = number
    values = {"id": number, "name": answer.field("name") or "?"}
    return Finding("ok", "account", "account_ok", values)


def messenger(api: Api) -> Finding:
    """Does the subscription allow the messenger's methods? Lists one chat, opens none."""
    if api.account_id is None:
        return Finding("skipped", "messenger", "not_looked")
    path = ENDPOINTS["chats"].path(api.account_id, query=[("limit", 1)])
    return _allowed("messenger", api.ask("chats", "GET", path))


def applications(api: Api) -> Finding:
    """Does the subscription allow the methods of applications? Asks for today's."""
    today = datetime.now(timezone.utc).date().isoformat()
    path = ENDPOINTS["application_ids"].path(query=[("updatedAtFrom", today)])
    return _allowed("applications", api.ask("application_ids", "GET", path))


def resumes(api: Api) -> Finding:
    """Does the subscription allow resumes? Asks for one that is not there."""
    path = ENDPOINTS["resumes"].path(NOBODYS_RESUME)
    return _allowed("resumes", api.ask("resumes", "GET", path), good=(200, 404))


PERMISSIONS: dict[str, Callable[[Api], Finding]] = {
    "messenger": messenger,
    "applications": applications,
    "resumes": resumes,
}


def limits(api: Api) -> Finding:
    """The limits as the answers before stated them."""
    if not api.limits:
        return Finding("ok", "limits", "limits_unknown")
    told = ", ".join(f"{name} {limit}" for name, limit in api.limits.items())
    low = min(api.limits.values()) < USUAL_A_MINUTE
    return Finding(
        "note" if low else "ok", "limits", "limits_low" if low else "limits_ok", {"limits": told}
    )


def _allowed(check: str, answer: Answer, good: tuple[int, ...] = (200,)) -> Finding:
    return Finding("ok", check, "api_ok") if answer.status in good else _refusal(check, answer)


def _refusal(check: str, answer: Answer) -> Finding:
    known = {402: "api_402", 403: "api_403"}
    text = known.get(answer.status, "odd_answer")
    return Finding("fault", check, text, {"status": answer.status})
