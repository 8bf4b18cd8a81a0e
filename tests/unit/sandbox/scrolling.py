"""A naive but right scroller: it looks at every screenful, presses buttons, and looks up again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from avito_sandbox import Sandbox
from tests.support.browser_processes import until

SCRIPT = """async ({patience}) => {
  const link = 'a[data-marker="channels/channelLink"]';
  const list = document.querySelector('[data-marker="channels/list"]');
  const seen = new Set();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const look = () => document.querySelectorAll(link).forEach(
    (one) => seen.add(new URL(one.href).pathname.split('/').pop()));
  const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflowY)
    && node.scrollHeight > node.clientHeight;
  const box = () => [list.firstElementChild, list, list.parentElement].find(scrolls)
    || document.scrollingElement;
  let still = 0;
  let furthest = -1;
  while (still < patience) {
    look();
    const node = box();
    const count = seen.size;
    node.scrollTop += 400;
    await frame();
    await frame();
    look();
    const button = [...document.querySelectorAll('button')].find(
      (one) => ['Показать ещё', 'Повторить'].includes(one.textContent));
    if (button) {
      button.click();
      await pause(20);
    } else if (node.scrollTop <= furthest && seen.size === count) {
      still += 1;
      node.scrollTop -= 300;  // a failed load is tried again when something scrolls
      await pause(20);
    } else {
      still = 0;
      furthest = Math.max(furthest, node.scrollTop);
    }
  }
  box().scrollTop = 0;
  await pause(50);
  look();
  return [...seen];
}"""


@dataclass
class Scrolled:
    ids: set[str]
    counters: dict[str, Any]
    missing: set[str]
    page: Page


def open_page(browser: Browser, sandbox: Sandbox, path: str = "/profile/messenger") -> Page:
    """The messenger in a context of its own; errors of its scripts are errors of the test."""
    page = browser.new_page(viewport={"width": 1000, "height": 700})
    page.set_default_timeout(30_000)
    page.goto(sandbox.web_url + path)
    return page


def scroll(
    browser: Browser,
    sandbox: Sandbox,
    may_miss: Callable[[], set[str]] = set,
    within: float = 60,
) -> Scrolled:
    """Scroll to the end, and again while chats are missing that may not be, `within` seconds."""
    page = open_page(browser, sandbox)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.wait_for_selector('a[data-marker="channels/channelLink"]')
    if sandbox.scenario.jump_live:
        until(lambda: sandbox.world.watchers, 30)  # what jumps before is not shown
    ids: set[str] = set()
    ends = time.monotonic() + within
    while True:
        ids.update(page.evaluate(SCRIPT, {"patience": 5}))
        missing = {one["chat_id"] for one in sandbox.truth()} - ids
        if missing <= may_miss() or time.monotonic() > ends:
            break
    assert failures == []
    return Scrolled(ids, sandbox.counters(), missing, page)
