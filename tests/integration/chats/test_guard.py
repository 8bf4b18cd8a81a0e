"""Every way a page has to ask for a chat's page: none reaches the server."""

from __future__ import annotations

import asyncio
import operator
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic

import pytest
from playwright.async_api import async_playwright

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.browser.guard import Guard, close_guarded
from avito_scrapy.browser.launch import find_browser
from avito_scrapy.errors import UsageError
from tests.integration.chats.tiny import Tiny, serve
from tests.support.browser_page import Browser

# A navigation of the page itself; $ stands for the address of the chat's page. The page stays.
LEAVINGS = {
    "assign": "location.assign('$')",
    "replace": "location.replace('$')",
    "navigation-api": "navigation.navigate('$').finished.catch(() => 0)",
    "meta-refresh": "add('meta', {httpEquiv: 'refresh', content: '0;url=$'})",
    "form": "add('form', {method: 'post', action: '$'}).submit()",
    "link": "add('a', {href: '$', textContent: 'x'}).click()",
    "open": "window.open('$')",
    "push": "history.pushState({}, '', '$'); location.reload()",
    "replace-state": "history.replaceState({}, '', '$'); location.reload()",
}
ADD = """const add = (tag, more) =>
  document.body.appendChild(Object.assign(document.createElement(tag), more));"""


async def until(true: Callable[[], object], what: str) -> None:
    """Wait until ``true()``."""
    end = monotonic() + 20
    while not true():
        assert monotonic() < end, what
        await asyncio.sleep(0.02)


def test_the_page_cannot_leave_for_a_chat(browser: Browser) -> None:
    async def walk() -> tuple[list[str], Counter[str]]:
        async with serve(Tiny("<p>messenger</p>")) as tiny, browser.guarded_page() as guarded:
            page = guarded.page
            for name, way in LEAVINGS.items():
                before = guarded.counts.copy()
                await page.goto(f"{tiny.url}/profile/messenger")
                address = f"/profile/messenger/channel/{name}"
                script = f"{ADD} try {{ {way.replace('$', address)} }} catch {{}}"
                await page.evaluate(f"() => {{ {script} }}")
                await until(partial(operator.ne, guarded.counts, before), name)
                # What the page asks for now comes after all that it has asked for already.
                await page.evaluate("fetch('/after').then((answer) => answer.text())")
                assert "/channel/" not in page.url
            return tiny.opened, guarded.counts

    opened, counts = browser.run(walk())
    assert opened == []
    assert set(counts) == {"click", "push_state", "navigation"}


# Ends of roads that the page reports: it has heard what became of its requests.
ENDS = {"cross-site", "cross-site-worker", "sandboxed", "sandboxed-worker", "worker", "empty-tab"}


def everything_taken(sandbox: Sandbox) -> bool:
    """Whether the page has tried all its roads."""
    taken = set(sandbox.counters()["roads_taken"])
    return taken >= ENDS and sum(name.endswith("-taken") for name in taken) >= 44


def test_no_other_road_leads_to_a_chat(browser: Browser) -> None:
    async def walk(sandbox: Sandbox) -> None:
        async with browser.guarded_page() as guarded:
            await guarded.page.goto(f"{sandbox.web_url}/profile/messenger")
            await until(lambda: everything_taken(sandbox), "roads")
            await until(lambda: guarded.counts["frame"] == 2, "frames")
            assert guarded.counts["request"] > 30
            await close_guarded(guarded.page)

    with Sandbox(Scenario(chats=20, roads=True)) as sandbox:
        browser.run(walk(sandbox))
        browser.restart()  # its end ends whatever was still on its way
        assert sandbox.counters()["chats_opened_ids"] == []
        assert sandbox.counters()["requests"]["getChannels"] == 1


