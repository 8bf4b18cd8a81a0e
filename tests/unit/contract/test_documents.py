"""Documents in all their forms, broken ones too: one line each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.unit.contract.small import answer, held, node, operation, paper, unlike, write
from tools.contract.compare import compare
from tools.contract.documents import ContractProblem, load, ours


@pytest.mark.parametrize("name", ["p.json", "p.yaml"])
def test_json_and_yaml(tmp_path: Path, name: str) -> None:
    document = paper()
    operation(document)["responses"] = {
        int(status): one for status, one in operation(document)["responses"].items()
    }
    found = list(compare(node(tmp_path, paper(), "o.json"), [node(tmp_path, document, name)]))
    assert not unlike(found), "a status may be a number in YAML"


BROKEN: list[tuple[str, bytes, str]] = [
    ("json", b'{"openapi": "3.0.0", "paths": {', "p: is broken JSON, at line 1"),
    ("yaml", b"openapi: 3.1.0\npaths: ]", "p: is neither JSON nor YAML, at line 2"),
    ("bytes", b"\xff\xfe\x00", "p: is not text in UTF-8"),
    ("empty", b"", "p: no OpenAPI document; it must be 3.0 or 3.1"),
    ("list", b"[]", "p: no OpenAPI document; it must be 3.0 or 3.1"),
    ("words", b"hello", "p: no OpenAPI document; it must be 3.0 or 3.1"),
    ("swagger", b"swagger: '2.0'", "p: no OpenAPI document; it must be 3.0 or 3.1"),
    ("later", b"openapi: 4.0.0", "p: OpenAPI '4.0.0'; it must be 3.0 or 3.1"),
    ("no paths", b"openapi: 3.0.0\npaths: []", "p: paths is not an object"),
    ("deep", b"[" * 100_000, "p: is nested too deeply"),
    ("control", b"openapi: \x01", "p: is neither JSON nor YAML"),
]


@pytest.mark.parametrize(
    ("content", "line"), [pytest.param(*rest, id=name) for name, *rest in BROKEN]
)
def test_a_broken_file_is_one_line(tmp_path: Path, content: bytes, line: str) -> None:
    path = tmp_path / "p"
    path.write_bytes(content)
    with pytest.raises(ContractProblem) as caught:
        load(path)
    assert str(caught.value) == line


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ContractProblem, match=r"^nowhere: cannot be read: No such file"):
        load(tmp_path / "nowhere")
    with pytest.raises(ContractProblem, match=r"cannot be read: "):
        load(tmp_path)


MISSHAPEN: list[tuple[str, Any, str]] = [
    ("schema", "text", "'text' stands where an object must be"),
    ("reference", {"$ref": "#/components/schemas/None"}, "leads nowhere"),
    ("number as reference", {"$ref": 5}, "leads nowhere"),
    ("reference to itself", {"$ref": "#/components/schemas/Loop"}, "leads to itself"),
    ("allOf", {"allOf": {}}, "allOf is not a list"),
    ("properties", {"properties": []}, "properties is not an object"),
    ("network", {"$ref": "https://example.com/a.json#/a"}, "nothing is fetched"),
    ("no such file", {"$ref": "other.json#/a"}, "other.json: cannot be read"),
]


@pytest.mark.parametrize(
    ("schema", "line"), [pytest.param(*rest, id=name) for name, *rest in MISSHAPEN]
)
def test_a_misshapen_part_is_one_line(tmp_path: Path, schema: Any, line: str) -> None:
    document = paper()
    answer(document)["properties"]["kind"] = schema
    document["components"]["schemas"] = {"Loop": {"$ref": "#/components/schemas/Loop"}}
    with pytest.raises(ContractProblem, match=line) as caught:
        held(tmp_path, document)
    assert "\n" not in str(caught.value)


def test_a_parameter_that_leads_to_itself(tmp_path: Path) -> None:
    document = paper()
    operation(document)["parameters"] = [{"$ref": "#/components/parameters/A"}]
    document["components"]["parameters"] = {"A": {"$ref": "#/components/parameters/A"}}
    with pytest.raises(ContractProblem, match="leads to itself"):
        held(tmp_path, document)


def test_references_within_and_into_another_file(tmp_path: Path) -> None:
    document = paper()
    whole = answer(document)
    kind, parts = whole["properties"]["kind"], whole["properties"]["parts"]
    document["components"]["schemas"] = {
        "a/b~c": {"$ref": "#/components/schemas/again"},
        "again": kind,
        "Whole": {**whole, "properties": {**whole["properties"]}},
    }
    properties = document["components"]["schemas"]["Whole"]["properties"]
    properties["kind"] = {"$ref": "#/components/schemas/a~1b~0c"}
    write(tmp_path, {"inner": {"$ref": "#/deep"}, "deep": parts}, "common.yaml")
    properties["parts"] = {"$ref": "common.yaml#/inner"}
    good = operation(document)["responses"]["200"]
    good["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Whole"}
    document["components"]["responses"] = {"Good": good}
    operation(document)["responses"]["200"] = {"$ref": "#/components/responses/Good"}
    assert not unlike(held(tmp_path, document))

    parts["items"]["properties"]["size"]["type"] = "string"
    write(tmp_path, {"inner": {"$ref": "#/deep"}, "deep": parts}, "common.yaml")
    assert list(unlike(held(tmp_path, document))) == ["answer 200 parts[].size"]


def test_a_schema_may_hold_itself(tmp_path: Path) -> None:
    document = paper()
    schemas = document["components"]["schemas"] = {"Whole": answer(document)}
    schemas["Whole"]["properties"]["again"] = {"$ref": "#/components/schemas/Whole"}
    good = operation(document)["responses"]["200"]
    good["content"]["application/json"]["schema"] = {"$ref": "#/components/schemas/Whole"}
    assert not unlike(held(tmp_path, document))


def test_our_own_document_is_valid() -> None:
    validate(ours().value)
    assert ours().value["openapi"].startswith("3.1.")


def test_our_own_document_is_as_we_use_it() -> None:
    assert not unlike(list(compare(ours(), [ours()])))
