"""`POST /token`, and who the token belongs to."""

from __future__ import annotations

import secrets
import time
from urllib.parse import parse_qsl

from aiohttp import web

from avito_sandbox.api.reply import Refusal, Route, ok
from avito_sandbox.world import World


class AuthApi:
    """Tokens that live as long as the scenario says, whatever they claim."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("token", "POST", "/token", self.token),
            Route("token", "POST", "/token/", self.token),
            Route("self", "GET", "/core/v1/accounts/self", self.whoami),
            Route("self", "GET", "/core/v1/accounts/self/", self.whoami),
        ]

    async def token(self, request: web.Request) -> web.Response:
        """A token for the right credentials, sent as a form."""
        world, scenario = self._world, self._world.scenario
        form = await _form(request)
        if "grant_type" not in form:
            return _oauth_error(400, "invalid_request", "grant_type is required, as a form")
        if form["grant_type"] != "client_credentials":
            return _oauth_error(400, "unsupported_grant_type", "use client_credentials")
        if (form.get("client_id"), form.get("client_secret")) != (
            scenario.client_id,
            scenario.client_secret,
        ):
            status = scenario.credentials_status
            return _oauth_error(status, "invalid_client", "Client authentication failed")
        value = secrets.token_urlsafe(16)
        world.tokens[value] = time.monotonic() + scenario.token_ttl_s
        world.counters.tokens_issued += 1
        claims = scenario.token_claims_s
        return ok({"access_token": value, "expires_in": claims, "token_type": "Bearer"})

    async def whoami(self, request: web.Request) -> web.Response:
        """The account itself."""
        account = self._world.account_id
        return ok(
            {
                "id": account,
                "name": "ООО «Песочница»",
                "email": "employer@example.com",
                "phone": "79990000000",
                "phones": ["79990000000"],
                "profile_url": f"https://avito.ru/user/{account:032x}/profile",
            }
        )


async def _form(request: web.Request) -> dict[str, str]:
    """The fields of a form; of anything else none."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    try:
        return dict(parse_qsl((await request.read()).decode("utf-8"), keep_blank_values=True))
    except ValueError:
        return {}


def _oauth_error(status: int, error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)


def check_token(world: World, header: str | None) -> None:
    """Raises Refusal when the Authorization header holds no token that lives."""
    scheme, _, value = (header or "").partition(" ")
    if scheme.lower() != "bearer" or value not in world.tokens:
        raise Refusal(401, "Unauthorized")
    if world.tokens[value] <= time.monotonic():
        world.counters.tokens_refused += 1
        raise Refusal(world.scenario.expired_status, "access token expired")
