"""Every shape of the page can be scrolled to its end by whoever scrolls it rightly."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from avito_sandbox import Sandbox, Scenario
from tests.unit.sandbox.scrolling import open_page, scroll

LINK = 'a[data-marker="channels/channelLink"]'
ROW = f'{LINK} [data-marker="channels/channel"]'


@pytest.mark.parametrize(
    "options",
    [
        {"scroll": "list", "rows": "kept"},
        {"scroll": "window", "rows": "virtualised"},
        {"scroll": "parent", "rows": "recycled"},
        {"scroll": "inner", "rows": "virtualised", "more_button": "always"},
        {"scroll": "window", "rows": "kept", "more_button": "at_end", "more_every": 2},
        {"rows": "virtualised", "fail_every": 2},
        {"rows": "recycled", "fail_every": 3, "fail_mode": "retry_button", "fail_kind": "reset"},
        {"scroll": "window", "slow_every": 2, "slow_ms": 60, "page_latency_ms": 10},
        {"has_more_lies": "once"},
        {"has_more_lies": "always", "rows": "virtualised"},
        {"first_page": "embedded", "hrefs": "mixed"},
        {"transport": "other", "data_ids": "none"},
        {"rows": "virtualised", "jump_every": 1},
        {"rows": "kept", "jump_every": 1, "new_every": 2, "new_times": 1},
        {"rows": "recycled", "jump_every": 1, "jump_duplicates": True},
    ],
    ids=str,
)
def test_every_shape_can_be_scrolled_to_the_end(browser: Browser, options: dict[str, Any]) -> None:
    with Sandbox(Scenario(chats=65, **options)) as sandbox:
        scrolled = scroll(browser, sandbox)
        assert scrolled.missing == set()
        assert scrolled.counters["chats_opened"] == 0
        assert scrolled.counters["loads"] >= (2 if "first_page" in options else 3)
        if "jump_every" in options:
            assert len(scrolled.counters["jumps"]) >= 3
        if "new_every" in options:
            assert scrolled.counters["new_chats"]
        scrolled.page.close()


def test_rows_carry_the_markers(browser: Browser) -> None:
    with Sandbox(Scenario(chats=30, now=1_790_000_000)) as sandbox:
        page = open_page(browser, sandbox)
        page.wait_for_selector(LINK)
        assert page.locator('[data-marker="channels/list"]').count() == 1
        truth = sandbox.truth()
        links = page.locator(LINK)
        assert links.count() == 30
        for place, one in enumerate(truth):
            link = links.nth(place)
            assert link.get_attribute("href") == f"/profile/messenger/channel/{one['chat_id']}"
            row = link.locator('[data-marker="channels/channel"]')
            assert row.get_attribute("data-id") in (None, one["chat_id"])
            assert row.get_attribute("data-read") == str(not one["is_unread"]).lower()
            name = link.locator(
                '[data-marker="channels/user-title"], [data-marker="channels/channel-name"]'
            )
            assert name.text_content() == one["user_name"]
            item = link.locator('[data-marker="channels/item-title"]')
            assert item.count() == (one["item_title"] is not None)
            ours = link.locator('[data-marker^="icon/messenger-status"]').count() == 1
            if one["last_message_direction"]:
                assert ours == (one["last_message_direction"] == "out")
        page.close()


def test_dates_take_all_their_forms(browser: Browser) -> None:
    with Sandbox(Scenario(chats=600, now=1_790_000_000, first_page="embedded")) as sandbox:
        page = open_page(browser, sandbox)
        page.wait_for_selector(LINK)
        times = [chat.sort_ns for chat in sandbox.world.chats]
        texts = page.evaluate(
            """async (times) => {
              const { dateText } = await import('/s/rows.js');
              return times.map((time, n) => dateText(time, `chat ${n}`));
            }""",
            times,
        )
        page.close()
    forms = [
        re.compile(form)
        for form in (r"\d\d:\d\d", "сегодня", "вчера", r"\d{1,2} [а-я]+", r"\d{1,2} [а-я]+ \d{4}")
    ]
    assert all(any(form.fullmatch(text) for form in forms) for text in texts)
    for form in forms:
        assert any(form.fullmatch(text) for text in texts), form.pattern


def test_class_names_differ_between_seeds(browser: Browser) -> None:
    names = []
    for seed in (1, 2):
        with Sandbox(Scenario(chats=5, seed=seed)) as sandbox:
            page = open_page(browser, sandbox)
            page.wait_for_selector(LINK)
            names.append(page.locator(LINK).first.get_attribute("class"))
            page.close()
    assert names[0] != names[1]


def test_virtualised_rows_leave_the_dom_and_recycled_ones_stay(browser: Browser) -> None:
    counts = {}
    for rows in ("kept", "virtualised", "recycled"):
        with Sandbox(Scenario.model_validate({"chats": 90, "rows": rows})) as sandbox:
            page = open_page(browser, sandbox)
            page.wait_for_selector(LINK)
            first = page.locator(LINK).first.get_attribute("href")
            page.evaluate(
                """async () => {
                  const box = document.querySelector('[data-marker="channels/list"]');
                  for (let frames = 5; box.scrollHeight < 90 * 72 || frames; frames -= !!frames) {
                    box.scrollTop = box.scrollHeight;
                    await new Promise(requestAnimationFrame);
                  }
                }"""
            )
            there = page.locator(f'{LINK}[href="{first}"]').count()
            counts[rows] = (there, page.locator(LINK).count())
            page.close()
    assert counts["kept"] == (1, 90)
    assert counts["virtualised"][0] == counts["recycled"][0] == 0
    assert max(counts["virtualised"][1], counts["recycled"][1]) < 30


def test_leaping_to_the_end_misses_virtualised_rows(browser: Browser) -> None:
    """What the old scripts did: they looked at the DOM only when the end was reached."""
    with Sandbox(Scenario(chats=150, rows="virtualised")) as sandbox:
        page = open_page(browser, sandbox)
        page.wait_for_selector(LINK)
        page.evaluate(
            """async () => {
              const box = document.querySelector('[data-marker="channels/list"]');
              while (box.scrollHeight < 150 * 72) {
                box.scrollTop = box.scrollHeight;
                await new Promise(requestAnimationFrame);
              }
            }"""
        )
        assert sandbox.counters()["loads"] == 5
        assert page.locator(LINK).count() < 30
        page.close()
