"""Pages that take their time, and a list that moves while its head is read."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from avito_scrapy.browser import messenger_page, scrolling
from tests.integration.chats.test_answers import run as collect
from tests.integration.chats.test_other_pages import COMMON, KEPT, assert_all, run
from tests.integration.chats.tiny import FIRST, MINUTE, Tiny, channel, chat_id
from tests.support.browser_page import Browser

# Asks some time after the scrolling, and draws some time after it was answered.
SLUGGISH = KEPT.replace(
    "addEventListener('scroll', () => { if (nearEnd()) grow(); });",
    "addEventListener('scroll', () => setTimeout(() => { if (nearEnd()) grow(); }, ASK));",
).replace(
    "  list.innerHTML = '';",
    "  await new Promise((done) => setTimeout(done, DRAW));\n  list.innerHTML = '';",
)


@pytest.mark.parametrize(("ask", "delay", "draw"), [(80, 0.3, 100), (200, 0.3, 300)])
def test_every_step_of_a_load_takes_its_time(
    browser: Browser, ask: int, delay: float, draw: int
) -> None:
    page = SLUGGISH.replace("ASK", str(ask)).replace("DRAW", str(draw))
    collected, tiny = run(browser, page, total=160, delay=delay)
    assert_all(collected, tiny)
    assert collected.told["end_seen"] == 1


def test_scripts_that_are_long_in_coming(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messenger_page, "EMPTY", 1.0)

    class Heavy(Tiny):
        async def answer(self, request: web.Request) -> web.StreamResponse:
            if request.path == "/heavy.js":
                await asyncio.sleep(2.0)
                return web.Response(text="", content_type="text/javascript")
            return await super().answer(request)

    tiny = Heavy("<script src=/heavy.js></script>" + COMMON + KEPT.replace("HOOK", ""), total=15)
    assert_all(collect(browser, tiny), tiny)
    assert tiny.visits == 2, "once, and once more for the head"


@dataclass
class Lifted(Tiny):
    """Thirty chats come once the list was read; what follows the first part of it then fails
    ``failing`` times."""

    failing: int = 0

    def _channels(self, asked: dict[str, Any]) -> web.Response:
        cursor = asked.get("offsetTimestamp")
        top = -30 if self.visits > 1 else 0
        if cursor is not None and self.visits > 1 and self.failing > 0:
            self.failing -= 1
            return web.Response(status=500)
        start = top if cursor is None else (FIRST - cursor) // MINUTE + 1
        numbers = range(start, min(start + 20, self.total))
        channels = [channel(number) for number in numbers]
        more = start + 20 < self.total
        return web.json_response({"success": {"channels": channels, "hasMore": more}})


@pytest.mark.parametrize(
    ("failing", "reason", "missing"), [(9, "finished", 0), (10_000, "incomplete", 10)]
)
def test_a_head_that_fails_to_load(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, failing: int, reason: str, missing: int
) -> None:
    monkeypatch.setattr(scrolling, "HEADS", 2)  # each takes seconds
    tiny = Lifted(COMMON + KEPT.replace("HOOK", ""), total=60, failing=failing)
    collected = collect(browser, tiny, timeout=120.0, patience=3.0)
    assert collected.reason == reason
    found = Counter(chat.chat_id for chat in collected.chats)
    there = [*range(-30, -missing), *range(60)] if missing else range(-30, 60)
    assert found == Counter(chat_id(number) for number in there)
