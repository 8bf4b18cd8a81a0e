"""Every trap of the page really bites whoever is careless."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from avito_sandbox import Sandbox, Scenario
from tests.support.browser_processes import until
from tests.unit.sandbox.scrolling import open_page, scroll

LINK = 'a[data-marker="channels/channelLink"]'


@pytest.mark.parametrize(
    ("options", "opened"),
    [
        ({"wander": "click"}, 1),
        ({"wander": "click", "open_by": "api"}, 1),
        ({"wander": "push_state"}, 1),
        ({"wander": "replace_state"}, 1),
        ({"wander": "location_assign"}, 1),
        ({"wander": "location_href"}, 1),
        ({"wander": "push_state", "wander_to": "elsewhere"}, 0),
        ({"wander": "click", "wander_to": "elsewhere"}, 0),
        ({"wander": "location_assign", "wander_to": "elsewhere"}, 0),
    ],
    ids=str,
)
def test_the_page_leaves_by_itself(browser: Browser, options: dict[str, Any], opened: int) -> None:
    with Sandbox(Scenario(chats=60, wander_after=1, **options)) as sandbox:
        page = open_page(browser, sandbox)
        elsewhere = options.get("wander_to") == "elsewhere"
        page.wait_for_url(re.compile("/profile$" if elsewhere else "/messenger/channel/"))
        expect(page.locator(LINK).locator("visible=true")).to_have_count(0)
        until(lambda: sandbox.counters()["wanders"], 30)
        until(lambda: sandbox.counters()["chats_opened"] >= opened, 30)
        page.wait_for_load_state("networkidle")
        counters = sandbox.counters()
        assert counters["wanders"] == 1
        assert counters["chats_opened"] == opened
        if opened:
            assert sandbox.world.chats_by_id[counters["chats_opened_ids"][0]].is_read
        page.close()


def test_it_leaves_as_often_as_told(browser: Browser) -> None:
    scenario = Scenario(chats=60, wander="location_assign", wander_after=1, wander_times=2)
    with Sandbox(scenario) as sandbox:
        page = open_page(browser, sandbox)
        for _ in range(2):
            page.wait_for_url("**/messenger/channel/**")
            page.goto(f"{sandbox.web_url}/profile/messenger")
        expect(page.locator(LINK).first).to_be_visible()
        page.evaluate("new Promise((done) => setTimeout(done, 100))")
        assert page.url.endswith("/profile/messenger")
        assert sandbox.counters()["chats_opened"] == 2
        page.close()


def test_a_click_opens_the_chat_and_back_shows_the_list(browser: Browser) -> None:
    with Sandbox(Scenario(chats=30, rows="virtualised")) as sandbox:
        page = open_page(browser, sandbox)
        page.locator(LINK).nth(3).click()
        page.wait_for_url("**/messenger/channel/**")
        until(lambda: sandbox.counters()["chats_opened"], 30)
        assert sandbox.counters()["chats_opened_ids"] == [sandbox.world.chats[3].id]
        page.go_back()
        expect(page.locator(LINK).first).to_be_visible()
        page.close()


def test_what_jumps_unseen_is_there_after_a_reload_only(browser: Browser) -> None:
    with Sandbox(Scenario(chats=150, jump_every=1, jump_live=False)) as sandbox:
        scrolled = scroll(browser, sandbox, lambda: set(sandbox.counters()["jumps"]))
        jumped = set(sandbox.counters()["jumps"])
        assert scrolled.missing
        assert scrolled.missing <= jumped
        scrolled.page.reload()
        expect(scrolled.page.locator(LINK).first).to_be_visible()
        hrefs = scrolled.page.locator(LINK).evaluate_all("all => all.map((one) => one.href)")
        shown = {href.rpartition("/")[2] for href in hrefs}
        assert scrolled.missing <= shown
        scrolled.page.close()


def test_what_jumps_live_is_at_the_top_and_nowhere_else(browser: Browser) -> None:
    with Sandbox(Scenario(chats=30, rows="virtualised")) as sandbox:
        page = open_page(browser, sandbox)
        expect(page.locator(LINK).first).to_be_visible()
        until(lambda: sandbox.world.watchers, 30)
        chat = sandbox.world.chats[2]
        sandbox.control("new_message", chat_id=chat.id, direction="out", text="Ждём вас")
        row = page.locator(f'{LINK}[href$="{chat.id}"]')
        expect(row.locator('[data-marker="channels/last-message"]')).to_have_text("Ждём вас")
        expect(row).to_have_count(1)
        assert "translateY(0px)" in (row.get_attribute("style") or "")
        assert row.locator('[data-marker^="icon/messenger-status"]').count() == 1
        page.close()


@pytest.mark.parametrize("redirect", ["server", "client"])
def test_signed_out_and_in_again(browser: Browser, redirect: Any) -> None:
    scenario = Scenario(chats=40, session="cookie", redirect=redirect)
    with Sandbox(scenario) as sandbox:
        page = open_page(browser, sandbox)
        page.wait_for_url("**/#login*")
        expect(page.get_by_text("Введите телефон")).to_be_visible()
        page.get_by_role("button", name="Войти").click()
        expect(page.locator(LINK).first).to_be_visible()
        cookie = next(one for one in page.context.cookies() if one["name"] == "sessid")
        assert cookie["expires"] > 0  # outlives the browser
        sandbox.control("sign_out")
        page.reload()
        page.wait_for_url("**/#login*")
        page.close()


def test_the_login_page_can_sign_in_by_itself(browser: Browser) -> None:
    with Sandbox(Scenario(chats=40, session="cookie", auto_login_ms=50)) as sandbox:
        page = open_page(browser, sandbox)
        expect(page.locator(LINK).first).to_be_visible()
        assert sandbox.counters()["logins"] == 1
        page.close()


def test_signed_out_in_mid_scroll(browser: Browser) -> None:
    with Sandbox(Scenario(chats=300, sign_out_after=2, rows="virtualised")) as sandbox:
        page = open_page(browser, sandbox)
        page.evaluate(
            """setInterval(() => document.querySelector('[data-marker="channels/list"]')
              .scrollBy(0, 9999), 20) && null"""
        )
        page.wait_for_url("**/#login*")
        page.close()


@pytest.mark.parametrize(
    ("refuse", "sign"),
    [
        ("forbidden_403", "403 Forbidden"),
        ("ip_title", "Доступ ограничен: проблема с IP"),
        ("robot_check", "Подтвердите, что вы не робот"),
    ],
)
@pytest.mark.parametrize("after", [0, 1])
def test_refused(browser: Browser, refuse: Any, sign: str, after: int) -> None:
    with Sandbox(Scenario(chats=100, refuse=refuse, refuse_after=after)) as sandbox:
        page = open_page(browser, sandbox)
        if after:
            expect(page.locator(LINK).first).to_be_visible()
            page.evaluate("document.querySelector('section > div').scrollTop = 9999")
        expect(page.get_by_role("heading", name=sign)).to_be_visible()
        if refuse == "ip_title":
            assert page.title() == sign
        page.close()


def test_recording_a_page_with_its_socket(browser: Browser) -> None:
    with Sandbox(Scenario(chats=40, record=True)) as sandbox:
        page = open_page(browser, sandbox)
        expect(page.locator(LINK).first).to_be_visible()
        page.goto(f"{sandbox.web_url}/profile")
        page.wait_for_load_state("networkidle")
        seen = {one["method"]: one for one in sandbox.requests()}
        assert {"messenger_page", "getChannels", "static", "profile_page"} <= set(seen)
        assert '"offsetTimestamp":null' in seen["getChannels"]["body"]
        assert all(one["status"] in (101, 200, 204) for one in sandbox.requests())
        assert sandbox.counters()["answers"]["messenger_page"] == {"200": 1}
        page.close()
