"""Why a run ended, what it means for the person who started it, and the exit status."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExitReason:
    """One way a run can end.

    ``status`` is the exit status of ``scrapy crawl``; 2 is kept for wrong usage, 9 for a run
    that finished over a threshold (``UNHEALTHY``), 1 for everything that is not listed here.
    ``advice`` is one line: what it means and what to do.
    """

    name: str
    status: int
    advice: str


REASONS: dict[str, ExitReason] = {
    r.name: r
    for r in (
        ExitReason("finished", 0, "everything that was asked for is there"),
        ExitReason(
            "incomplete",
            3,
            "fewer chats than expected, or the list never showed its end; "
            "what was found is kept: run again, or check the figure given as expected",
        ),
        # Found as the browser started, else as any wrong usage: before there is a run.
        ExitReason("not_started", 2, "the browser could not be used: see the line above"),
        ExitReason("login_required", 4, "the messenger wants a sign-in: run `scrapy login`"),
        ExitReason(
            "blocked",
            5,
            "Avito refuses this browser or asks for a robot check: open the messenger by hand "
            "with `scrapy login`, wait, and run again later",
        ),
        ExitReason(
            "unauthorized",
            6,
            "Avito does not accept the API keys: check AVITO_CLIENT_ID and AVITO_CLIENT_SECRET",
        ),
        ExitReason(
            "subscription_required",
            7,
            "the account's subscription does not include this API (402): "
            "«Максимальная» is needed for Messenger and Job",
        ),
        ExitReason("timeout", 8, "the time given was up; what was collected until then is kept"),
        ExitReason(
            "unavailable",
            10,
            "Avito's API did not even tell whose account this is: see the line above, "
            "run again later",
        ),
        ExitReason(
            "store_failed",
            11,
            "what was found could not all be written down: see the lines above (a full disk?), "
            "then run again; what was stored until then is kept",
        ),
    )
}

# Not a reason of Scrapy's: a run that finished, with a figure over its threshold.
UNHEALTHY = ExitReason(
    "unhealthy",
    9,
    "everything is there, but a figure is over its threshold: see the lines above, "
    "or `crossed` in health.json",
)

_OTHER = ExitReason("", 1, "ended before its time; what was collected until then is kept")


def explain(name: str | None) -> ExitReason:
    """The reason called ``name``; for any other end (a signal, a limit of Scrapy's) status 1."""
    return REASONS.get(name or "", _OTHER)
