"""Avito refuses, from the start or half-way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from avito_sandbox import Sandbox, Scenario
from tests.integration.chats.test_hard_pages import PLAIN, collected, deep
from tests.integration.chats.test_other_pages import assert_all
from tests.integration.chats.tiny import Tiny
from tests.support.browser_page import Browser

CHECK = "<html><body><h1>Доступ с вашего IP временно ограничен</h1></body></html>"


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


def always(answer: Callable[[], web.Response]) -> Callable[[int], web.Response | None]:
    """Every call but the first two is answered so."""
    return lambda call: answer() if call > 2 else None


def test_calls_answered_with_a_check_page(browser: Browser) -> None:
    fault = always(lambda: web.Response(text=CHECK, content_type="text/html"))
    tiny = Tiny(PLAIN, total=200, fault=fault)
    got = collected(browser, tiny)
    assert (got.reason, len(got.chats)) == ("blocked", 40)
    assert tiny.calls <= 2 + 3


def test_calls_redirected_to_a_sign_in(browser: Browser) -> None:
    headers = {"Location": "/#login?next=%2Fprofile%2Fmessenger"}
    fault = always(lambda: web.Response(status=302, headers=headers))
    got = collected(browser, Tiny(PLAIN, total=200, fault=fault))
    assert (got.reason, len(got.chats)) == ("login_required", 40)


def test_a_page_that_asks_at_once_again_when_refused(browser: Browser) -> None:
    page = PLAIN.replace(
        "catch { busy = false; return; }", "catch { busy = false; grow(); return; }"
    )
    tiny = Tiny(page, total=200, fault=always(lambda: web.Response(status=429)))
    got = collected(browser, tiny)
    assert (got.reason, len(got.chats)) == ("blocked", 40)
    assert tiny.calls <= 2 + 3


def test_refused_once_is_not_refused(browser: Browser) -> None:
    tiny = Tiny(PLAIN, fault=lambda call: web.Response(status=429) if call == 3 else None)
    assert_all(collected(browser, tiny), tiny)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=503),
        lambda: web.json_response({"error": {"code": 500, "message": "internal"}}),
    ],
    ids=["503", "an error with status 200"],
)
def test_errors_are_no_refusals(
    browser: Browser, answer: Callable[[], web.Response], caplog: pytest.LogCaptureFixture
) -> None:
    def some(call: int) -> web.Response | None:
        return answer() if 2 < call < 6 else None

    tiny = Tiny(PLAIN, fault=some)
    assert_all(collected(browser, tiny), tiny)
    got = collected(browser, deep(answer)(PLAIN, total=200), patience=1.0)
    assert (got.reason, len(got.chats)) == ("incomplete", 40)
    assert "40 chats found; the page has more and loaded nothing new for 1 s" in caplog.text
