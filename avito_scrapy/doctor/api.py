"""Checks of the API: keys, account, what the subscription allows, limits, clock.

Each asks once, with methods that cost nothing; the contacts method is never asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from avito_scrapy.avito.endpoints import ENDPOINTS
from avito_scrapy.config import Config
from avito_scrapy.doctor.asking import Answer, Api, Unreachable
from avito_scrapy.doctor.finding import Finding

USUAL_A_MINUTE = 600
CLOCK_OFF_S = 60
# No resume has it: a subscription that includes the method answers 404.
NOBODYS_RESUME = 1


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
