"""Methods that write. They exist so that calls to them are counted."""

from __future__ import annotations

from aiohttp import web

from avito_sandbox.api.messenger import MessengerApi
from avito_sandbox.api.reply import Route, ok
from avito_sandbox.world import World


class ViolationsApi:
    """Marking chats as read, sending, deleting, hiding: none of it may ever be asked for."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._messenger = MessengerApi(world)

    def routes(self) -> list[Route]:
        chat = "/messenger/v1/accounts/{user_id}/chats/{chat_id}"
        return [
            Route("mark_read", "POST", f"{chat}/read", self.mark_read),
            Route("send_message", "POST", f"{chat}/messages", self.send),
            Route("send_message", "POST", f"{chat}/messages/image", self.send),
            Route("delete_message", "POST", f"{chat}/messages/{{message_id}}", self.send),
            Route("set_is_viewed", "POST", "/job/v1/applications/set_is_viewed", self.done),
            Route("apply_actions", "POST", "/job/v1/applications/apply_actions", self.done),
            Route("blacklist", "POST", "/messenger/v2/accounts/{user_id}/blacklist", self.done),
        ]

    async def mark_read(self, request: web.Request) -> web.Response:
        """The chat is read, for good."""
        chat = self._messenger.find(request)
        chat.is_read = True
        self._world.counters.marked_read.append(chat.id)
        self._world.counters.opened.append(chat.id)
        return ok({"ok": True})

    async def send(self, request: web.Request) -> web.Response:
        """Counted; nothing is sent."""
        self._messenger.find(request)
        self._world.counters.messages_sent += 1
        return ok({})

    async def done(self, request: web.Request) -> web.Response:
        """Counted as a request; nothing is done."""
        return ok({})
