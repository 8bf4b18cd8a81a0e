"""Pages that ask for other lists than their own, and answers of another shape."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.integration.chats.test_other_pages import COMMON, KEPT, assert_all
from tests.integration.chats.tiny import Tiny, channel, serve
from tests.support.browser_page import Browser, Collected

# What the list itself asks for, as seen.
OWN = "filters: {excludeTags: [2, 3], anyTags: []}, category: 1"
ASK = "fetch('/web/1/messenger/getChannels', {method: 'POST', body: JSON.stringify(%s)});"
UNREAD = ASK % "{filters: {unreadOnly: true, excludeTags: [2, 3]}, category: 1}"
FOLDER = ASK % "{filters: {excludeTags: []}, category: 2, offsetTimestamp: null}"
FLAGGED = ASK % "{filters: {excludeTags: [2, 3], flagged: true}, category: 1}"
PICKED = ASK % "{filters: {anyTags: [5]}, category: 1}"

# Asks for its next part a good while after the scrolling stopped.
SLOW = KEPT.replace(
    "addEventListener('scroll', () => { if (nearEnd()) grow(); });",
    "let timer; addEventListener('scroll', () => { clearTimeout(timer);"
    " timer = setTimeout(() => { if (nearEnd()) grow(); }, 400); });",
).replace("  if (nearEnd()) grow();\n}", "}")


def is_own(asked: dict[str, Any]) -> bool:
    return bool(
        asked["filters"] == {"excludeTags": [2, 3], "anyTags": []} and asked["category"] == 1
    )


def as_json(answer: object) -> web.Response:
    return web.Response(text=json.dumps(answer), content_type="application/json")


@dataclass
class Folders(Tiny):
    """Has five chats in every other list, and nothing after them; ``asked``: those lists."""

    asked: list[dict[str, Any]] = field(default_factory=list)

    def _channels(self, asked: dict[str, Any]) -> web.Response:
        if is_own(asked):
            return super()._channels(asked)
        self.asked.append(asked)
        channels = [channel(number) for number in range(900, 905)]
        return as_json({"success": {"channels": channels, "hasMore": False}})


@dataclass
class Shaped(Tiny):
    """ListResponses in the shape that ``shape`` makes of the known one."""

    shape: str = "success"

    def _channels(self, asked: dict[str, Any]) -> web.Response:
        text = super()._channels(asked).text
        known = json.loads(text or "")["success"]
        if self.shape == "beside":
            return as_json({"success": True, **known})
        return as_json({"success": True, self.shape: known})


def run(browser: Browser, tiny: Tiny, **wanted: Any) -> Collected:
    async def go() -> Collected:
        async with serve(tiny):
            return await browser.collect(tiny.url, **wanted)

    return browser.run(go())


def page(rows: str, hook: str = "", first: str = "") -> str:
    common = COMMON.replace("filters: {}", OWN)
    return common + f"<script>{first}</script>" + rows.replace("HOOK", hook)


@pytest.mark.parametrize("other", [UNREAD, FOLDER])
def test_another_list_asked_for_later(browser: Browser, other: str) -> None:
    tiny = Folders(page(SLOW, f"if (loads === 1) {other}"))
    assert_all(run(browser, tiny), tiny)
    assert tiny.asked


@pytest.mark.parametrize("other", [FLAGGED, PICKED])
def test_another_list_asked_for_first(browser: Browser, other: str) -> None:
    tiny = Folders(page(SLOW, first=other))
    assert_all(run(browser, tiny), tiny)
    assert tiny.asked


def test_another_list_asked_for_all_the_time(browser: Browser) -> None:
    """It must not end the waits for the page's own."""
    tiny = Folders(page(SLOW, f"if (loads === 1) setInterval(() => {{ {FOLDER} }}, 100);"))
    assert_all(run(browser, tiny), tiny)
    assert len(tiny.asked) > tiny.visits


def test_another_list_that_never_loads(browser: Browser) -> None:
    class Broken(Folders):
        def _channels(self, asked: dict[str, Any]) -> web.Response:
            return super()._channels(asked) if is_own(asked) else web.Response(status=500)

    tiny = Broken(page(KEPT, f"if (loads === 1) setInterval(() => {{ {FOLDER} }}, 30);"))
    assert_all(run(browser, tiny), tiny)


@pytest.mark.parametrize("shape", ["data", "beside"])
def test_shapes_that_are_understood(browser: Browser, shape: str) -> None:
    success = "" if shape == "beside" else f".{shape}"
    text = page(KEPT).replace("JSON.parse(text).success", f"JSON.parse(text){success}")
    tiny = Shaped(text, shape=shape)
    collected = run(browser, tiny)
    assert_all(collected, tiny)
    assert collected.told["end_seen"] == 1


def test_a_shape_that_is_not_understood_fails_nothing(browser: Browser) -> None:
    text = page(KEPT).replace("JSON.parse(text).success", "JSON.parse(text).payload")
    tiny = Shaped(text, total=180, shape="payload")
    collected = run(browser, tiny, expected=tiny.total)
    assert_all(collected, tiny)
    assert collected.told["end_seen"] == 0


@pytest.mark.parametrize("text", ["<p>Скоро вернёмся</p>", '{"success": {"channels": ['])
def test_answers_that_are_no_json_have_failed(browser: Browser, text: str) -> None:
    def fault(call: int) -> web.Response | None:
        return web.Response(text=text, content_type="application/json") if call in (2, 3) else None

    tiny = Tiny(page(KEPT), fault=fault)
    collected = run(browser, tiny)
    assert_all(collected, tiny)
    assert collected.counts["recoveries"] > 0
