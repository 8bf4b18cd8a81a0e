"""Faults, chosen by seed, request and attempt, so that they repeat."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import struct
from collections import Counter

from aiohttp import web

from avito_sandbox.options_api import FaultKind
from avito_sandbox.scenario import Scenario

# These break the answer after the work was done: money is spent though nobody hears of it.
AFTERWARDS: frozenset[FaultKind] = frozenset(
    ("silence", "reset", "cut_json", "cut_body", "drip", "flood", "deep")
)
_HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


class Dropped(Exception):
    """The connection was closed; raised by `apply` so that nothing more is sent."""


class Faults:
    """Decides which request goes wrong and how."""

    def __init__(self) -> None:
        self._attempts: Counter[str] = Counter()
        self._streak: Counter[str] = Counter()

    def draw(self, scenario: Scenario, method: str, key: str) -> FaultKind | None:
        """The fault for this attempt at the request `key`, or None."""
        if not scenario.fault_share or not scenario.faults:
            return None
        if scenario.fault_methods is not None and method not in scenario.fault_methods:
            return None
        self._attempts[key] += 1
        if self._streak[key] >= scenario.fault_streak:
            self._streak[key] = 0
            return None
        seed = f"{scenario.seed}|{key}|{self._attempts[key]}".encode()
        digest = hashlib.blake2b(seed, digest_size=16).digest()
        if int.from_bytes(digest[:8], "big") / 2**64 >= scenario.fault_share:
            self._streak[key] = 0
            return None
        self._streak[key] += 1
        return scenario.faults[int.from_bytes(digest[8:], "big") % len(scenario.faults)]


def hang_up(request: web.Request) -> None:
    """Reset the connection at once."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def instead(kind: FaultKind) -> web.Response:
    """The answer of a fault that comes instead of any work."""
    if kind == "html":
        return web.Response(text=_HTML, content_type="text/html")
    status = int(kind)
    return web.json_response(
        {"error": {"code": status, "message": "Internal error"}}, status=status
    )


async def apply(
    kind: FaultKind, request: web.Request, answer: web.Response, scenario: Scenario
) -> web.StreamResponse:
    """Break a finished answer. Raises Dropped when the connection was ended."""
    if kind == "silence":
        await asyncio.sleep(scenario.silence_s)
        hang_up(request)
        raise Dropped
    if kind == "reset":
        hang_up(request)
        raise Dropped
    if kind == "deep":
        return web.json_response(text="[" * 200_000 + "]" * 200_000, headers=_limits(answer))
    if kind in ("drip", "flood"):
        await _pour(request, b" " if kind == "drip" else b" " * 2**20, kind == "drip")
        raise Dropped
    body = answer.body if isinstance(answer.body, bytes) else b""
    cut = body[: len(body) * 2 // 3]
    if kind == "cut_json":
        return web.Response(
            body=cut,
            status=answer.status,
            content_type="application/json",
            headers=_limits(answer),
        )
    broken = web.StreamResponse(status=answer.status, headers=_limits(answer))
    broken.content_type = "application/json"
    broken.content_length = len(body)
    with contextlib.suppress(ConnectionResetError):  # who asked may be gone
        await broken.prepare(request)
        await broken.write(cut)
    if request.transport is not None:
        request.transport.close()
    raise Dropped


async def _pour(request: web.Request, piece: bytes, slowly: bool) -> None:
    """Send pieces of an answer until who asked has gone."""
    endless = web.StreamResponse(headers={"Content-Type": "application/json"})
    with contextlib.suppress(ConnectionError):
        await endless.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await endless.write(piece)
            await asyncio.sleep(0.5 if slowly else 0)


def _limits(answer: web.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("X-Rate")}
