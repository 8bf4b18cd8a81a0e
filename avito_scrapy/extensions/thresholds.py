"""What a run's figures say about its health: pure arithmetic over stats, no Scrapy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Figures = dict[str, float | None]


@dataclass(frozen=True)
class Rule:
    """A figure, the setting that bounds it, and what to do when it is over.

    ``advice`` is one line without anybody's data. ``fails``: over it the run's exit status is not
    0; else it is told and no more, since what was asked for is there all the same.
    """

    figure: str
    setting: str
    advice: str
    fails: bool = True


RULES: tuple[Rule, ...] = (
    Rule(
        "failed_share",
        "AVITO_HEALTH_MAX_FAILED_SHARE",
        "many chats failed: the causes are in resumes.jl (reason) and on «Ошибки»; "
        "run again, what failed is always tried anew",
    ),
    Rule(
        "chats_drop",
        "AVITO_HEALTH_MAX_CHATS_DROP",
        "the messenger shows far fewer chats than last time: is it the same account, "
        "and does the list end where it should? compare with -a expected=N",
    ),
    Rule(
        "drift",
        "AVITO_HEALTH_MAX_DRIFT",
        "Avito's answers are not what they were: the stats avito/drift/... name the fields; "
        "look for a newer version of this tool",
        fails=False,
    ),
    Rule(
        "rate_limited_share",
        "AVITO_HEALTH_MAX_429_SHARE",
        "Avito turned away many requests (429): does something else use the same API keys?",
    ),
    Rule(
        "bought",
        "AVITO_HEALTH_MAX_BOUGHT",
        "more contacts were bought than allowed: compare the purchases in the store "
        "with Avito's own bill",
    ),
)


@dataclass(frozen=True)
class Crossed:
    """A figure that is over its limit."""

    figure: str
    value: float
    limit: float
    setting: str
    advice: str
    fails: bool

    def __str__(self) -> str:
        return (
            f"{self.figure} is {self.value:g}, over {self.limit:g} ({self.setting}): {self.advice}"
        )


def figures(
    stats: Mapping[str, Any], spider: str, chats_before: int | None, *, limited: bool
) -> Figures:
    """The figures of a run; None where a figure cannot be known or means nothing.

    Args:
        stats: the run's stats.
        spider: ``chats`` or ``resumes``.
        chats_before: chats of the last whole run of this spider; None when there was none.
        limited: the run was to stop early (``limit``), so its size says nothing.
    """
    items = int(stats.get("item_scraped_count", 0))
    answers = int(stats.get("downloader/response_count", 0))
    turned_away = int(stats.get("downloader/response_status_count/429", 0))
    resumes = spider == "resumes"
    failed = int(stats.get("avito/resumes/outcome/failed", 0))
    return {
        "chats": items,
        "chats_before": chats_before,
        "chats_drop": None if resumes or limited else _drop(items, chats_before),
        "failed": failed if resumes else None,
        "failed_share": round(failed / items, 4) if resumes and items else None,
        "drift": _sum(stats, "avito/drift/"),
        "requests": int(stats.get("downloader/request_count", 0)),
        "rate_limited_share": round(turned_away / answers, 4) if answers else None,
        "bought": int(stats.get("avito/contacts/bought", 0)) if resumes else None,
        "seconds": round(float(stats.get("elapsed_time_seconds", 0)), 1),
    }


def crossed(
    found: Figures, limits: Mapping[str, float | Literal["budget"] | None], budget: float
) -> list[Crossed]:
    """The rules that ``found`` breaks, in the order of ``RULES``.

    Args:
        found: what ``figures`` gave.
        limits: by setting; None switches a rule off, ``budget`` stands for ``budget``.
        budget: how many contacts the run was allowed to buy.
    """
    over = []
    for rule in RULES:
        value, limit = found[rule.figure], limits[rule.setting]
        bound = budget if limit == "budget" else limit
        if value is not None and bound is not None and value > bound:
            over.append(Crossed(rule.figure, value, bound, rule.setting, rule.advice, rule.fails))
    return over


def _drop(now: int, before: int | None) -> float | None:
    return round(max(0.0, 1 - now / before), 4) if before else None


def _sum(stats: Mapping[str, Any], prefix: str) -> int:
    return sum(int(value) for name, value in stats.items() if name.startswith(prefix))
