"""The application: all routes, and the one middleware that counts and records them."""

from __future__ import annotations

from aiohttp import web

from avito_sandbox import api, backstage
from avito_sandbox.api.reply import Handler
from avito_sandbox.faults import Dropped
from avito_sandbox.gate import Gate
from avito_sandbox.record import recorded
from avito_sandbox.web import routes as web_routes
from avito_sandbox.world import World

_API_PREFIXES = ("/token", "/core/", "/messenger/", "/job/")
UNCOUNTED = "backstage"


def make_app(world: World) -> web.Application:
    names: dict[Handler, str] = {}

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = names.get(request.match_info.handler, "other")
        if name == UNCOUNTED:
            return await handler(request)
        token = request.headers.get("Authorization", "")
        # Runs on one store share a token.
        client = token and f"{token} {request.headers.get('User-Agent', '')}"
        world.counters.enter(name, client)
        status: int | str = "dropped"
        answer: web.StreamResponse | None = None
        try:
            answer = await handler(request)
            status = answer.status
        except web.HTTPException as error:
            answer = _known_error(request, error)
            status = answer.status
        except Dropped:
            answer = web.Response()  # nobody is there to read it
        finally:
            world.counters.leave(name, status, client)
            if world.scenario.record:
                world.recorded.append(await recorded(name, request, status, answer))
        return answer

    app = web.Application(middlewares=[count], client_max_size=4 * 1024**2)
    gate = Gate(world)
    for route in api.routes(world):
        gated = gate.wrap(route.name, route.handler)
        names[gated] = route.name
        app.router.add_route(route.verb, route.path, gated)
    for route in web_routes(world):
        names[route.handler] = route.name
        app.router.add_route(route.verb, route.path, route.handler)
    for route in backstage.routes(world):
        names[route.handler] = UNCOUNTED
        app.router.add_route(route.verb, route.path, route.handler)
    return app


def _known_error(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """Errors of the API's addresses are JSON, as everything there."""
    if not request.path.startswith(_API_PREFIXES):
        return web.Response(status=error.status, headers=_kept(error), text=error.text)
    body = {"error": {"code": error.status, "message": error.reason}}
    return web.json_response(body, status=error.status, headers=_kept(error))


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {name: error.headers[name] for name in ("Allow", "Location") if name in error.headers}
