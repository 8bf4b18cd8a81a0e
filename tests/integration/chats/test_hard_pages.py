"""Pages that make it hard to tell what is there, and whether it is all."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from tests.integration.chats.test_other_pages import COMMON, KEPT, assert_all
from tests.integration.chats.tiny import FIRST, MINUTE, Tiny, channel, chat_id, serve
from tests.support.browser_page import Browser, Collected

PLAIN = COMMON + KEPT.replace("HOOK", "")
# Keeps its place when a page comes back empty.
STEADY = PLAIN.replace("cursor = Math", "if (success.channels.length) cursor = Math")


def collected(browser: Browser, tiny: Tiny, **wanted: Any) -> Collected:
    async def go() -> Collected:
        async with serve(tiny):
            return await browser.collect(tiny.url, **wanted)

    return browser.run(go())


def answer(channels: list[dict[str, Any]], *, more: bool) -> web.Response:
    success = {"channels": channels, "hasMore": more}
    return web.Response(text=json.dumps({"success": success}), content_type="application/json")


class Lively(Tiny):
    """After its fourth load the chats at the very bottom get messages, one by one."""

    lifted = 0

    def _channels(self, asked: dict[str, Any]) -> web.Response:
        if self.calls == 4:
            self.lifted = 60
        cursor = asked.get("offsetTimestamp")
        top = [(FIRST + n * MINUTE, self.total - n) for n in range(self.lifted, 0, -1)]
        places = top + [(FIRST - n * MINUTE, n) for n in range(self.total - self.lifted)]
        left = [place for place in places if cursor is None or place[0] < cursor]
        page = [{**channel(number), "sortingTimestamp": at} for at, number in left[:20]]
        return answer(page, more=len(left) > 20)


@pytest.mark.parametrize("pace", ["fast", "human"])
def test_many_chats_are_lifted_meanwhile(browser: Browser, pace: str) -> None:
    tiny = Lively(PLAIN, total=200)
    assert_all(collected(browser, tiny, pace=pace), tiny)


def test_rows_that_are_shown_late(browser: Browser) -> None:
    """The first page stands in the document and is hidden until scripts have come to life."""
    rows = "".join(
        f'<a data-marker="channels/channelLink" href="/profile/messenger/channel/{chat_id(n)}"'
        ' style="display:block;height:64px"><i data-marker="channels/channel">x</i></a>'
        for n in range(20)
    )
    page = PLAIN.replace("<div id=list></div>", f"<div id=list hidden>{rows}</div>")
    page = page.replace("list.innerHTML = '';", "")
    page = page.replace("chats.map(rowHtml)", "chats.splice(0).map(rowHtml)")
    start = f"cursor = 1; chats.push({{exact: '{FIRST - 19 * MINUTE}'}});"
    # The place of the last chat stays known although drawn chats are let go of.
    page = page.replace("chats.at(-1).exact", "(at = chats.at(-1)?.exact ?? at)")
    show = "setTimeout(() => { list.hidden = false; if (nearEnd()) grow(); }, 1500);"
    page = page.replace(
        "grow();\n</script>", f"let at; {start} body(); chats.length = 0; {show}</script>"
    )
    page = page.replace("take(success);", "at = success.channels.at(-1).exact; take(success);")
    tiny = Tiny(page, total=100)
    assert_all(collected(browser, tiny), tiny)


def deep(result: Callable[[], web.Response]) -> type[Tiny]:
    """A list of which nothing comes after the first 40 chats but ``result``."""

    class Deep(Tiny):
        def _channels(self, asked: dict[str, Any]) -> web.Response:
            cursor = asked.get("offsetTimestamp")
            ended = cursor is not None and (FIRST - cursor) // MINUTE >= 39
            return result() if ended else super()._channels(asked)

    return Deep


@pytest.mark.parametrize(
    "result", [lambda: web.Response(status=500), lambda: answer([], more=True)],
    ids=["fails", "empty"],
)  # fmt: skip
def test_more_than_expected_does_not_make_a_broken_list_whole(
    browser: Browser, result: Callable[[], web.Response]
) -> None:
    got = collected(browser, deep(result)(STEADY, total=200), expected=30, patience=2.0)
    assert (got.reason, len(got.chats)) == ("incomplete", 40)


def test_a_page_that_asks_on_and_on(browser: Browser) -> None:
    class Endless(Tiny):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            if request.path.endswith("getChannels"):
                await asyncio.sleep(0.1)
            return await super().answer(request)

        def _channels(self, asked: dict[str, Any]) -> web.Response:
            text = super()._channels(asked).text
            assert text is not None
            return answer(json.loads(text)["success"]["channels"], more=True)

    got = collected(browser, Endless(STEADY, total=60))
    assert (got.reason, len(got.chats)) == ("incomplete", 60)


def test_an_account_without_chats_and_without_a_list(browser: Browser) -> None:
    page = """<div id=root></div><script>
      fetch('/web/1/messenger/getChannels', {method: 'POST', body: '{}'}).then(() => {
        root.innerHTML = '<h2>Пока нет сообщений</h2>'; });</script>"""
    tiny = Tiny(page, total=0)
    assert_all(collected(browser, tiny), tiny)
    assert tiny.visits == 2


TEMPLATE = """<div data-marker="channels/list"><a data-marker="channels/channelLink" href="#"
  style="display:none"><i data-marker="channels/channel"></i></a><div id=list></div></div>"""
BODY = """<style>html { height: 100%; overflow: hidden } body { height: 100%; overflow-y: auto }
</style>"""
BUTTONS = """<aside><button>Показать ещё</button></aside>
<div data-marker="channels/list" id=list></div>
<footer><button id=more>Показать ещё</button></footer><script>
async function grow() { await load(); list.innerHTML = chats.map(rowHtml).join('');
  if (!more) document.querySelector('footer').remove(); }
