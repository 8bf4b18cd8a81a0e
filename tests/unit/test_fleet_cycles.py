"""When an account's next cycle is due, and which."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta, timezone

import pytest

from avito_scrapy.fleet.queue import State

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
EVERY = timedelta(minutes=5)


def failed(times: int, status: int = 10) -> State:
    state = State()
    for _ in range(times):
        state = state.after(status, NOW, 1.0, "here")
    return state


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 5), (1, 5), (2, 10), (3, 20), (6, 160), (7, 240), (99, 240)]
)
def test_waits_grow_with_failures(failures: int, minutes: int) -> None:
    assert failed(failures).wait(EVERY) == timedelta(minutes=minutes)


def test_an_account_that_was_held_is_tried_again_soon() -> None:
    assert failed(1, status=2).wait(EVERY) == timedelta(seconds=15)
    assert failed(3, status=2).wait(EVERY) == timedelta(seconds=60)
    assert failed(30, status=2).wait(EVERY) == timedelta(hours=4)


@pytest.mark.parametrize("status", [0, 3, 8, 9])
def test_a_cycle_with_results_ends_the_failures(status: int) -> None:
    assert failed(4).after(status, NOW, 1.0, "here").failures == 0


def test_a_rare_cycle_does_not_come_sooner_for_failing() -> None:
    rare = timedelta(hours=12)
    assert failed(5).wait(rare) == rare


def test_a_whole_cycle_comes_first_and_then_once_a_night() -> None:
    assert State().whole_is_due(NOW)
    today = State(whole_on="2026-03-02")
    assert not today.whole_is_due(NOW)
    assert not today.whole_is_due(datetime(2026, 3, 3, 1, 59, tzinfo=timezone.utc))
    assert today.whole_is_due(datetime(2026, 3, 3, 2, 0, tzinfo=timezone.utc))


def test_what_another_version_wrote() -> None:
    assert State.parse(None) == State()
    assert State.parse({"failures": 2, "else": 1}) == State(failures=2)
    assert State.parse(asdict(failed(2))) == failed(2)
