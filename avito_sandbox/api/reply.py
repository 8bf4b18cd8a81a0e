"""What all API methods share: errors in the documented shape, and reading of parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from aiohttp import web

from avito_sandbox.model import DEEP, JSON

COMPANY: web.RequestKey[bool] = web.RequestKey("company", bool)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Route(NamedTuple):
    """A method's name (as the counters have it), verb, path and handler."""

    name: str
    verb: str
    path: str
    handler: Handler


class Refusal(Exception):
    """A method says no; the gate makes the answer of it."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: JSON = {"error": {"code": status, "message": message, **more}}


def ok(body: Any) -> web.Response:
    """A JSON answer."""
    return web.json_response(body, dumps=_written)


def _written(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        text = json.dumps(value)  # half a character has no form in UTF-8
    return text.replace(json.dumps(DEEP), "[" * 200_000 + "]" * 200_000)


def refuse(refusal: Refusal) -> web.Response:
    """The answer that belongs to a refusal."""
    return web.json_response(refusal.body, status=refusal.status)


def whole(request: web.Request, name: str, default: int, low: int, high: int) -> int:
    """A whole number of the query. Raises Refusal 400 outside `low`…`high`."""
    raw = request.query.get(name)
    if raw is None:
        return default
    if re.fullmatch(r"-?[0-9]{1,18}", raw) and low <= int(raw) <= high:
        return int(raw)
    raise Refusal(400, "Validation error", fields={name: f"must be from {low} to {high}"})


def flag(request: web.Request, name: str, default: bool | None = None) -> bool | None:
    """`true` or `false` of the query. Raises Refusal 400 for anything else."""
    raw = request.query.get(name)
    if raw is None:
        return default
    if raw.lower() in ("true", "false"):
        return raw.lower() == "true"
    raise Refusal(400, "Validation error", fields={name: "must be true or false"})


def listed(request: web.Request, name: str) -> list[str] | None:
    """A list of the query, repeated or with commas."""
    if name not in request.query:
        return None
    return [part for raw in request.query.getall(name) for part in raw.split(",")]


def number(raw: str, what: str) -> int:
    """An id (int64) in path or query. Raises Refusal 400 if it is none."""
    if not re.fullmatch(r"[0-9]{1,19}", raw) or int(raw) >= 2**63:
        raise Refusal(400, "Validation error", fields={what: "must be an int64"})
    return int(raw)


def json_object(raw: bytes) -> JSON:
    """The body as a JSON object. Raises Refusal 400."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise Refusal(400, "Bad Request") from None
    if not isinstance(body, dict):
        raise Refusal(400, "Bad Request")
    return body


def for_company(request: web.Request) -> bool:
    """The request may see what the company owns (decided by the gate)."""
    return bool(request.get(COMPANY, True))
