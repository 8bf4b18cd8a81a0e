"""The models and the methods in code, and the document: the one says what the other says."""

from __future__ import annotations

import types
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

import pytest
from pydantic import AwareDatetime

from avito_scrapy.avito import models
from avito_scrapy.avito.answer_model import Answer
from avito_scrapy.avito.endpoints import ENDPOINTS
from tests.support.contract import fields, read_of_answer
from tools.contract.documents import ours
from tools.contract.operations import Marks, feature_texts, key_of, used
from tools.contract.shapes import Shape

READ_WITH: dict[str, type[Answer]] = {
    "token": models.TokenAnswer,
    "self": models.SelfAnswer,
    "items": models.OwnItems,
    "chats": models.ChatListAnswer,
    "chat": models.ChatAnswer,
    "messages": models.Messages,
    "application_ids": models.ApplicationIds,
    "applications": models.Applications,
    "resumes": models.Resume,
    "contacts": models.Contacts,
}
# Entries that are read one by one, so that one that drifts spoils no other.
ENTRIES: dict[tuple[type[Answer], str], type[Answer]] = {
    (models.Applications, "applies"): models.Application,
    (models.ChatListAnswer, "chats"): models.ListedChatAnswer,
}
JSON_TYPES: dict[Any, set[str]] = {
    str: {"string"},
    int: {"integer"},
    float: {"number"},
    bool: {"boolean"},
    date: {"string"},
    datetime: {"string"},
    AwareDatetime: {"string"},
    list: {"array"},
}


class Field(NamedTuple):
    """``types``: of JSON, without null; ``required``: without it the model counts a drift."""

    types: set[str]
    required: bool
    values: set[str] | None = None


def _bare(annotation: Any) -> Any:
    """The annotation without None and pydantic's additions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        (only,) = (one for one in get_args(annotation) if one is not type(None))
        return _bare(only)
    return annotation


def of_model(model: type[Answer], prefix: str = "") -> Iterator[tuple[str, Field]]:
    for name, info in model.model_fields.items():
        path = f"{prefix}.{name}" if prefix else name
        kind, required = _bare(info.annotation), info.is_required()
        if get_origin(kind) is list:
            yield path, Field({"array"}, required)
            inner = ENTRIES.get((model, name)) or _bare(get_args(kind)[0])
            yield from of_model(inner, f"{path}[]")
        elif get_origin(kind) is Literal:
            yield path, Field({"string"}, required, set(get_args(kind)))
        elif isinstance(kind, type) and issubclass(kind, Answer):
            yield path, Field({"object"}, required)
            yield from of_model(kind, path)
        else:
            yield path, Field(JSON_TYPES[kind], required)


def of_document(method: str) -> dict[str, Shape]:
    found = {use.field: use.shape for use in read_of_answer(method)}
    if method == "messages":  # the array alone is the same as the array in an object
        found = {path: shape for path, shape in found.items() if not path.startswith("[]")}
    return found


@pytest.mark.parametrize("method", READ_WITH)
def test_every_field_read_is_written_down_and_the_other_way_round(method: str) -> None:
    assert {path for path, _ in of_model(READ_WITH[method])} == set(of_document(method))


@pytest.mark.parametrize("method", READ_WITH)
def test_types(method: str) -> None:
    written = of_document(method)
    for path, field in of_model(READ_WITH[method]):
        assert written[path].types is not None, path
        found = set(written[path].types or ()) - {"null"}
        if found == {"string", "integer"}:
            found = {"string"}  # numbers are taken for strings where Avito's own examples do so
        if found == {"integer", "boolean"}:
            found = {"integer"}  # a mere true is taken for a moment that is not told
        assert found == field.types, path


@pytest.mark.parametrize("method", READ_WITH)
def test_what_a_model_misses_when_absent_is_required(method: str) -> None:
    whole = used()[method].answers["200"].media["application/json"]
    required = {f"{path}.{name}" for path, shape in of_document(method).items()
                for name in _required(shape)}  # fmt: skip
    required |= set(whole.required)
    missed = {path.replace("[]", "") for path, field in of_model(READ_WITH[method])
              if field.required}  # fmt: skip
    if method == "messages":
        missed.remove("messages")  # one of the two forms has it
    if method in ("chat", "chats"):  # a context may be empty, its value that of no item
        missed = {path for path in missed if "context." not in path}
    assert {path.replace("[]", "") for path in required} == missed


def _required(shape: Shape) -> frozenset[str]:
    return shape.required | (shape.items().required if shape.items else frozenset())


@pytest.mark.parametrize("method", READ_WITH)
def test_values_that_a_model_tells_apart(method: str) -> None:
    written = of_document(method)
    told = {path: field.values for path, field in of_model(READ_WITH[method]) if field.values}
    for path, values in told.items():
        assert written[path].enum == frozenset(f'"{value}"' for value in values), path


@pytest.mark.parametrize("name", ENDPOINTS)
def test_methods_are_where_the_document_has_them(name: str) -> None:
    endpoint, use = ENDPOINTS[name], used()[name]
    assert (endpoint.verb, use.path.count("{")) == (use.verb, endpoint.template.count("{"))
    assert key_of(endpoint.verb, endpoint.template) == key_of(use.verb, use.path)
    assert endpoint.template.endswith("/") == use.path.endswith("/")
    assert use.marks["x-slot"] == endpoint.name


def test_no_method_more_and_none_less() -> None:
    assert set(used()) == {*ENDPOINTS, "getChannels"}


def known(marks: Marks) -> bool:
    return bool(marks.features) and set(marks.features) <= set(feature_texts())


@pytest.mark.parametrize("name", sorted(used()))
def test_every_field_has_a_source_a_feature_and_a_meaning(name: str) -> None:
    use = used()[name]
    top = Marks().under(use.marks)
    assert top.source in {"published", "notes", "observed"}
    assert known(top)
    bodies = {"body": use.body, **use.answers}
    for place, body in bodies.items():
        for shape in body.media.values() if body else ():
            for path, child, marks in fields(shape, top.under(body.marks if body else {})):
                where = f"{place} {path}"
                assert known(marks), where
                assert marks.source in {"published", "notes", "observed"}, where
                assert child.description or child.properties or child.items, where
    for part in use.parameters.values():
        assert part.shape.description, part.name
        assert known(top.under(part.shape.marks))


def test_no_feature_is_listed_in_vain() -> None:
    named: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            named.update(Marks().under(value).features)
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, (dict, list)):
                look(inner)

    look(ours().value)
    assert named == set(feature_texts())
