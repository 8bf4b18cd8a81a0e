"""Avito refuses, from the start or half-way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_page import Browser


@pytest.mark.parametrize(
    ("refuse", "status"),
    [("forbidden_403", "403"), ("limited_429", "429"), ("redirect_302", "302")],
)
@pytest.mark.parametrize("shape", [{}, {"scroll": "window", "fail_mode": "more_button"}])
def test_calls_that_are_refused_half_way(
    browser: Browser, refuse: str, status: str, shape: dict[str, Any], tmp_path: Path
) -> None:
    options: dict[str, Any] = {"refuse": refuse, "refuse_after": 2, "refuse_pages": False, **shape}
    with Sandbox(Scenario(chats=200, **options)) as sandbox:
        collected = browser.run(browser.collect(sandbox.web_url, folder=tmp_path))
        refused = sandbox.counters()["answers"]["getChannels"][status]
    assert collected.reason == "blocked"
    assert len(collected.chats) == 60
    assert 1 <= refused <= 3
    assert len(list(tmp_path.glob("blocked-*.png"))) == 1


@pytest.mark.parametrize(
    "refuse",
    ["limited_429", "redirect_302", "ip_limited", "please_wait", "firewall", "geetest", "hcaptcha"],
)
def test_pages_that_refuse(browser: Browser, refuse: Any) -> None:
    with Sandbox(Scenario(chats=65, refuse=refuse)) as sandbox:
        collected = browser.run(browser.collect(sandbox.web_url))
    assert (collected.reason, collected.chats) == ("blocked", [])


def test_a_site_that_is_down(browser: Browser) -> None:
    with Sandbox(Scenario(chats=65, web_down=True)) as sandbox:
        collected = browser.run(browser.collect(sandbox.web_url))
    assert (collected.reason, collected.chats) == ("unavailable", [])


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://nowhere.invalid"])
def test_a_site_that_cannot_be_reached(
    browser: Browser, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    secret = url.replace("//", "//user:hunter2@")
    collected = browser.run(browser.collect(secret))
    assert (collected.reason, collected.chats) == ("unavailable", [])
    assert "cannot be reached" in caplog.text
    assert "hunter2" not in caplog.text


def test_half_an_emoji_in_a_row(browser: Browser) -> None:
    with Sandbox(Scenario(chats=65, data_ids="cut", transport="other")) as sandbox:
        collected = browser.run(browser.collect(sandbox.web_url, expected=65))
        assert {chat.chat_id for chat in collected.chats} == {
            chat["chat_id"] for chat in sandbox.truth()
        }
