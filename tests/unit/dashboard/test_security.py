"""Who gets through the gate."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from avito_scrapy.dashboard.security import Access, SignInGate, is_loopback

PORT = 8765
HOST = f"127.0.0.1:{PORT}"


async def inside(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"people"})


def ask(
    access: Access,
    path: str = "/",
    *,
    kind: str = "http",
    method: str = "GET",
    body: bytes = b"",
    **headers: str,
) -> list[MutableMapping[str, Any]]:
    """Send a request through the gate; give what was sent back."""
    path, _, query = path.partition("?")
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    given = {"host": HOST, **headers}
    scope = {
        "type": kind, "method": method, "path": path, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    asyncio.run(SignInGate(inside, access)(scope, receive, send))
    return sent


def status(sent: list[MutableMapping[str, Any]]) -> int:
    return int(sent[0]["status"])


def header(sent: list[MutableMapping[str, Any]], name: str) -> str:
    return next(str(v.decode()) for key, v in sent[0]["headers"] if key.decode() == name)


@pytest.fixture
def access() -> Access:
    return Access("127.0.0.1", PORT)


@pytest.fixture
def cookie(access: Access) -> str:
    sent = ask(access, f"/?key={access.new_key()}")
    assert status(sent) == 303
    assert header(sent, "location") == "/"
    return header(sent, "set-cookie")


@pytest.fixture
def session(cookie: str) -> str:
    """The cookie as a browser sends it back."""
    return cookie.partition(";")[0]


def test_a_key_signs_in_once(access: Access) -> None:
    key = access.new_key()
    assert status(ask(access, f"/?key={key}")) == 303
    again = ask(access, f"/?key={key}")
    assert status(again) == 401
    assert b"people" not in again[1]["body"]


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(cookie: str) -> None:
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_a_session_gets_through_and_nothing_may_be_loaded_from_elsewhere(
    access: Access, session: str
) -> None:
    sent = ask(access, cookie=session)
    assert status(sent) == 200
    assert "default-src 'self'" in header(sent, "content-security-policy")
    assert header(sent, "referrer-policy") == "no-referrer"


def test_with_a_session_the_key_leaves_the_address(access: Access, session: str) -> None:
    assert status(ask(access, "/?key=anything", cookie=session)) == 303


@pytest.mark.parametrize(
    "path", ["/", "/_nicegui/static/x.js", "/person/u2i-1", "/?key=", "/?key=я"]
)
def test_without_a_session_nothing_is_shown(access: Access, path: str) -> None:
    assert status(ask(access, path)) == 401
    assert status(ask(access, path, cookie=f"{access.cookie}=guess")) == 401


@pytest.mark.parametrize("host", ["evil.example:8765", "evil.example", "", "127.0.0.1:1", "[x"])
def test_another_host_name_is_refused(access: Access, session: str, host: str) -> None:
    assert status(ask(access, host=host, cookie=session)) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://{HOST}",
                                    "http://127.0.0.1:9999"])  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_origin_is_refused(access: Access, session: str, origin: str, kind: str) -> None:
    sent = ask(access, kind=kind, origin=origin, cookie=session)
    assert sent[0].get("status", 403) == 403
    assert sent[0]["type"] != "websocket.accept"


def test_a_websocket_needs_a_session_and_its_own_origin(access: Access, session: str) -> None:
    own = f"http://{HOST}"
    accepted = ask(access, kind="websocket", origin=own, cookie=session)
    assert accepted[0]["type"] == "websocket.accept"
    assert ask(access, kind="websocket", origin=own)[0]["type"] == "websocket.close"
    assert ask(access, kind="websocket", cookie=session)[0]["type"] == "websocket.close"


def test_a_password_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avito_scrapy.dashboard.security._WAIT_AFTER_WRONG_S", 0)
    access = Access("0.0.0.0", PORT, "тайна")
    host = f"192.168.1.5:{PORT}"
    assert b'type="password"' in ask(access, host=host)[1]["body"]
    wrong = ask(access, "/sign-in", method="POST", body=b"password=x", host=host)
    assert status(wrong) == 401
    body = b"password=%D1%82%D0%B0%D0%B9%D0%BD%D0%B0"
    assert status(ask(access, "/sign-in", method="POST", body=body, host=host)) == 303
    assert status(ask(access, host=f"evil.example:{PORT}")) == 403


def test_without_a_password_none_signs_in(access: Access) -> None:
    assert status(ask(access, "/sign-in", method="POST", body=b"password=")) == 401


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("::", False),
     ("192.168.0.2", False), ("", False), ("example.org", False)],
)  # fmt: skip
def test_what_counts_as_this_computer_only(host: str, own: bool) -> None:
    assert is_loopback(host) is own


@pytest.mark.parametrize("left", [True, False])
def test_a_browser_that_leaves_before_the_answer_is_no_error(
    access: Access, session: str, left: bool
) -> None:
    async def unanswered(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        raise RuntimeError("No response returned.")  # as Starlette does

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect" if left else "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        raise AssertionError(message)

    headers = [(b"host", HOST.encode()), (b"cookie", session.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers}
    answered = SignInGate(unanswered, access)(scope, receive, send)
    if left:
        asyncio.run(answered)
    else:
        with pytest.raises(RuntimeError):
            asyncio.run(answered)
