"""Pages written differently than the sandbox's, true to the same facts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from aiohttp import web

from avito_scrapy.browser import messenger_page
from tests.integration.chats.tiny import Tiny, chat_id, serve
from tests.support.browser_page import Browser, Collected

# A page with the loading and the drawing left out.
COMMON = """<script>
const chats = []; let cursor = null, more = true, busy = false, loads = 0;
const idOf = (c) => `/profile/messenger/channel/${c.id}`;
const rowHtml = (c) => `<a data-marker="channels/channelLink" href="${idOf(c)}"
  style="display:block;height:64px"><span data-marker="channels/channel">
  <b data-marker="channels/channel-name">${c.info.name}</b></span></a>`;
function take(success) {
  chats.push(...success.channels); more = success.hasMore; loads += 1;
  cursor = Math.min(...success.channels.map((c) => c.sortingTimestamp));
}
// Numbers of this size lose digits in JavaScript: the cursor is taken from the text.
const body = () => JSON.stringify({limit: 20, filters: {}, offsetTimestamp: null}).replace(
  'null', cursor === null ? 'null' : BigInt(chats.at(-1).exact).toString());
async function load() {
  const answer = await fetch('/web/1/messenger/getChannels', {method: 'POST', body: body()});
  if (!answer.ok) throw new Error(answer.status);
  const text = await answer.text();
  const exact = [...text.matchAll(/"sortingTimestamp": (\\d+)/g)].map((m) => m[1]);
  const success = JSON.parse(text).success;
  success.channels.forEach((c, i) => { c.exact = exact[i]; });
  take(success);
}
const nearEnd = () => scrollY + innerHeight > document.body.scrollHeight - 200;
</script>"""

KEPT = """<div id=list></div><script>
async function grow() {
  if (busy || !more) return;
  busy = true;
  try { await load(); } catch { busy = false; return; }
  list.innerHTML = ''; list.insertAdjacentHTML('beforeend', chats.map(rowHtml).join(''));
  HOOK
  busy = false;
  if (nearEnd()) grow();
}
addEventListener('scroll', () => { if (nearEnd()) grow(); });
grow();
</script>"""

# Draws what is in view a good while after the last scroll event, as debounced lists do.
LATE = """<div id=list data-marker="channels/list"
  style="height:500px;overflow:auto;position:relative"><div id=space></div></div><script>
let timer;
function draw() {
  const first = Math.max(0, Math.floor(list.scrollTop / 64) - 1);
  space.style.height = `${chats.length * 64}px`;
  space.innerHTML = chats.slice(first, first + 11).map((c, i) =>
    `<div style="position:absolute;top:${(first + i) * 64}px;width:100%">${rowHtml(c)}</div>`
  ).join('');
  if (list.scrollTop + 500 > list.scrollHeight - 100) grow();
}
async function grow() {
  if (busy || !more) return;
  busy = true; await load(); busy = false; draw();
}
list.addEventListener('scroll', () => { clearTimeout(timer); timer = setTimeout(draw, 120); });
grow();
</script>"""

BUTTON = """<ul id=list></ul>
<footer><p><span id=more role=button tabindex=0>Загрузить ещё</span></p></footer><script>
async function grow() {
  try { await load(); } catch { more_again.hidden = false; return; }
  list.innerHTML = chats.map((c) => `<li style="height:40px" data-marker="channels/channel"
    data-id="${c.id}"><i data-marker="channels/user-title">${c.info.name}</i></li>`).join('');
  if (!more) document.querySelector('footer').remove();
}
document.querySelector('#more').onclick = grow;
document.body.insertAdjacentHTML('beforeend',
  '<div id=more_again hidden>Не удалось загрузить. <u>Попробовать ещё раз</u></div>');
