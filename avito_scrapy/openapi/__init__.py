"""``avito.yaml``: what the project relies on of Avito (docs/contract.md); what a field of Avito's
answers means, by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Meaning:
    """A field's description, and the features of the product that need it, in words."""

    description: str
    features: str


def meaning(method: str, field: str) -> Meaning | None:
    """Look a field of a method's good answer up.

    Args:
        method: an operationId of avito.yaml.
        field: dotted, lists not marked; empty for the answer as a whole.

    Returns:
        None when avito.yaml has no such field.
    """
    operation = _operations().get(method)
    if operation is None:
        return None
    features = operation.get("x-feature", "")
    answer = _resolved(operation["responses"]["200"])
    if not field:
        whole = f"the answer as a whole: {answer.get('description', '')}"
        return Meaning(whole, _in_words(features))
    for media in answer["content"].values():
        for name, schema, needed_by in _fields(media["schema"], features):
            if name == field:
                return Meaning(schema.get("description", ""), _in_words(needed_by))
    return None


@cache
def _document() -> dict[str, Any]:
    text = files(__package__).joinpath("avito.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return document


@cache
def _operations() -> Mapping[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in _document()["paths"].values()
        for operation in path.values()
        if "operationId" in operation
    }


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node, with what its ``$ref`` leads to; entries beside the reference win."""
    if "$ref" not in node:
        return node
    found: Any = _document()
    for name in node["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return {**_resolved(found), **{key: value for key, value in node.items() if key != "$ref"}}


def _fields(
    schema: dict[str, Any], features: Any, prefix: str = ""
) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every field of a schema with its dotted name, and the features that need it."""
    schema = _resolved(schema)
    features = schema.get("x-feature", features)
    for name, child in schema.get("properties", {}).items():
        resolved = _resolved(child)
        path = f"{prefix}.{name}" if prefix else name
        yield path, resolved, resolved.get("x-feature", features)
        yield from _fields(resolved, features, path)
    below = [schema["items"]] if "items" in schema else []
    for part in (*below, *(s for key in ("oneOf", "anyOf", "allOf") for s in schema.get(key, ()))):
        yield from _fields(part, features, prefix)


def _in_words(features: str | list[str]) -> str:
    names = [features] if isinstance(features, str) else features
    texts: dict[str, str] = _document()["x-features"]
    return "; ".join(texts.get(name, name) for name in names)
