"""Every way a page has to ask for a chat's page: none reaches the server."""

from __future__ import annotations

import asyncio
from collections import Counter
from time import monotonic

import pytest

from tests.integration.chats.tiny import Tiny, serve
from tests.support.browser_page import Browser

# $ stands for the address of the chat's page; the last part is the name of the way.
WAYS = {
    "assign": "location.assign('$')",
    "replace": "location.replace('$')",
    "redirect": "location.assign('/to?chat=redirect')",
    "navigation-api": "navigation.navigate('$').finished.catch(() => 0)",
    "fetch": "fetch('$').catch(() => 0)",
    "fetch-redirect": "fetch('/to?chat=fetch-redirect').catch(() => 0)",
    "fetch-escaped": "fetch('/profile/messenger/%63hannel/fetch-escaped').catch(() => 0)",
    "keepalive": "fetch('$', {keepalive: true}).catch(() => 0)",
    "xhr": "const x = new XMLHttpRequest(); x.open('GET', '$'); x.send()",
    "beacon": "navigator.sendBeacon('$', 'x')",
    "image": "new Image().src = '$'",
    "event-source": "new EventSource('$')",
    "open": "window.open('$')",
    "frame": "add('iframe', {src: '$'})",
    "frame-redirect": "add('iframe', {src: '/to?chat=frame-redirect'})",
    "prefetch": "add('link', {rel: 'prefetch', href: '$'})",
    "preload": "add('link', {rel: 'preload', as: 'fetch', href: '$'})",
    "rules": "add('script', {type: 'speculationrules', textContent: JSON.stringify({prefetch: "
    "[{urls: ['$'], eagerness: 'immediate'}], prerender: [{urls: ['$?p'], "
    "eagerness: 'immediate'}]})})",
    "worker": "new Worker('/worker.js?chat=worker')",
    "shared-worker": "new SharedWorker('/worker.js?chat=shared-worker')",
    "service-worker": "navigator.serviceWorker.register('/worker.js?chat=service-worker')",
    "form": "add('form', {method: 'post', action: '$'}).submit()",
    "meta-refresh": "add('meta', {httpEquiv: 'refresh', content: '0;url=$'})",
    "link": "add('a', {href: '$', textContent: 'x'}).click()",
    "new-tab": "add('a', {href: '$', target: '_blank', textContent: 'x'}).click()",
    "push": "history.pushState({}, '', '$'); location.reload()",
    "replace-state": "history.replaceState({}, '', '$'); location.reload()",
}
ADD = """const add = (tag, more) =>
  document.body.appendChild(Object.assign(document.createElement(tag), more));"""


# Without a word: preloading is switched off, workers of these kinds are not to be had.
SILENT = {"rules", "shared-worker", "service-worker"}


async def noticed(counts: Counter[str], before: int) -> None:
    """Until the guard has counted something more."""
    end = monotonic() + 10
    while counts.total() == before:
        assert monotonic() < end
        await asyncio.sleep(0.01)


async def walk(browser: Browser) -> tuple[list[str], Counter[str]]:
    """Try every way; the chats' pages that were asked for, and what the guard has counted."""
    async with serve(Tiny("<p>messenger</p>")) as tiny, browser.guarded_page() as guarded:
        page = guarded.page
        for name, way in WAYS.items():
            before = guarded.counts.total()
            await page.goto(f"{tiny.url}/profile/messenger")
            address = f"/profile/messenger/channel/{name}"
            script = f"{ADD} try {{ {way.replace('$', address)} }} catch {{}}"
            await page.evaluate(f"() => {{ {script} }}")
            if name not in SILENT:
                await noticed(guarded.counts, before)
            # What the page asks for now comes after all that it has asked for already.
            await page.evaluate("fetch('/after').then((answer) => answer.text())")
            assert "/channel/" not in page.url
        return tiny.opened, guarded.counts


def test_no_request_for_a_chats_page(browser: Browser) -> None:
    opened, counts = browser.run(walk(browser))
    assert opened == []
    assert set(counts) == {"click", "push_state", "navigation", "request"}


# Of another tab: their redirects cannot be seen, so nothing at all may leave.
TABS = {
    "redirect": "window.open('/to?chat=redirect')",
    "link": "add('a', {href: '/to?chat=link', target: '_blank', textContent: 'x'}).click()",
    "no-opener": "window.open('/to?chat=no-opener', '_blank', 'noopener')",
    "its-own-fetch": "window.open('/x').fetch('/to?chat=fetch').catch(() => 0)",
}


@pytest.mark.parametrize("way", TABS.values(), ids=TABS)
def test_no_request_of_another_tab(browser: Browser, way: str) -> None:
    async def walk() -> list[str]:
        async with serve(Tiny("<p>messenger</p>")) as tiny, browser.guarded_page() as guarded:
            await guarded.page.goto(f"{tiny.url}/profile/messenger")
            await guarded.page.evaluate(f"() => {{ {ADD} {way}; }}")
            await noticed(guarded.counts, 0)
            await guarded.page.evaluate("fetch('/after').then((answer) => answer.text())")
            return tiny.opened

    assert browser.run(walk()) == []


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
