"""Why a run ended, what it means for the person who started it, and the exit status."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExitReason:
    """One way a run can end.

    ``status`` is the exit status of ``scrapy crawl``; 2 is kept for wrong usage, 9 for a run
    that finished over a threshold (``UNHEALTHY``), 1 for everything that is not listed here.
    ``advice`` is one line: what it means and what to do; ``russian`` the same in a few words for
    a notification.
    """

    status: int
    advice: str
    russian: str


REASONS = {
    "finished": ExitReason(0, "everything that was asked for is there", "всё собрано"),
    "incomplete": ExitReason(
        3,
        "fewer chats than expected, or the list never showed its end; "
        "what was found is kept: run again, or check the figure given as expected",
        "найдены не все чаты: запустите ещё раз",
    ),
    "login_required": ExitReason(
        4,
        "the messenger wants a sign-in: run `scrapy login`",
        "нужен вход: scrapy login",
    ),
    # Found as the browser started or when Avito said whose the keys are; other wrong usage
    # is found before there is a run.
    "not_started": ExitReason(
        2,
        "the run could not begin: see the line above",
        "запуск не начался: причина в журнале",
    ),
    "blocked": ExitReason(
        5,
        "Avito refuses this browser or asks for a robot check: open the messenger by hand "
        "with `scrapy login`, wait, and run again later",
        "Авито не пускает этот браузер: подождите и запустите позже",
    ),
    "unauthorized": ExitReason(
        6,
        "Avito does not accept the API keys: check AVITO_CLIENT_ID and AVITO_CLIENT_SECRET",
        "Авито не принимает ключи API",
    ),
    "subscription_required": ExitReason(
        7,
        "the account's subscription does not include this API (402): "
        "«Максимальная» is needed for Messenger and Job",
        "подписка не включает API: нужна «Максимальная»",
    ),
    "timeout": ExitReason(
        8,
        "the time given was up; what was collected until then is kept",
        "время вышло, собранное сохранено",
    ),
    "unavailable": ExitReason(
        10,
        "Avito cannot be reached, or answers with errors only: see the line above, check the "
        "network, AVITO_WEB_URL and AVITO_API_URL, run again later",
        "Авито не отвечает: запустите позже",
    ),
    "store_failed": ExitReason(
        11,
        "what was found could not all be written down: see the lines above (a full disk?), "
        "then run again; what was stored until then is kept",
        "не всё удалось записать: есть ли место на диске?",
    ),
}

# `unhealthy`; not a reason of Scrapy's: a run that finished, with a figure over its threshold.
UNHEALTHY = ExitReason(
    9,
    "everything is there, but a figure is over its threshold: see the lines above, "
    "or `crossed` in health.json",
    "собрано, но есть предупреждение",
)

# A signal, a limit of Scrapy's.
_OTHER = ExitReason(
    1,
    "ended before its time; what was collected until then is kept",
    "прервано, собранное сохранено",
)

BROKEN = ExitReason(
    1,
    "something of the run went wrong: see the lines at ERROR above, and please report it; "
    "what was collected is kept",
    "в программе случилась ошибка, собранное сохранено",
)


def explain(name: str | None) -> ExitReason:
    """The reason called ``name``; for any other end status 1."""
    return REASONS.get(name or "", _OTHER)
