"""The figures of a run, and the thresholds as Spidermon's monitors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from spidermon import Monitor, MonitorResult, MonitorRunner, MonitorSuite

from avito_scrapy.config import Config

Figures = dict[str, float | None]


def figures(
    stats: Mapping[str, Any],
    spider: str,
    chats_before: int | None,
    *,
    whole: bool,
    waiting: tuple[int, int] = (0, 0),
) -> Figures:
    """The figures of a run; None where a figure cannot be known or means nothing.

    Args:
        stats: the run's stats, among them ``avito/contacts/unread`` and ``avito/stoplist/unread``.
        spider: ``chats`` or ``resumes``.
        chats_before: chats of the last whole run of this spider; None when there was none.
        whole: the run came to its end and had no ``limit``: else its size says nothing.
        waiting: chats that wait for our answer, and those that have for over an hour.
    """

    def count(name: str) -> int:
        return int(stats.get(name, 0))

    items = count("item_scraped_count")
    failed = count("avito/resumes/outcome/failed")
    drop = _share((chats_before or 0) - items, chats_before or 0)
    resumes = spider == "resumes"
    of_resumes = {
        "waiting_new": count("avito/waiting/new"),
        "waiting": waiting[0],
        "waiting_over_hour": waiting[1],
        "failed": failed,
        "failed_share": _share(failed, items),
        "stoplist_unread": count("avito/stoplist/unread"),
        "bought": count("avito/contacts/bought"),
    }
    return {
        "chats": items,
        "chats_before": chats_before,
        "chats_drop": max(0.0, drop) if drop is not None and whole and not resumes else None,
        "new_chats": stats.get("avito/output/new"),
        **(of_resumes if resumes else dict.fromkeys(of_resumes)),
        "contacts_unread_share": _share(
            count("avito/contacts/unread"), count("avito/resumes/found")
        ),
        "drift": sum(int(n) for name, n in stats.items() if name.startswith("avito/drift/")),
        "requests": count("downloader/request_count"),
        "rate_limited_share": _share(
            count("downloader/response_status_count/429"), count("downloader/response_count")
        ),
        "seconds": round(float(stats.get("elapsed_time_seconds", 0)), 1),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


class ThresholdMonitor(Monitor):  # type: ignore[misc]  # Spidermon has no types
    """Fails when ``figure`` is over what ``setting`` allows; without a setting, over 0.

    Attributes:
        advice, russian: one line each, without anybody's data.
        fails: over it the exit status is not 0. Else it is told and no more, since what was asked
            for is there all the same.
    """

    figure: ClassVar[str]
    setting: ClassVar[str] = ""
    advice: ClassVar[str]
    russian: ClassVar[str]
    fails: ClassVar[bool] = True

    @property
    def value(self) -> float | None:
        value: float | None = self.data.figures[self.figure]
        return value

    @property
    def limit(self) -> float | None:
        if not self.setting:
            return 0
        limit: Any = getattr(self.data.config, self.setting.removeprefix("AVITO_").lower())
        allowed: float | None = self.data.budget if limit == "budget" else limit
        return allowed

    def test_figure_is_within_its_limit(self) -> None:
        value, limit = self.value, self.limit
        if value is None or limit is None:
            self.skipTest("not known, or switched off")
        elif value > limit:
            setting = f" ({self.setting})" if self.setting else ""
            self.fail(f"{self.figure} is {value:g}, over {limit:g}{setting}: {self.advice}")


class FailedShareMonitor(ThresholdMonitor):
    figure = "failed_share"
    setting = "AVITO_HEALTH_MAX_FAILED_SHARE"
    advice = (
        "many chats failed: the causes are in resumes.jl (reason) and on «Ошибки»; "
        "run again, what failed is always tried anew"
    )
    russian = "много чатов с ошибкой: причины на листе «Ошибки»"


class ContactsUnreadMonitor(ThresholdMonitor):
    figure = "contacts_unread_share"
    setting = "AVITO_HEALTH_MAX_CONTACTS_UNREAD_SHARE"
    advice = (
        "contacts of many candidates could not be read: the causes are in resumes.jl (reason) "
        "and on «Сводка»; run again later"
    )
    russian = "у многих кандидатов не удалось получить контакты: причины на листе «Сводка»"


class StoplistMonitor(ThresholdMonitor):
    figure = "stoplist_unread"
    advice = (
        "not every stop list could be read, so who must not be called is not known: "
        "the lines above and «Сводка» name the files; mend them, then `scrapy report`"
    )
    russian = "прочитаны не все стоп-листы: кому нельзя звонить, неизвестно, см. «Сводка»"


class ChatsDropMonitor(ThresholdMonitor):
    figure = "chats_drop"
    setting = "AVITO_HEALTH_MAX_CHATS_DROP"
    advice = (
        "the messenger shows far fewer chats than last time: is it the same account, "
        "and does the list end where it should? compare with -a expected=N"
    )
    russian = "чатов намного меньше, чем в прошлый раз: тот ли это аккаунт?"


class DriftMonitor(ThresholdMonitor):
    figure = "drift"
    setting = "AVITO_HEALTH_MAX_DRIFT"
    advice = (
        "Avito's answers are not what they were: the stats avito/drift/... name the fields; "
        "look for a newer version of this tool"
    )
    russian = "ответы Авито изменились: проверьте, нет ли новой версии программы"
    fails = False


class RateLimitedMonitor(ThresholdMonitor):
    figure = "rate_limited_share"
    setting = "AVITO_HEALTH_MAX_429_SHARE"
    advice = "Avito turned away many requests (429): does something else use the same API keys?"
    russian = "Авито отклонил много запросов (429): не работает ли с ключами кто-то ещё?"


class BoughtMonitor(ThresholdMonitor):
    figure = "bought"
    setting = "AVITO_HEALTH_MAX_BOUGHT"
    advice = (
        "more contacts were bought than allowed: compare the purchases in the store "
        "with Avito's own bill"
    )
    russian = "куплено больше контактов, чем разрешено: сверьте со счётом Авито"


class RunMonitors(MonitorSuite):  # type: ignore[misc]
    monitors: ClassVar[list[type[ThresholdMonitor]]] = [
        FailedShareMonitor,
        ContactsUnreadMonitor,
        StoplistMonitor,
        ChatsDropMonitor,
        DriftMonitor,
        RateLimitedMonitor,
        BoughtMonitor,
    ]


def evaluate(run: Figures, config: Config, budget: float) -> MonitorResult:
    """Run the monitors.

    Args:
        run: what ``figures`` gave.
        config: holds the limits; None switches a monitor off, ``budget`` stands for ``budget``.
        budget: how many contacts the run was allowed to buy.
    """
    # Spidermon's own runner, and not that of its Scrapy extension: that logs each monitor through
    # the deprecated Spider.log(), and a crossed threshold or a failed notification as a traceback.
    return MonitorRunner().run(RunMonitors(), figures=run, config=config, budget=budget)


def crossed(result: MonitorResult) -> list[dict[str, Any]]:
    """The thresholds that were crossed, as they stand in ``health.json``."""
    names = ("figure", "value", "limit", "setting", "advice", "russian", "fails")
    return [
        {**{name: getattr(failed.monitor, name) for name in names}, "text": failed.reason}
        for failed in result.monitors_failed_results
    ]
