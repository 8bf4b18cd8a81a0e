"""`/__sandbox__/…`: the sandbox's own pages for people and tests. Not counted."""

from __future__ import annotations

import html
import json
from typing import Any

from aiohttp import web

from avito_sandbox import truth
from avito_sandbox.api.reply import Route, ok
from avito_sandbox.control import control
from avito_sandbox.world import World

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sandbox</title>
<meta http-equiv="refresh" content="2"><style>body{{font:16px/1.5 sans-serif;margin:2em}}
table{{border-collapse:collapse}}
td,th{{padding:.2em 1em;text-align:left;border-bottom:1px solid #ccc}}
</style></head><body><h1>The local Avito</h1><table>{rows}</table><p>As JSON:
<a href="/__sandbox__/counters">counters</a>, <a href="/__sandbox__/truth">truth</a>,
<a href="/__sandbox__/ledger">ledger</a>, <a href="/__sandbox__/requests">requests</a>.
The messenger: <a href="/profile/messenger">/profile/messenger</a></p></body></html>"""


def routes(world: World) -> list[Route]:

    async def page(request: web.Request) -> web.Response:
        rows = "".join(_row(name, value) for name, value in world.counters_now().items())
        return web.Response(text=_PAGE.format(rows=rows), content_type="text/html")

    async def counters(request: web.Request) -> web.Response:
        return ok(world.counters_now())

    async def truths(request: web.Request) -> web.Response:
        return ok([truth.entry(chat) for chat in world.chats])

    async def ledger(request: web.Request) -> web.Response:
        return ok(world.ledger)

    async def requests(request: web.Request) -> web.Response:
        return ok(list(world.recorded))

    async def steer(request: web.Request) -> web.Response:
        try:
            order = json.loads(await request.read())
            return ok(control(world, order))
        except (ValueError, KeyError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    base = "/__sandbox__"
    return [
        Route("backstage", "GET", f"{base}/", page),
        Route("backstage", "GET", f"{base}/counters", counters),
        Route("backstage", "GET", f"{base}/truth", truths),
        Route("backstage", "GET", f"{base}/ledger", ledger),
        Route("backstage", "GET", f"{base}/requests", requests),
        Route("backstage", "POST", f"{base}/control", steer),
    ]


def _row(name: str, value: Any) -> str:
    if isinstance(value, dict):
        value = ", ".join(f"{key}: {count}" for key, count in value.items()) or "—"
    elif isinstance(value, list):
        return ""
    return f"<tr><th>{name.replace('_', ' ')}</th><td>{html.escape(str(value))}</td></tr>"
