"""Every trap of the page met in every shape of it, without Scrapy."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_page import Browser

SCROLLS = ("list", "parent", "inner", "window")
ROWS: dict[str, dict[str, Any]] = {
    "kept": {"rows": "kept"},
    "virtualised": {"rows": "virtualised", "hrefs": "mixed"},
    "recycled": {"rows": "recycled", "data_ids": "none"},
}
BUTTONS: dict[str, dict[str, Any]] = {
    "no button": {},
    "a button after every page": {"more_button": "always"},
    "a button at the end": {"more_button": "at_end", "more_every": 2},
}
TRAPS: dict[str, dict[str, Any]] = {
    "loads fail": {"fail_every": 2},
    "loads are cut off": {"fail_every": 2, "fail_kind": "cut", "fail_mode": "retry_button"},
    "slow loads": {"slow_every": 3, "slow_ms": 2000},
    "end told late": {"has_more_lies": "once"},
    "chats jump": {"jump_every": 1},
    "chats jump and come unseen": {
        "jump_every": 1, "jump_live": False, "new_every": 2, "new_times": 2,
    },
    "clicks": {"wander": "click", "wander_times": 2},
    "pushState": {"wander": "push_state", "wander_times": 2},
    "replaceState": {"wander": "replace_state", "wander_to": "elsewhere"},
    "location.href": {"wander": "location_href", "wander_times": 2},
    "redirected to a chat": {
        "wander": "location_assign", "wander_to": "redirected", "wander_times": 2,
    },
}  # fmt: skip


def crossed() -> dict[str, dict[str, Any]]:
    """Each trap with each way to scroll; rows and buttons take turns, so that each trap meets each
    of them too, and each of them each other."""
    table = {}
    for i, (trap, sprung) in enumerate(TRAPS.items()):
        for j, scroll in enumerate(SCROLLS):
            rows = list(ROWS)[(i + j) % 3]
            button = list(BUTTONS)[(i + 2 * j) % 3]
            name = f"{trap}, {scroll}, {rows}, {button}"
            table[name] = {"scroll": scroll, **ROWS[rows], **BUTTONS[button], **sprung}
    return table


@pytest.mark.parametrize("scenario", crossed().values(), ids=crossed())
def test_every_chat_once(browser: Browser, scenario: dict[str, Any]) -> None:
    with Sandbox(Scenario(**{"chats": 65, "page_latency_ms": 10, **scenario})) as sandbox:
        collected = browser.run(browser.collect(sandbox.web_url))
        counters = sandbox.counters()
        assert collected.reason == "finished"
        found = Counter(chat.chat_id for chat in collected.chats)
        assert found == Counter(chat["chat_id"] for chat in sandbox.truth())
    assert counters["chats_opened_ids"] == []
    assert counters["chats_marked_read_ids"] == []
    assert counters["wanders"] == scenario.get("wander_times", "wander" in scenario)
    if "jump_every" in scenario:
        assert len(counters["jumps"]) > 2
    assert len(counters["new_chats"]) == scenario.get("new_times", 0)
    if "fail_every" in scenario:
        assert counters["answers"]["getChannels"].keys() & {"500", "dropped"}


FAILING: dict[str, dict[str, Any]] = {
    f"{share:.0%} of loads fail, {mode}, back-off of {back_off} ms, {scroll}, {list(ROWS)[row]}": {
        "fail_share": share, "fail_mode": mode, "back_off_ms": back_off, "scroll": scroll,
        "fail_kind": kind, **ROWS[list(ROWS)[row]],
    }
    for share, mode, back_off, scroll, kind, row in (
        (0.5, "scroll_retry", 0, "list", "http_500", 0),
        (0.5, "more_button", 1500, "window", "cut", 1),
        (0.2, "retry_button", 3000, "inner", "http_500", 2),
        (0.2, "more_button", 10_000, "parent", "http_500", 1),
        (0.5, "scroll_retry", 1500, "parent", "cut", 2),
    )
}  # fmt: skip


@pytest.mark.parametrize("scenario", FAILING.values(), ids=FAILING)
def test_loads_that_fail_are_not_given_up(browser: Browser, scenario: dict[str, Any]) -> None:
    with Sandbox(Scenario(chats=210, **scenario)) as sandbox:
        collected = browser.run(browser.collect(sandbox.web_url, timeout=240.0))
        failed = sandbox.counters()["answers"]["getChannels"]
        assert failed.keys() & {"500", "dropped"}
        assert collected.reason == "finished"
        found = Counter(chat.chat_id for chat in collected.chats)
        assert found == Counter(chat["chat_id"] for chat in sandbox.truth())
