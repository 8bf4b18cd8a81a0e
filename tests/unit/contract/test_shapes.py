"""The same schema in its many ways of writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.contract.small import node, paper
from tools.contract.documents import Node
from tools.contract.shapes import Shape, read

TEXT = frozenset({"string"})
TEXT_OR_NULL = frozenset({"string", "null"})


def _node(tmp_path: Path, schema: Any) -> Node:
    schemas = {"Text": {"type": "string", "maxLength": 5, "deprecated": True}, "It": schema}
    root = node(tmp_path, paper() | {"components": {"schemas": schemas}})
    return root.resolve("#/components/schemas/It")


def _read(tmp_path: Path, schema: Any) -> Shape:
    return read(_node(tmp_path, schema))


REF = {"$ref": "#/components/schemas/Text"}


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({"type": "string"}, TEXT),
        ({"type": "string", "nullable": True}, TEXT_OR_NULL),
        ({"type": "string", "nullable": False}, TEXT),
        ({"type": ["string", "null"]}, TEXT_OR_NULL),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, TEXT_OR_NULL),
        ({"oneOf": [{"type": "null"}, REF]}, TEXT_OR_NULL),
        ({"allOf": [REF], "nullable": True}, TEXT_OR_NULL),
        ({"allOf": [{"allOf": [REF]}, {"nullable": True}]}, TEXT),
        ({**REF, "nullable": True}, TEXT_OR_NULL),
        ({"properties": {}}, frozenset({"object"})),
        ({"items": {}}, frozenset({"array"})),
        ({"enum": ["a", None]}, TEXT_OR_NULL),
        ({"enum": [1, True, 1.5]}, frozenset({"integer", "boolean", "number"})),
        ({"const": "a"}, TEXT),
        ({"nullable": True}, None),
        ({}, None),
        (True, None),
        ({"oneOf": [{"type": "string"}, {"type": "array"}]}, frozenset({"string", "array"})),
        ({"oneOf": [{"type": "string"}, {}]}, None),
        ({"oneOf": [{"type": "null"}, {}]}, None),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, frozenset({"integer"})),
        ({"type": ["string", "integer"], "allOf": [{"type": "string"}]}, TEXT),
    ],
)
def test_types(tmp_path: Path, schema: Any, types: frozenset[str] | None) -> None:
    assert _read(tmp_path, schema).types == types


def test_what_stands_beside_a_reference_counts(tmp_path: Path) -> None:
    shape = _read(tmp_path, {**REF, "maxLength": 3, "description": "mine"})
    assert shape.limits == {"maxLength": 3}
    assert shape.description == "mine"
    assert shape.deprecated


def test_all_of_is_all_of_it(tmp_path: Path) -> None:
    shape = _read(
        tmp_path,
        {
            "allOf": [
                {"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x", "y"]}}},
                {"required": ["b"], "properties": {"a": {"enum": ["y", "z"]}, "b": REF}},
            ]
        },
    )
    assert shape.required == {"a", "b"}
    assert shape.properties["a"]().enum == frozenset({'"y"'})
    assert shape.properties["b"]().types == TEXT


def test_alternatives_are_any_of_it(tmp_path: Path) -> None:
    shape = _read(
        tmp_path,
        {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["a", "b"],
                    "properties": {"a": {"type": "string", "enum": ["x"], "maxLength": 1}},
                },
                {
                    "type": "object",
                    "required": ["a"],
                    "properties": {"a": {"type": "string", "enum": ["y"], "maxLength": 2}},
                },
                {"type": "array", "items": {"type": "integer"}},
            ]
        },
    )
    assert shape.types == frozenset({"object", "array"})
    assert shape.required == frozenset()
    a = shape.properties["a"]()
    assert (a.enum, a.limits) == (frozenset({'"x"', '"y"'}), {})
    assert shape.items is not None
    assert shape.items().types == frozenset({"integer"})


def test_items_from_two_places(tmp_path: Path) -> None:
    both = _read(tmp_path, {"items": {"type": "string"}, "allOf": [{"items": {"enum": ["a"]}}]})
    assert both.items is not None
    assert both.items().enum == frozenset({'"a"'})
    lists = [{"type": "array", "items": {"type": kind}} for kind in ("string", "integer")]
    any_of = _read(tmp_path, {"anyOf": lists})
    assert any_of.items is not None
    assert any_of.items().types == frozenset({"string", "integer"})
