"""The docs name every setting, argument, stat and reason that is in the code, and no other."""

from __future__ import annotations

import re

import pytest

from avito_scrapy.arguments import Arguments, ChatsArguments, ResumesArguments
from avito_scrapy.config import Config
from avito_scrapy.exit_reasons import REASONS, UNHEALTHY
from avito_scrapy.monitors.monitors import RunMonitors, figures
from tests.policy.code import (
    documented_stats,
    own_settings,
    promised_stats,
    reasons_in_use,
    related,
    rows,
    scrapys_settings,
    stats,
)

STATUSES = {name: end.status for name, end in {**REASONS, "unhealthy": UNHEALTHY}.items()}


def test_settings_and_their_defaults() -> None:
    told = {row[0]: row[1] for row in rows("settings.md", "The project's own")}
    assert told == own_settings()


def test_config_reads_every_setting() -> None:
    assert {f"AVITO_{name.upper()}" for name in Config.model_fields} == set(own_settings())


def test_every_threshold_has_its_setting() -> None:
    thresholds = {name for name in own_settings() if name.startswith("AVITO_HEALTH_")}
    assert thresholds == {monitor.setting for monitor in RunMonitors.monitors if monitor.setting}


def test_scrapys_own_settings() -> None:
    table = rows("settings.md", "Scrapy's, where the project sets them")
    assert {name for row in table for name in row[0].split(", ")} == scrapys_settings()


@pytest.mark.parametrize("model", [ChatsArguments, ResumesArguments])
def test_arguments(model: type[Arguments]) -> None:
    spider = model.__name__.removesuffix("Arguments").lower()
    told = {row[0]: row[1] for row in rows("arguments.md", f"scrapy crawl {spider}")}
    assert set(told) == set(model.model_fields)
    words = {None: "none", True: "yes", False: "no"}
    for name, field in model.model_fields.items():
        if field.default_factory is None and name != "input":
            value = field.default
            shown = words[value] if value is None or isinstance(value, bool) else str(value)
            assert told[name] == shown, f"{spider}: the default of {name}"


def test_reasons_and_their_statuses() -> None:
    table = [row for row in rows("reasons.md") if len(row) == 4]
    told = {row[0]: int(row[1]) for row in table}
    assert told == STATUSES
    assert len(set(told.values()) | {1}) == len(told) + 1, "each has a status of its own"


def test_reasons_in_russian() -> None:
    told = {row[0]: int(row[1]) for row in rows("ru.md", "Чем кончается запуск")}
    assert told == STATUSES


def test_figures_of_health() -> None:
    told = next(row[1] for row in rows("reasons.md", "health.json") if row[0] == "figures")
    named = set(re.findall(r"[a-z_]{4,}", told.partition(";")[0])) - {"last", "whole"}
    assert set(figures({}, "chats", None, whole=True)) <= named


def test_stats() -> None:
    told, found = documented_stats(), stats() | promised_stats()
    missing = {name for name in found if not any(related(name, known) for known in told)}
    assert not missing, "in the code and not in docs/stats.md"
    unknown = {name for name in told if not any(related(name, known) for known in found)}
    assert not unknown, "in docs/stats.md and not in the code"


def test_stats_are_promised_by_who_writes_them() -> None:
    told, promised = documented_stats(), promised_stats()
    unpromised = {name for name in told if not any(related(name, known) for known in promised)}
    assert not unpromised, "no docstring names them"


def test_no_reason_without_a_status() -> None:
    assert reasons_in_use() <= set(REASONS)
