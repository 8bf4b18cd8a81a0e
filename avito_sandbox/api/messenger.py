"""Chats and messages. Reading messages here does not mark a chat as read."""

from __future__ import annotations

import zlib

from aiohttp import web

from avito_sandbox.api import shapes
from avito_sandbox.api.reply import Refusal, Route, flag, for_company, listed, number, ok, whole
from avito_sandbox.model import Chat
from avito_sandbox.world import World

CHAT_TYPES = ("u2i", "u2u", "a2u")


class MessengerApi:
    """The reading part of the messenger."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The methods of this part, with and without a slash at the end."""
        base = "/messenger/v2/accounts/{user_id}/chats"
        messages = "/messenger/v3/accounts/{user_id}/chats/{chat_id}/messages"
        return [
            Route(name, "GET", path + slash, handler)
            for slash in ("", "/")
            for name, path, handler in (
                ("chats", base, self.chats),
                ("chat", base + "/{chat_id}", self.chat),
                ("messages", messages, self.messages),
            )
        ]

    def check_account(self, request: web.Request) -> None:
        """Raises Refusal unless the path names an account that the token may see."""
        if number(request.match_info["user_id"], "user_id") != self._world.account_id:
            raise Refusal(403, "Forbidden")
        if not for_company(request):
            raise Refusal(403, "Forbidden")

    def find(self, request: web.Request) -> Chat:
        """The chat of the path. Raises Refusal 404."""
        self.check_account(request)
        found = self._world.chats_by_id.get(request.match_info["chat_id"])
        if found is None:
            raise Refusal(404, "Not found")
        return found

    async def chats(self, request: web.Request) -> web.Response:
        """A page of chats, the freshest first; `chat_types` is `u2i` unless told."""
        self.check_account(request)
        limit = whole(request, "limit", 100, 1, 100)
        offset = whole(request, "offset", 0, 0, 1000)
        unread = flag(request, "unread_only", False)
        types = listed(request, "chat_types") or ["u2i"]
        if not set(types) <= set(CHAT_TYPES):
            raise Refusal(400, "Validation error", fields={"chat_types": "unknown"})
        wanted = listed(request, "item_ids")
        items = None if wanted is None else {number(raw, "item_ids") for raw in wanted}
        found = [
            chat
            for chat in self._world.chats
            if chat.id[:3] in types
            and not (unread and chat.is_read)
            and (items is None or (chat.item is not None and chat.item.id in items))
        ]
        account = self._world.account_id
        options = self._world.scenario
        page = [shapes.chat(chat, account, options) for chat in found[offset : offset + limit]]
        return ok({"chats": page})

    async def chat(self, request: web.Request) -> web.Response:
        return ok(shapes.chat(self.find(request), self._world.account_id, self._world.scenario))

    async def messages(self, request: web.Request) -> web.Response:
        """A page of messages, as an array or as an object."""
        chat = self.find(request)
        limit = whole(request, "limit", 100, 1, 100)
        offset = whole(request, "offset", 0, 0, 1000)
        limit = min(limit, self._world.scenario.messages_page)
        scenario, odd = self._world.scenario, zlib.crc32(chat.id.encode()) % 2 == 1
        everything = list(chat.messages)
        order = scenario.messages_order
        if order == "newest_first" or (order == "mixed" and odd):
            everything.reverse()
        page = [shapes.message(one, scenario) for one in everything[offset : offset + limit]]
        shape = scenario.messages_shape
        if shape == "array" or (shape == "mixed" and odd):
            return ok(page)
        return ok({"messages": page, "meta": {"has_more": offset + limit < len(everything)}})
