"""A small API on paper: what we use of it, and what is published of it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import yaml

from tools.contract.compare import compare
from tools.contract.documents import Node, load
from tools.contract.findings import FieldStatus

JSON = dict[str, Any]

_SHAPE: JSON = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "x-feature": "who"},
        "kind": {"type": "string", "enum": ["a", "b"], "x-feature": "what"},
        "note": {"type": "string", "nullable": True, "x-feature": "what"},
        "when": {"type": "string", "format": "date-time", "x-feature": "what"},
        "parts": {
            "type": "array",
            "maxItems": 10,
            "items": {
                "type": "object",
                "properties": {"size": {"type": "number", "x-feature": "size"}},
            },
        },
    },
}


def paper() -> JSON:
    """A document with one of everything; x-... entries are ours."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Small", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "x-features": {"who": "who it is", "what": "what it is", "size": "its size"},
        "paths": {
            "/things/{thing_id}": {
                "parameters": [
                    {
                        "name": "thing_id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer"},
                    }
                ],
                "post": {
                    "operationId": "things",
                    "x-source": "published",
                    "x-feature": "who",
                    "security": [{"client": []}],
                    "parameters": [
                        {
                            "name": "limit",
                            "in": "query",
                            "schema": {"type": "integer", "minimum": 1, "maximum": 100},
                        },
                        {"name": "X-Company", "in": "header", "schema": {"type": "string"}},
                    ],
                    "requestBody": {
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["ids"],
                                    "properties": {
                                        "ids": {
                                            "type": "array",
                                            "maxItems": 100,
                                            "items": {"type": "string"},
                                        }
                                    },
                                }
                            }
                        }
                    },
                    "responses": {
                        "200": {
                            "description": "it",
                            "headers": {"X-Left": {"schema": {"type": "integer"}}},
                            "content": {"application/json": {"schema": copy.deepcopy(_SHAPE)}},
                        },
                        "404": {"description": "no such thing"},
                    },
                },
            }
        },
        "components": {
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": "/token", "scopes": {}}},
                }
            }
        },
    }


def operation(document: JSON) -> JSON:
    (item,) = document["paths"].values()
    found: JSON = item["post"]
    return found


def answer(document: JSON) -> JSON:
    """The schema of the good answer."""
    found: JSON = operation(document)["responses"]["200"]["content"]["application/json"]["schema"]
    return found


def write(folder: Path, document: Any, name: str = "published.json") -> Path:
    path = folder / name
    dump = yaml.safe_dump if path.suffix == ".yaml" else json.dumps
    path.write_text(dump(document), encoding="utf-8")
    return path


def node(folder: Path, document: Any, name: str = "published.json") -> Node:
    return load(write(folder, document, name))


def held(folder: Path, *published: Any, ours: JSON | None = None) -> list[FieldStatus]:
    """The findings for ``published`` documents."""
    use = node(folder, ours or paper(), "ours.json")
    theirs = [node(folder, one, f"published{n}.json") for n, one in enumerate(published)]
    return list(compare(use, theirs))


def unlike(findings: list[FieldStatus]) -> dict[str, FieldStatus]:
    """What is not ``there``, by place and field."""
    return {f"{one.place} {one.field}".strip(): one for one in findings if one.status}