document.querySelector('u').onclick = () => { more_again.hidden = true; grow(); };
grow();
</script>"""


def run(browser: Browser, page: str, hook: str = "", **more: Any) -> tuple[Collected, Tiny]:
    wanted = more.pop("wanted", {})

    async def go() -> tuple[Collected, Tiny]:
        tiny = Tiny(COMMON + page.replace("HOOK", hook), **more)
        async with serve(tiny):
            return await browser.collect(tiny.url, **wanted), tiny

    return browser.run(go())


def assert_all(collected: Collected, tiny: Tiny) -> None:
    assert collected.reason == "finished"
    found = Counter(chat.chat_id for chat in collected.chats)
    assert found == Counter(chat_id(number) for number in range(tiny.total))
    assert tiny.opened == []


def test_window_without_a_list_marker(browser: Browser) -> None:
    collected, tiny = run(browser, KEPT)
    assert_all(collected, tiny)
    chat = next(chat for chat in collected.chats if chat.chat_id == chat_id(3))
    assert (chat.user_name, chat.item_title) == ("Проба 3", "Курьер")
    assert chat.last_message_at == "2025-11-01T15:23:40+03:00"


class Blind(Tiny):
    """ListResponses under an address that says nothing: rows are all there is to go by."""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/chats/next":
            return self._channels(await request.json())
        return await super().answer(request)


def test_rows_drawn_late_and_answers_unseen(browser: Browser) -> None:
    page = (COMMON + LATE).replace("/web/1/messenger/getChannels", "/chats/next")

    async def go() -> tuple[Collected, Tiny]:
        async with serve(Blind(page)) as tiny:
            return await browser.collect(tiny.url, expected=tiny.total, timeout=120.0), tiny

    collected, tiny = browser.run(go())
    assert collected.told["end_seen"] == 0
    assert_all(collected, tiny)


def test_rows_drawn_late(browser: Browser) -> None:
    assert_all(*run(browser, LATE))


def test_rows_without_links_and_a_button_that_is_none(browser: Browser) -> None:
    def fault(call: int) -> web.Response | None:
        return web.Response(status=502) if call in (2, 3) else None

    assert_all(*run(browser, BUTTON, fault=fault))


def test_loading_that_dies_of_a_stopped_push(browser: Browser) -> None:
    hook = """if (loads === 2 && !sessionStorage.pushed) {
      sessionStorage.pushed = 1;
      history.pushState({}, '', '/profile/messenger/channel/u2i-1-2'); }"""
    collected, tiny = run(browser, KEPT, hook)
    assert_all(collected, tiny)
    assert collected.counts["push_state"] == 1
    assert tiny.visits > 2


def test_page_that_asks_for_more_than_its_list(browser: Browser) -> None:
    ask = "fetch('/web/1/messenger/getChannels', {method: 'POST', body: JSON.stringify(%s)})"
    hook = "if (loads === 1) setInterval(() => {" + ";".join(
        ask % body for body in ("{offsetTimestamp: null}", "{filters: {anyTags: [5]}}")
    ) + "}, 150);"  # fmt: skip
    # An answer takes as long as it is from one question to the next: there always is an open one.
    collected, tiny = run(browser, KEPT, hook, delay=0.15)
    assert_all(collected, tiny)
    assert collected.told["end_seen"] == 1


def test_page_that_loads_itself_again(browser: Browser) -> None:
    hook = (
        "if (loads === 2 && !sessionStorage.done) { sessionStorage.done = 1; location.reload(); }"
    )
    assert_all(*run(browser, KEPT, hook))


def test_list_that_hides_behind_a_chat(browser: Browser) -> None:
    # Only what was seen can be lost: the list is there until somebody scrolls it.
    hook = """if (loads === 1 && !sessionStorage.done) addEventListener('scroll', () => {
      sessionStorage.done = 1; list.hidden = true; }, {once: true});"""
    collected, tiny = run(browser, KEPT, hook)
    assert_all(collected, tiny)
    assert collected.counts["guard/returned"] == 1


def test_dialogs_and_a_page_that_holds_on(browser: Browser) -> None:
    hook = "onbeforeunload = () => 'stay'; if (loads === 1) alert('?');"
    assert_all(*run(browser, KEPT, hook))


@pytest.mark.parametrize(("status", "reason"), [(401, "login_required"), (403, "blocked")])
def test_answers_that_turn_away(browser: Browser, status: int, reason: str) -> None:
    def fault(call: int) -> web.Response | None:
        return web.Response(status=status) if call > 2 else None

    collected, tiny = run(browser, KEPT, fault=fault)
    assert (collected.reason, len(collected.chats)) == (reason, 40)
    assert tiny.opened == []


def test_page_that_always_leaves(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messenger_page, "RETURNS", 2)  # each takes seconds
    hook = "busy = true; addEventListener('scroll', () => location.assign('/elsewhere')); return;"
    collected, _ = run(browser, KEPT, hook)
    assert (collected.reason, len(collected.chats)) == ("incomplete", 20)
    assert collected.counts["guard/returned"] == 2


def test_page_without_a_list(browser: Browser) -> None:
    collected, tiny = run(browser, "<p>Скоро здесь будет мессенджер</p>", wanted={"timeout": 7.5})
    assert (collected.reason, collected.chats) == ("timeout", [])
    assert tiny.visits == 1
