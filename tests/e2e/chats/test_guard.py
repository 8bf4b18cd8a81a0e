"""The page tries to open chats and to leave: no chat is opened, and the list is read to its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.chats_run import assert_all_found, run_chats

WANDERS: dict[str, tuple[str, dict[str, Any]]] = {
    "clicks a row that asks an unknown address": (
        "click", {"wander": "click", "open_by": "api", "rows": "virtualised", "wander_times": 2},
    ),
    "pushState": ("push_state", {"wander": "push_state", "wander_times": 2}),
    "replaceState, then an unknown address": (
        "push_state", {"wander": "replace_state", "open_by": "api", "scroll": "window"},
    ),
    "location.assign while it loads": (
        "navigation", {"wander": "location_assign", "wander_after": 0, "wander_times": 2},
    ),
    "location.assign to another page, twice": (
        "returned",
        {"wander": "location_assign", "wander_to": "elsewhere", "wander_times": 2},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "scenario"), WANDERS.values(), ids=WANDERS)
def test_nothing_is_opened(kind: str, scenario: dict[str, Any], tmp_path: Path) -> None:
    run = run_chats({"chats": 95, "page_latency_ms": 20, **scenario}, tmp_path)
    assert_all_found(run)
    times = scenario.get("wander_times", 1)
    assert run.counters["wanders"] == times
    assert run.guarded(kind) == times


def test_no_road_leads_to_a_chat_while_the_page_is_open_or_closed(tmp_path: Path) -> None:
    run = run_chats({"chats": 95, "roads": True}, tmp_path)
    assert_all_found(run)
    assert run.counters["roads_taken"]
    assert run.guarded("request")
