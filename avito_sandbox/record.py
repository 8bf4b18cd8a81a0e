"""Requests written down for those who check them against a document, without secrets."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

_SECRET_HEADERS = ("authorization", "cookie")
_SECRET_FORM = re.compile(r"(client_secret=)[^&]*")
_SECRET_JSON = re.compile(r'("access_token": *")[^"]*')


async def recorded(
    name: str, request: web.Request, status: int | str, answer: web.StreamResponse | None
) -> dict[str, Any]:
    """One request and its answer as plain values."""
    body = (await _body(request)).decode("utf-8", "replace")
    raw = answer.body if isinstance(answer, web.Response) else None
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else None
    return {
        "method": name,
        "verb": request.method,
        "path": request.path,
        "query": [[key, value] for key, value in request.query.items()],
        "headers": {
            key: "***" if key.lower() in _SECRET_HEADERS else value
            for key, value in request.headers.items()
        },
        "body": _SECRET_FORM.sub(r"\1***", body),
        "status": status,
        "response_headers": dict(answer.headers) if answer is not None else {},
        "response_body": None if text is None else _SECRET_JSON.sub(r"\1***", text),
    }


async def _body(request: web.Request) -> bytes:
    try:
        return await request.read()
    except (ConnectionError, RuntimeError):
        return b""