def test_the_same_page_without_a_guard_opens_them(tmp_path: Path) -> None:
    """The roads are there: what the guard stops does arrive."""

    async def walk(sandbox: Sandbox) -> None:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                tmp_path, executable_path=find_browser(None), args=["--no-sandbox"]
            )
            page = await context.new_page()
            await page.goto(f"{sandbox.web_url}/profile/messenger")
            await until(lambda: everything_taken(sandbox), "roads")
            await until(lambda: len(set(sandbox.counters()["chats_opened_ids"])) > 58, "arrivals")
            await page.close()
            ends = {f"closing-{kind}-beacon" for kind in ("pagehide", "visibilitychange")}
            ends |= {"closing-later", "u2i-1-closing-pagehide"}
            ends |= {"text-frame", "binary-frame", "worker-frame"}
            await until(lambda: ends <= set(sandbox.counters()["chats_opened_ids"]), "closing")
            await context.close()

    with Sandbox(Scenario(chats=20, roads=True)) as sandbox:
        asyncio.run(walk(sandbox))


def test_a_browser_that_ignores_the_rules_is_refused(tmp_path: Path) -> None:
    async def walk() -> None:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                tmp_path, executable_path=find_browser(None), args=["--no-sandbox"]
            )
            try:
                with pytest.raises(UsageError, match="does not load the rules"):
                    await Guard(lambda _kind: None, proof_seconds=0.5).install(context.pages[0])
            finally:
                await context.close()

    asyncio.run(walk())


OPENS_AT_LOAD = """<script>
  location.assign('/profile/messenger/channel/at-load');
  try { history.pushState({}, '', '/profile/messenger/channel/at-load'); } catch {}
  fetch('/profile/messenger/channel/at-load').catch(() => 0);
</script><p>messenger</p>"""


def test_guarded_from_the_first_script_on(browser: Browser) -> None:
    async def visit() -> tuple[list[str], str]:
        async with serve(Tiny(OPENS_AT_LOAD)) as tiny, browser.guarded_page() as guarded:
            await guarded.page.goto(f"{tiny.url}/profile/messenger")
            await guarded.page.evaluate("fetch('/after').then((answer) => answer.text())")
            assert guarded.counts == {"navigation": 1, "push_state": 1, "request": 1}
            return tiny.opened, await guarded.page.inner_text("p")

    assert browser.run(visit()) == ([], "messenger")


ROWS = """<div data-marker="channels/list">
  <a data-marker="channels/channelLink" href="/profile/messenger/channel/u2i-1-2"><div
     data-marker="channels/channel" data-id="u2i-1-2"><b>x</b></div></a>
  <div data-marker="channels/channel" data-id="u2i-3-4" tabindex="0"><i>y</i></div>
</div><button>other</button><script>
  window.heard = [];
  for (const name of ['pointerdown', 'mousedown', 'mouseup', 'click', 'auxclick', 'keydown'])
    document.addEventListener(name, (event) => heard.push(`${name} ${event.target.tagName}`), true);
</script>"""


def test_rows_take_no_clicks_and_no_keys(browser: Browser) -> None:
    async def press() -> tuple[list[str], list[str], int]:
        async with serve(Tiny(ROWS)) as tiny, browser.guarded_page() as guarded:
            page = guarded.page
            await page.goto(f"{tiny.url}/profile/messenger")
            box = await page.locator("b").bounding_box()
            assert box is not None
            await page.mouse.click(box["x"] + 2, box["y"] + 2)
            await page.mouse.click(box["x"] + 2, box["y"] + 2, button="middle")
            await page.focus("[data-id='u2i-3-4']")
            await page.keyboard.press("Enter")
            await page.evaluate("document.querySelector('i').click()")
            await page.click("button")
            return await page.evaluate("heard"), tiny.opened, guarded.counts["click"]

    heard, opened, clicks = browser.run(press())
    assert opened == []
    assert clicks == 4
    assert [entry for entry in heard if "BUTTON" not in entry] == []
    assert "click BUTTON" in heard
