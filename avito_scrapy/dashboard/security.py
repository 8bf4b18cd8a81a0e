"""Who may see the pages: everything before NiceGUI, requests and websockets alike."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import secrets
import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

SIGN_IN = "/sign-in"
_MOST_BODY = 10_000
_MOST_KEYS = 20
_WAIT_AFTER_WRONG_S = 1.0
_NO_KEY = (
    "<p>Ключ уже использован, или его нет. Откройте адрес, который показала команда "
    "scrapy dashboard, или запустите её снова.</p>"
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_UNSEEN = {"cache-control": "no-store"}
# NiceGUI's page needs its own inline scripts and styles. Nothing may come from, or go to,
# anywhere else, whatever a text of somebody's turns out to be.
_HEADERS = (
    (b"content-security-policy",
     b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
     b" style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:;"
     b" connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; base-uri 'none';"
     b" object-src 'none'; form-action 'self'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)  # fmt: skip


def is_loopback(host: str) -> bool:
    """Whether a server on ``host`` can be reached from this computer only."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


@dataclass
class Access:
    """Keys that are good for one sign-in, and the sessions that came of them.

    Args:
        host: what the server listens on.
        port: its port; cookies of a host are shared by its ports, so that it is in their name.
        password: AVITO_DASHBOARD_PASSWORD; empty: there is none.
    """

    host: str
    port: int
    password: str = ""
    _keys: deque[str] = field(default_factory=lambda: deque(maxlen=_MOST_KEYS))
    _sessions: set[str] = field(default_factory=set)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def cookie(self) -> str:
        return f"avito_dashboard_{self.port}"

    def new_key(self) -> str:
        """Make a key for one more browser; only the latest few are kept."""
        key = secrets.token_urlsafe(24)
        self._keys.append(key)
        return key

    def address(self, key: str = "") -> str:
        """The address to open, with a key if given."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self.port}/" + (f"?key={key}" if key else "")

    def redeem(self, key: str) -> str | None:
        """Give a session for a key, which is used up by it; None: there is no such key."""
        # Compared as bytes: a text with letters beyond ASCII cannot be compared in constant time.
        known = [one for one in self._keys if hmac.compare_digest(one.encode(), key.encode())]
        if not known:
            return None
        self._keys.remove(known[0])
        return self._session()

    async def check_password(self, given: str) -> str | None:
        """Give a session for the password; None after a wait: it is another."""
        async with self._one_at_a_time:
            if self.password and hmac.compare_digest(self.password.encode(), given.encode()):
                return self._session()
            await asyncio.sleep(_WAIT_AFTER_WRONG_S)
        return None

    def is_session(self, value: str | None) -> bool:
        return value in self._sessions

    def is_own_host(self, given: str) -> bool:
        """Whether a Host header names this server.

        A page of another name that leads here (DNS rebinding) must not pass for this one. An
        address of numbers cannot be made to: with ``--host 0.0.0.0`` all of them are taken.
        """
        try:
            parts = urlsplit(f"//{given}")
            name, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return False
        if port != self.port:
            return False
        if is_loopback(self.host):
            return name in (self.host, *_LOOPBACK)
        named = name in (self.host, "localhost", socket.gethostname().lower())
        return named or _address(name) is not None

    def _session(self) -> str:
        value = secrets.token_urlsafe(32)
        self._sessions.add(value)
        return value


class SignInGate:
    """Lets requests of signed-in browsers through to ``app``, and nothing else.

    A request with another Host, from a page of another origin or without a session is refused
    before NiceGUI sees it.
    """

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._app if scope["type"] == "lifespan" else await self._answer(scope, receive)
        gone = False

        async def heard() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            return message

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        try:
            await answer(scope, heard, with_headers)
        except RuntimeError:  # Starlette's, when the browser left before the answer
            if not gone:
                raise

    async def _answer(self, scope: Scope, receive: Receive) -> ASGIApp:
        """What answers: ``app`` if the browser is signed in."""
        connection, websocket = HTTPConnection(scope), scope["type"] == "websocket"
        host, origin = connection.headers.get("host", ""), connection.headers.get("origin")
        own = self._access.is_own_host(host) and not _is_foreign(origin, host, websocket)
        signed_in = self._access.is_session(connection.cookies.get(self._access.cookie))
        if websocket:
            return self._app if own and signed_in else WebSocketClose(1008)
        if not own:
            return _page(403, "<p>Так эту страницу открыть нельзя.</p>")
        request = Request(scope, receive)
        key = request.query_params.get("key") if request.method == "GET" else None
        if not signed_in:
            return await self._sign_in(request, key)
        # The address was opened again: out of sight with the key.
        return RedirectResponse("/", 303, _UNSEEN) if key else self._app

    async def _sign_in(self, request: Request, key: str | None) -> Response:
        posted, session = request.method == "POST", None
        if key:
            session = self._access.redeem(key)
        elif posted and request.scope["path"] == SIGN_IN:
            session = await self._access.check_password(await _password(request))
        if session is not None:
            answer = RedirectResponse("/", 303, _UNSEEN)
            answer.set_cookie(self._access.cookie, session, httponly=True, samesite="strict")
            return answer
        if not self._access.password or request.method not in ("GET", "POST"):
            return _page(401, _NO_KEY)
        problem = "Пароль не подошёл." if posted else ""
        return _page(
            401,
            f'<form method="post" action="{SIGN_IN}"><p>Пароль для входа:</p>'
            '<input name="password" type="password" autofocus autocomplete="current-password"> '
            f"<button>Войти</button><p>{problem}</p></form>",
        )


def _is_foreign(origin: str | None, host: str, websocket: bool) -> bool:
    # Browsers name the origin of every websocket and of every request that changes something.
    return websocket if origin is None else origin.lower() != f"http://{host}".lower()


async def _password(request: Request) -> str:
    body = b""
    with suppress(ClientDisconnect):
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BODY:
                break
    given = parse_qs(body[:_MOST_BODY].decode("utf-8", "replace"))
    return given.get("password", [""])[0]


def _page(status: int, content: str) -> Response:
    page = (
        '<!doctype html><html lang="ru"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Кандидаты</title>'
        "<style>:root{color-scheme:light dark}body{font:18px sans-serif;max-width:34em;"
        "margin:15vh auto;padding:0 1em}input,button{font:inherit;padding:.4em}</style>"
        f"{content}"
    )
    return HTMLResponse(page, status, _UNSEEN)
