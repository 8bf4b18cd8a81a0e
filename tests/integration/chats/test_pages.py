"""More shapes and traps of the page than the end-to-end tests have time for, without Scrapy."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_page import Browser, Collected

SHAPES: dict[str, dict[str, Any]] = {
    "recycled, in the list": {"rows": "recycled", "data_ids": "none"},
    "kept, inside the list": {"scroll": "inner", "more_button": "always"},
    "virtualised, around the list": {"rows": "virtualised", "scroll": "parent", "hrefs": "mixed"},
    "recycled, window, resets": {"rows": "recycled", "scroll": "window", "fail_every": 2,
                                 "fail_kind": "reset"},
    "retry button, HTTP 500": {"rows": "virtualised", "fail_every": 2,
                               "fail_mode": "retry_button"},
    "jumps, live": {"jump_every": 1, "jump_live": True, "rows": "virtualised"},
    "jumps and new ones, window, kept": {"jump_every": 1, "jump_live": False, "new_every": 2,
                                         "new_times": 2, "scroll": "window"},
    "click": {"wander": "click", "wander_times": 2, "scroll": "window"},
    "location.href": {"wander": "location_href", "rows": "virtualised"},
    "pushState elsewhere": {"wander": "push_state", "wander_to": "elsewhere"},
    "replaceState elsewhere": {"wander": "replace_state", "wander_to": "elsewhere"},
    "click elsewhere": {"wander": "click", "wander_to": "elsewhere", "wander_after": 1},
}  # fmt: skip


def run(browser: Browser, scenario: dict[str, Any], **wanted: Any) -> tuple[Collected, Sandbox]:
    with Sandbox(Scenario(**{"chats": 80, "page_latency_ms": 10, **scenario})) as sandbox:
        return browser.run(browser.collect(sandbox.web_url, **wanted)), sandbox


@pytest.mark.parametrize("scenario", SHAPES.values(), ids=SHAPES)
def test_every_chat_once(browser: Browser, scenario: dict[str, Any]) -> None:
    collected, sandbox = run(browser, scenario)
    assert collected.reason == "finished"
    found = Counter(chat.chat_id for chat in collected.chats)
    assert found == Counter(chat["chat_id"] for chat in sandbox.truth())
    assert sandbox.counters()["chats_opened_ids"] == []
    assert sandbox.counters()["chats_marked_read_ids"] == []
    assert sandbox.counters()["wanders"] == scenario.get("wander_times", "wander" in scenario)


@pytest.mark.parametrize("markup", ["tab", "heading", "inline"])
def test_control_figure(browser: Browser, markup: str) -> None:
    collected, _ = run(
        browser,
        {"chats": 20, "favorites_markup": markup, "favorites_count": 2655},
        expected="favorites",
    )
    assert collected.told["expected"] == 2655
    assert collected.reason == "incomplete"


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ({"session": "signed_out", "redirect": "client"}, "login_required"),
        ({"sign_out_after": 2}, "login_required"),
        ({"refuse": "robot_check", "refuse_after": 2}, "blocked"),
        ({"refuse": "forbidden_403", "refuse_after": 2}, "blocked"),
    ],
)
def test_turned_away(browser: Browser, scenario: dict[str, Any], reason: str) -> None:
    collected, sandbox = run(browser, scenario)
    assert collected.reason == reason
    assert len(collected.chats) == min(60, 30 * sandbox.counters()["loads"])


def test_human_pace_reads_everything(browser: Browser) -> None:
    collected, sandbox = run(browser, {"chats": 45}, pace="human")
    assert collected.reason == "finished"
    assert len(collected.chats) == len(sandbox.truth())
