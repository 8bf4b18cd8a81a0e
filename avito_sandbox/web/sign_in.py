"""The front page with its sign-in, and the cookie that comes of it."""

from __future__ import annotations

import json

from aiohttp import web

from avito_sandbox.api.reply import Route
from avito_sandbox.web.session import html, template
from avito_sandbox.world import World

MONTH = 30 * 86_400


class SignInWeb:
    """Signing in as a person does."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("front_page", "GET", "/", self.front),
            Route("login", "POST", "/web/1/login", self.login),
            Route("icon", "GET", "/favicon.ico", self.icon),
        ]

    async def front(self, request: web.Request) -> web.Response:
        """The front page; with `#login` in the address it asks for the phone."""
        auto = json.dumps(self._world.scenario.auto_login_ms)
        return html(template("front.html").replace("AUTO_LOGIN_MS", auto))

    async def login(self, request: web.Request) -> web.Response:
        """A session with a cookie that outlives the browser, unless nobody may sign in."""
        if self._world.scenario.session == "signed_out":
            return web.Response(status=303, headers={"Location": "/#login"})
        self._world.counters.logins += 1
        answer = web.Response(status=303, headers={"Location": "/profile/messenger"})
        answer.set_cookie(
            "sessid", self._world.sign_in(), max_age=MONTH, httponly=True, samesite="Lax", path="/"
        )
        return answer

    async def icon(self, request: web.Request) -> web.Response:
        return web.Response(status=204)
