"""Who may see the pages: everything before NiceGUI, requests and websockets alike."""

from __future__ import annotations

import asyncio
import hmac
import html
import ipaddress
import secrets
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

SIGN_IN = "/sign-in"
_MOST_BODY = 10_000
_MOST_KEYS = 20
_WAIT_AFTER_WRONG_S = 1.0
_NO_KEY = (
    "Ключ уже использован, или его нет. Откройте адрес, который показала команда "
    "scrapy dashboard, или запустите её снова."
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
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
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


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
    _keys: list[str] = field(default_factory=list)
    _sessions: set[str] = field(default_factory=set)
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def cookie(self) -> str:
        return f"avito_dashboard_{self.port}"

    def new_key(self) -> str:
        """Make a key for one more browser; only the latest few are kept."""
        key = secrets.token_urlsafe(24)
        self._keys = [*self._keys[-_MOST_KEYS:], key]
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

    def is_session(self, value: str) -> bool:
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
        if name == self.host or (is_loopback(self.host) and name in _LOOPBACK):
            return True
        if is_loopback(self.host):
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name in ("localhost", socket.gethostname().lower())
        return True

    def _session(self) -> str:
        value = secrets.token_urlsafe(32)
        self._sessions.add(value)
        return value


class SignInGate:
    """Lets requests of signed-in browsers through to ``app``, and nothing else.

    A request with another Host, from a page of another origin or without a session is refused
    before NiceGUI sees it.
    """

    def __init__(self, app: Asgi, access: Access) -> None:
        self.app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1")
                   for name, value in scope["headers"]}  # fmt: skip
        websocket = scope["type"] == "websocket"
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._access.is_own_host(host) or _is_foreign(origin, host, websocket):
            await _refuse(scope, send, 403, "Так эту страницу открыть нельзя.")
        elif self._access.is_session(_cookie(headers.get("cookie", ""), self._access.cookie)):
            if _key(scope) is None:
                await self._let_through(scope, receive, send)
            else:  # the address was opened again: out of sight with the key
                await _redirect(send, "/")
        elif websocket:
            await _refuse(scope, send, 403, "")
        else:
            await self._sign_in(scope, receive, send)

    async def _let_through(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = False

        async def heard() -> MutableMapping[str, Any]:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            return message

        try:
            await self.app(scope, heard, _with_headers(send))
        except RuntimeError:  # Starlette's, when the browser left before the answer
            if not gone:
                raise

    async def _sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        key, session = _key(scope), None
        if key is not None:
            session = self._access.redeem(key)
        elif scope["path"] == SIGN_IN and scope["method"] == "POST":
            given = parse_qs(await _body(receive)).get("password", [""])
            session = await self._access.check_password(given[0])
        if session is not None:
            cookie = f"{self._access.cookie}={session}; Path=/; HttpOnly; SameSite=Strict"
            await _redirect(send, "/", cookie)
        elif self._access.password and scope["method"] in ("GET", "POST"):
            wrong = "Пароль не подошёл." if scope["method"] == "POST" else ""
            await _answer(send, 401, _form(wrong))
        else:
            await _refuse(scope, send, 401, _NO_KEY)


def _is_foreign(origin: str | None, host: str, websocket: bool) -> bool:
    # Browsers name the origin of every websocket and of every request that changes something.
    return websocket if origin is None else origin.lower() != f"http://{host}".lower()


def _key(scope: Scope) -> str | None:
    given = parse_qs(scope["query_string"].decode("latin-1")).get("key")
    return given[0] if given and scope["type"] == "http" and scope["method"] == "GET" else None


def _cookie(header: str, name: str) -> str:
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def _with_headers(send: Send) -> Send:
    async def wrapped(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return wrapped


async def _body(receive: Receive) -> str:
    body, more = b"", True
    while more and len(body) <= _MOST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body[:_MOST_BODY].decode("utf-8", "replace")


async def _refuse(scope: Scope, send: Send, status: int, text: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await _answer(send, status, f"<p>{html.escape(text)}</p>")


async def _redirect(send: Send, path: str, cookie: str = "") -> None:
    headers = [(b"location", path.encode()), (b"cache-control", b"no-store"), *_HEADERS]
    if cookie:
        headers.append((b"set-cookie", cookie.encode()))
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body"})


async def _answer(send: Send, status: int, content: str) -> None:
    page = (
        '<!doctype html><html lang="ru"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Кандидаты</title>'
        "<style>:root{color-scheme:light dark}body{font:18px sans-serif;max-width:34em;"
        "margin:15vh auto;padding:0 1em}input,button{font:inherit;padding:.4em}</style>"
        f"{content}"
    )
    headers = [
        (b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-store"), *_HEADERS
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page.encode()})


def _form(problem: str) -> str:
    return (
        f'<form method="post" action="{SIGN_IN}"><p>Пароль для входа:</p>'
        '<input name="password" type="password" autofocus autocomplete="current-password"> '
        f"<button>Войти</button><p>{html.escape(problem)}</p></form>"
    )
