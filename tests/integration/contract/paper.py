"""Holds what went over the wire against avito.yaml."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from tools.contract.documents import ours
from tools.contract.operations import used

Record = dict[str, Any]
_API, _WEB = "https://api.avito.ru", "https://www.avito.ru"
# What every HTTP client sends; none of it is Avito's.
_CLIENT = {
    "accept", "accept-encoding", "accept-language", "authorization", "connection",
    "content-length", "content-type", "host", "user-agent",
}  # fmt: skip


def _document() -> dict[str, Any]:
    """avito.yaml without security: the sandbox does not write tokens down."""
    document: dict[str, Any] = copy.deepcopy(ours().value)
    document["security"] = []
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
    return document


class Paper:
    """The document, asked about recorded requests (as ``Sandbox.requests`` gives them)."""

    def __init__(self) -> None:
        self._openapi = OpenAPI.from_dict(_document())

    def faults(self, record: Record) -> list[str]:
        """What is wrong with a request and its answer; nothing when both are by the document."""
        found = [*self._unknown(record)]
        request = MockRequest(
            _WEB if record["method"] == "getChannels" else _API,
            record["verb"].lower(),
            record["path"],
            args=dict(record["query"]),
            headers=dict(record["headers"]),
            data=record["body"].encode() or None,
            content_type=_type(record["headers"]),
        )
        response = MockResponse(
            (record["response_body"] or "").encode(),
            status_code=record["status"],
            headers=dict(record["response_headers"]),
            content_type=_type(record["response_headers"]),
        )
        try:
            self._openapi.validate_request(request)
        except OpenAPIError as error:
            found.append(f"request: {_why(error)}")
        try:
            self._openapi.validate_response(request, response)
        except OpenAPIError as error:
            found.append(f"answer {record['status']}: {_why(error)}")
        where = f"{record['method']} {record['path']}"
        return [f"{where}: {fault}" for fault in found]

    @staticmethod
    def _unknown(record: Record) -> Iterator[str]:
        """What is sent although the document does not have it."""
        use = used().get(record["method"])
        if use is None:
            yield "no such method"
            return
        known = {(where, part.name.lower()) for (where, _), part in use.parameters.items()}
        for name, _ in record["query"]:
            if ("query", name.lower()) not in known:
                yield f"sends {name}"
        if record["method"] != "getChannels":  # a browser sends what it likes
            for name in record["headers"]:
                if name.lower() not in _CLIENT and ("header", name.lower()) not in known:
                    yield f"sends the header {name}"
        if use.body is None:
            if record["body"]:
                yield "sends a body"
        else:
            sent = set(_sent(record))
            for shape in use.body.media.values():
                yield from (f"sends {name}" for name in sent - set(shape.properties))


def _sent(record: Record) -> Iterable[str]:
    if "urlencoded" in _type(record["headers"]):
        return dict(parse_qsl(record["body"], keep_blank_values=True))
    return json.loads(record["body"]) if record["body"] else ()


def _type(headers: dict[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "content-type"), "")


def _why(error: OpenAPIError) -> str:
    cause = error.__cause__
    schema = getattr(cause, "schema_errors", None)
    detail = "; ".join(f"{list(one.path)} {one.message[:200]}" for one in schema or ())
    return f"{error} {cause or ''} {detail}"


def seen(value: Any, prefix: str = "") -> Iterator[str]:
    """The fields of a JSON value that are not null, as the document writes them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            path = f"{prefix}.{name}" if prefix else name
            if inner is not None:
                yield path
                yield from seen(inner, path)
    elif isinstance(value, list):
        for inner in value:
            yield from seen(inner, f"{prefix}[]")