document.querySelector('#more').onclick = grow; grow();</script>"""
IN_BODY = (
    (BODY + PLAIN)
    .replace("addEventListener('scroll'", "document.body.addEventListener('scroll'")
    .replace("scrollY + innerHeight", "document.body.scrollTop + innerHeight")
)
PAGES = {
    "a template of a row, never drawn": PLAIN.replace("<div id=list></div>", TEMPLATE),
    "the body scrolls, not the window": IN_BODY,
    "another button of the same name": COMMON + BUTTONS,
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_chat_is_found(browser: Browser, page: str) -> None:
    tiny = Tiny(page, total=100)
    assert_all(collected(browser, tiny), tiny)


SLOW = """<div id=captcha-root></div>"""


def test_an_empty_place_for_a_captcha_is_none(browser: Browser) -> None:
    class Slow(Tiny):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            if self.calls == 0 and request.path.endswith("getChannels"):
                await asyncio.sleep(2.5)
            return await super().answer(request)

    tiny = Slow(SLOW + PLAIN)
    assert_all(collected(browser, tiny), tiny)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<h2>Вход</h2><input type=password><button>Войти</button>", "login_required"),
        ("<h1>Подтвердите, что вы не\u00a0робот</h1><button>Продолжить</button>", "blocked"),
    ],
)
def test_a_page_that_turns_away(browser: Browser, page: str, reason: str) -> None:
    tiny = Tiny(page)
    got = collected(browser, tiny)
    assert (got.reason, tiny.visits) == (reason, 1)


def test_a_sign_that_is_there_and_hidden_is_none(browser: Browser) -> None:
    icon = """<i data-marker="icon/messenger-status/read" ${HIDE}>v</i>
      <b data-marker="channels/last-message">t</b></span></a>"""
    hide = icon.replace("${HIDE}", "${c.isRead ? '' : 'hidden'}")

    class Half(Tiny):
        def _channels(self, asked: dict[str, Any]) -> web.Response:
            page = [{**channel(n), "isRead": n % 2 == 0} for n in range(20)]
            return answer(page, more=False)

    got = collected(browser, Half(PLAIN.replace("</span></a>", hide), total=20))
    assert Counter(chat.last_message_direction for chat in got.chats) == {"out": 10, "in": 10}
