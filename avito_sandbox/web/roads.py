"""What the page's roads to a chat lead through, and what tells which of them arrived."""

from __future__ import annotations

import json

from aiohttp import web

from avito_sandbox.api.reply import Route
from avito_sandbox.web.session import html
from avito_sandbox.world import World

_CHAT = "/profile/messenger/channel/"
_WORKER = """
const name = %s;
const done = () => fetch('/roads/done/' + name, { method: 'POST', mode: 'no-cors' });
const body = JSON.stringify({ channelId: `u2i-1-${name}` });
const take = () => Promise.allSettled([
  fetch('/web/1/messenger/getHistory', { method: 'POST', body }),
  fetch(`%s${name}`, { mode: 'no-cors' }),
  fetch(`/roads/to/${name}-redirected`, { mode: 'no-cors' }),
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}%s${name}-socket`);
    socket.onopen = socket.onerror = resolve;
  }),
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://${location.host}/socket`);
    socket.onerror = socket.onmessage = resolve;
    socket.onopen = () => {
      socket.send(JSON.stringify({ method: 'messenger.readChats.v2', channelId: `${name}-frame` }));
      socket.send('{"method": "ping"}');
    };
  }),
]).then(done);
take();
"""
_FRAME = """<!DOCTYPE html><script>
const name = location.search.slice(1);
const done = () => fetch('/roads/done/' + name, { method: 'POST', mode: 'no-cors' });
const body = JSON.stringify({ channelId: `u2i-1-${name}` });
navigator.sendBeacon(`%(chat)s${name}-beacon`, 'x');
Promise.allSettled([
  fetch(`%(chat)s${name}-fetch`, { mode: 'no-cors' }),
  fetch(`/roads/to/${name}-redirected`, { mode: 'no-cors' }),
  fetch(location.ancestorOrigins[0] + '/web/1/messenger/getHistory',
    { method: 'POST', mode: 'no-cors', body }),
]).then(done);
for (const type of ['pagehide', 'visibilitychange'])
  addEventListener(type, () => navigator.sendBeacon(`%(chat)s${name}-${type}`, 'x'));
new Worker(URL.createObjectURL(new Blob([`
  const base = '${new URL('/', location.href)}';
  Promise.allSettled([
    fetch(base + 'web/1/messenger/getHistory',
      { method: 'POST', mode: 'no-cors', body: '{"channelId": "u2i-1-${name}-worker"}' }),
    fetch(base + 'profile/messenger/channel/${name}-worker', { mode: 'no-cors' }),
    fetch(base + 'roads/to/${name}-worker-redirected', { mode: 'no-cors' }),
  ]).then(() => fetch(base + 'roads/done/${name}-worker', { method: 'POST', mode: 'no-cors' }));
`])));
</script>"""


class RoadsWeb:
    """The stations of the roads (`static/roads.js`)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        return [
            Route("road", "*", "/roads/to/{chat}", self.redirect),
            Route("road", "GET", "/roads/worker.js", self.worker),
            Route("road", "GET", "/roads/frame", self.frame),
            Route("road", "GET", "/roads/reports", self.reports),
            Route("road", "POST", "/roads/done/{name}", self.done),
            Route("read_call", "POST", "/socket/fallback", self.read),
            Route("read_call", "POST", "/web/1/messenger/readChat", self.read),
            Route("read_call", "POST", "/web/1/messenger/getHistory", self.read),
        ]

    async def redirect(self, request: web.Request) -> web.Response:
        """To the chat."""
        raise web.HTTPTemporaryRedirect(_CHAT + request.match_info["chat"])

    async def worker(self, request: web.Request) -> web.Response:
        """A worker that takes the roads that workers have."""
        text = _WORKER % (json.dumps(request.query_string), _CHAT, _CHAT)
        return web.Response(text=text, content_type="text/javascript")

    async def frame(self, request: web.Request) -> web.Response:
        """A frame that does, and has a worker."""
        return html(_FRAME % {"chat": _CHAT})

    async def reports(self, request: web.Request) -> web.Response:
        """A page that breaks its policy, which is reported to a chat's address."""
        answer = html("<!DOCTYPE html><img src=/favicon.ico>")
        answer.headers["Reporting-Endpoints"] = f'main="{_CHAT}report-to"'
        answer.headers["Content-Security-Policy-Report-Only"] = (
            f"img-src 'none'; report-uri {_CHAT}report-uri"
        )
        answer.headers["Content-Security-Policy"] = "img-src 'none'; report-to main"
        return answer

    async def done(self, request: web.Request) -> web.Response:
        """A road was taken to its end, wherever that was."""
        self._world.counters.roads.append(request.match_info["name"])
        return web.Response()

    async def read(self, request: web.Request) -> web.Response:
        """A call that marks a chat as read."""
        self._world.read_frame(await request.text())
        return web.Response()
