"""What the page's script asks for: chats, the socket, a chat's content."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

from aiohttp import WSMsgType, web

from avito_sandbox.api.reply import Route, ok
from avito_sandbox.faults import Dropped, apply, hang_up
from avito_sandbox.model import JSON, Chat
from avito_sandbox.web.happenings import happen
from avito_sandbox.web.session import refused, refused_load, signed_in
from avito_sandbox.web.shape import channel
from avito_sandbox.world import World

PAGE = 30


def page_of(world: World, cursor: int | None, limit: int) -> JSON:
    """A page of channels as `getChannels` answers it."""
    chats = world.after(cursor, limit + 1)
    more = len(chats) > limit
    lies = world.scenario.has_more_lies
    if lies == "always" or (lies == "once" and chats):
        more = True
    shown = [channel(chat, world.account_id, world.scenario.texts_in) for chat in chats[:limit]]
    return {"success": {"channels": shown, "hasMore": more}}


class ChannelsWeb:
    """The data side of the messenger page."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("getChannels", "POST", "/web/1/messenger/getChannels", self.get_channels),
            Route("other_transport", "POST", "/web/3/feed", self.other_transport),
            Route("open_chat", "POST", "/web/1/messenger/openChannel", self.open_chat),
            Route("wandered", "POST", "/web/1/stat", self.wandered),
            Route("socket", "GET", "/socket", self.socket),
        ]

    async def get_channels(self, request: web.Request) -> web.Response:
        """A page of chats older than the cursor."""
        answer = await self._load(request)
        return answer if isinstance(answer, web.Response) else ok(answer)

    async def other_transport(self, request: web.Request) -> web.Response:
        """The same, in a shape of its own."""
        answer = await self._load(request)
        if isinstance(answer, web.Response):
            return answer
        success = answer["success"]
        return ok([success["hasMore"], [json.dumps(one) for one in success["channels"]]])

    def _fails(self, load: int) -> bool:
        scenario = self._world.scenario
        drawn = random.Random(f"{scenario.seed}-load-{load}").random()
        every = scenario.fail_every
        return drawn < scenario.fail_share or (every > 0 and load % every == 0)

    async def _load(self, request: web.Request) -> JSON | web.Response:
        world, scenario = self._world, self._world.scenario
        refused_now = refused(world)
        world.loads += 1
        world.counters.loads += 1
        load = world.loads
        slow = scenario.slow_every and load % scenario.slow_every == 0
        delay = scenario.page_latency_ms + (scenario.slow_ms if slow else 0)
        if delay:
            await asyncio.sleep(delay / 1000)
        if refused_now or scenario.web_down:
            return refused_load(world) if refused_now else web.Response(status=502)
        if scenario.sign_out_after is not None and load == scenario.sign_out_after + 1:
            world.sign_out()
        if not signed_in(world, request):
            raise web.HTTPUnauthorized
        cursor, limit = _asked(await request.read())
        if self._fails(load):
            if scenario.fail_kind == "reset":
                hang_up(request)
                raise Dropped
            if scenario.fail_kind == "cut":
                await apply("cut_body", request, ok(page_of(world, cursor, limit)), scenario)
            raise web.HTTPInternalServerError
        happen(world, load, cursor, limit)
        return page_of(world, cursor, limit)

    async def open_chat(self, request: web.Request) -> web.Response:
        """The script opens a chat: it is read, for good."""
        try:
            found = self._world.chats_by_id[json.loads(await request.read())["channelId"]]
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest from None
        self._world.open_chat(found.id)
        return ok({"success": True})

    async def wandered(self, request: web.Request) -> web.Response:
        """The page tells that it is about to leave by itself."""
        self._world.wanders_left = max(0, self._world.wanders_left - 1)
        self._world.counters.wanders += 1
        return ok({"success": True})

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Live updates: every chat that comes to the top."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        queue: asyncio.Queue[Chat] = asyncio.Queue()
        watcher = queue.put_nowait
        self._world.watchers.add(watcher)
        sender = asyncio.create_task(self._send(socket, queue))
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
                data = message.data
                text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
                if not self._world.read_frame(text) and '"ping"' in text:
                    await socket.send_str("pong")
        finally:
            self._world.watchers.discard(watcher)
            sender.cancel()
        return socket

    def _channel(self, chat: Chat) -> JSON:
        return channel(chat, self._world.account_id, self._world.scenario.texts_in)

    async def _send(self, socket: web.WebSocketResponse, queue: asyncio.Queue[Chat]) -> None:
        while True:
            chat = await queue.get()
            await socket.send_json({"channel": self._channel(chat)})


def _asked(raw: bytes) -> tuple[int | None, int]:
    """Cursor and limit of a load. Raises HTTPBadRequest for a body the page would not send."""
    try:
        body: Any = json.loads(raw)
        cursor, limit = body["offsetTimestamp"], _integer(body["limit"])
        fits = body["filters"] == {"excludeTags": [2, 3], "anyTags": []}
        if not fits or _integer(body["category"]) != 1 or not 1 <= limit <= 100:
            raise ValueError
        return None if cursor is None else _integer(cursor), limit
    except (ValueError, KeyError, TypeError, OverflowError):
        raise web.HTTPBadRequest from None


def _integer(value: Any) -> int:
    """An integer as JSON has it: 1.0 is one, true is none. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise ValueError
    return int(value)
