"""Without Scrapy: the control figure, pages that turn one away in mid-scroll, the human pace."""

from __future__ import annotations

from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_page import Browser, Collected


def run(browser: Browser, scenario: dict[str, Any], **wanted: Any) -> tuple[Collected, Sandbox]:
    with Sandbox(Scenario(**{"chats": 80, "page_latency_ms": 10, **scenario})) as sandbox:
        return browser.run(browser.collect(sandbox.web_url, **wanted)), sandbox


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
