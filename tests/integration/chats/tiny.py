"""A server for pages that a test writes itself: unlike the sandbox's, true to the same facts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

FIRST = 1_762_000_000_000_000_000
"""Nanoseconds: the place of the newest chat; each following one is a minute older."""
MINUTE = 60_000_000_000


def chat_id(number: int) -> str:
    """The id of the chat with this number, from 0."""
    return f"u2i-{5000 + number}-{100 + number}"


def channel(number: int) -> dict[str, Any]:
    """A chat as the web messenger answers it."""
    moment = FIRST - number * MINUTE
    return {
        "id": chat_id(number),
        "isRead": True,
        "sortingTimestamp": moment,
        "createdAt": moment,
        "info": {"name": f"Проба {number}"},
        "context": {"item": {"value": {"item": {"id": 5000 + number, "title": "Курьер"}}}},
        "lastMessage": {"createdAt": moment, "authorId": 100 + number},
    }


@dataclass
class Tiny:
    """Answers list calls for ``total`` chats, 20 at a time and after ``delay`` seconds; notes every
    chat's page asked for.

    ``fault`` may answer a list call in its place; it is given the number of the call, from 1.
    """

    page: str
    total: int = 70
    delay: float = 0.0
    fault: Callable[[int], web.Response | None] = lambda _call: None
    url: str = ""
    calls: int = 0
    visits: int = 0
    opened: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Any request."""
        path = request.path
        if "/messenger/channel" in path.lower():
            self.opened.append(f"{request.method} {request.path_qs}")
            return web.Response(text="opened")
        if path.endswith("/getChannels"):
            self.calls += 1
            await asyncio.sleep(self.delay)
            return self.fault(self.calls) or self._channels(await request.json())
        if path == "/to":
            raise web.HTTPFound("/profile/messenger/channel/" + request.query["chat"])
        if path == "/worker.js":
            script = f"fetch('/profile/messenger/channel/{request.query['chat']}')"
            return web.Response(text=script, content_type="text/javascript")
        if path == "/profile/messenger":
            self.visits += 1
        text = self.page if path == "/profile/messenger" else "<p>elsewhere</p>"
        head = "<!DOCTYPE html><meta charset=utf-8><body style='margin:0'>"
        return web.Response(text=head + text, content_type="text/html")

    def _channels(self, asked: dict[str, Any]) -> web.Response:
        cursor = asked.get("offsetTimestamp")
        start = 0 if cursor is None else (FIRST - cursor) // MINUTE + 1
        numbers = range(start, min(start + 20, self.total))
        success = {
            "channels": [channel(n) for n in numbers], "hasMore": start + 20 < self.total,
        }  # fmt: skip
        return web.Response(text=json.dumps({"success": success}), content_type="application/json")


@asynccontextmanager
async def serve(tiny: Tiny) -> AsyncIterator[Tiny]:
    """Serve ``tiny`` on a free port of loopback; sets its ``url``."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", tiny.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        tiny.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield tiny
    finally:
        await _settle()  # connections just accepted are to be seen by the clean-up
        await runner.cleanup()
        await _settle()  # connections just ended are to be closed before another test begins


async def _settle() -> None:
    for _ in range(8):
        await asyncio.sleep(0)
