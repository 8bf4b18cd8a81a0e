"""Schemas of OpenAPI 3.0 and 3.1 in one form, however they are written.

References, ``allOf`` and alternatives are worked in; ``nullable`` (3.0) and a ``null`` among the
types (3.1) are the same. Properties are read when asked for, so that a schema may hold itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any

from tools.contract.documents import Node

LIMITS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems",
)  # fmt: skip
_NULL = frozenset({"null"})
_JSON_TYPES: dict[type, str] = {
    str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null",
    list: "array", dict: "object",
}  # fmt: skip
Lazy = Callable[[], "Shape"]


@dataclass(frozen=True)
class Shape:
    """What a schema allows. ``types`` and ``enum`` are None where anything goes.

    ``enum`` holds the values as JSON, without null: whether null is allowed is in ``types``.
    ``marks`` are the schema's own x-... entries.
    """

    types: frozenset[str] | None = None
    enum: frozenset[str] | None = None
    format: str | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    properties: Mapping[str, Lazy] = field(default_factory=dict)
    items: Lazy | None = None
    deprecated: bool = False
    description: str = ""
    marks: Mapping[str, Any] = field(default_factory=dict)


def read(node: Node, trail: frozenset[str] = frozenset()) -> Shape:
    """The shape of the schema at ``node``. ``trail``: references followed to get here.

    Raises:
        ContractProblem: a reference leads nowhere or only to itself; a keyword is of a wrong kind.
    """
    if isinstance(node.value, bool):
        return Shape()
    own = _own(node)
    reference = node.get("$ref")
    if reference is not None:
        name = str(reference.value)
        if name in trail:
            raise node.problem(f"$ref {name[:60]} leads to itself")
        own = both(own, read(node.resolve(reference.value), trail | {name}))
    for part in node.elements("allOf"):
        own = both(own, read(part, trail))
    for keyword in ("oneOf", "anyOf"):
        choices = [read(part, trail) for part in node.elements(keyword)]
        if choices:
            own = both(own, reduce(either, choices))
    if own.types == _NULL and node.get("type") is None:
        return replace(own, types=None)  # nullable, and no word of what it is else
    return own


def _own(node: Node) -> Shape:
    properties: dict[str, Lazy] = {
        name: partial(read, child) for name, child in node.entries("properties")
    }
    items = node.get("items")
    values = [one.value for one in node.elements("enum")]
    const = node.get("const")
    if const is not None:
        values = [const.value]
    required = node.get("required")
    names = required.value if required is not None else []
    return Shape(
        types=_types(node, values),
        enum=frozenset(json.dumps(one, ensure_ascii=False) for one in values if one is not None)
        if values
        else None,
        format=_format(node.words("format")),
        limits={name: found.value for name in LIMITS if (found := node.get(name)) is not None},
        required=frozenset(str(one) for one in names) if isinstance(names, list) else frozenset(),
        properties=properties,
        items=None if items is None else partial(read, items),
        deprecated=node.flag("deprecated"),
        description=node.words("description") or node.words("title"),
        marks=node.marks(),
    )


def _types(node: Node, values: list[Any]) -> frozenset[str] | None:
    stated = node.get("type")
    nullable = _NULL if node.flag("nullable") else frozenset[str]()
    if stated is not None:
        names = stated.value if isinstance(stated.value, list) else [stated.value]
        return frozenset(str(name) for name in names) | nullable
    if node.get("properties") is not None:
        return frozenset({"object"}) | nullable
    if node.get("items") is not None:
        return frozenset({"array"}) | nullable
    if values:
        return frozenset(_JSON_TYPES.get(type(one), "string") for one in values) | nullable
    # for now only null: what it is else may be said by the reference or allOf beside it
    return nullable or None


def _format(text: str) -> str | None:
    lowered = text.lower()
    if lowered.startswith("date-time"):  # Avito writes "date-time (RFC3339)"
        return "date-time"
    if lowered == "yyyy-mm-dd":
        return "date"
    # the width of a number is no matter here
    return None if lowered in ("", "int32", "int64", "float", "double") else lowered


def both(first: Shape, second: Shape) -> Shape:
    """What satisfies both shapes; where they only say the same differently, the first counts."""
    enums = [one.enum for one in (first, second) if one.enum is not None]
    return Shape(
        types=_common(first.types, second.types),
        enum=reduce(frozenset.intersection, enums) if enums else None,
        format=first.format or second.format,
        limits={**second.limits, **first.limits},
        required=first.required | second.required,
        deprecated=first.deprecated or second.deprecated,
        **_inner(both, first, second),
    )


def _common(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    if first is None or second is None:
        return second if first is None else first
    # `allOf: [...]` with `nullable: true` beside it means: that, or null
    null = _NULL & (first | second)
    a, b = first - _NULL, second - _NULL
    if not a or not b:
        return a | b | null
    if "number" in a | b and "integer" in a | b:
        a, b = (one - {"number"} | {"integer"} for one in (a, b))
    return ((a & b) or a) | null


def either(first: Shape, second: Shape) -> Shape:
    """What satisfies one shape or the other."""
    if first.types == _NULL or second.types == _NULL:
        there = second if first.types == _NULL else first
        return there if there.types is None else replace(there, types=there.types | _NULL)
    return Shape(
        types=_any_of(first.types, second.types),
        enum=_any_of(first.enum, second.enum),
        format=first.format if first.format == second.format else None,
        limits={
            name: value for name, value in first.limits.items() if second.limits.get(name) == value
        },
        required=first.required & second.required,
        deprecated=first.deprecated and second.deprecated,
        **_inner(either, first, second),
    )


def _any_of(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    return None if first is None or second is None else first | second


def _inner(how: Callable[[Shape, Shape], Shape], first: Shape, second: Shape) -> dict[str, Any]:
    """What both kinds of joining do alike: properties, items, and what is said of a shape."""

    def joined(one: Lazy | None, other: Lazy | None) -> Lazy | None:
        return (lambda: how(one(), other())) if one and other else one or other

    names = {**second.properties, **first.properties}
    return {
        "properties": {
            name: joined(first.properties.get(name), second.properties.get(name)) for name in names
        },
        "items": joined(first.items, second.items),
        "description": first.description or second.description,
        "marks": {**second.marks, **first.marks},
    }
