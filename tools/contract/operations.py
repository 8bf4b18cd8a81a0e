"""The methods of one or several OpenAPI documents, ready to be compared.

Beside OpenAPI's own words avito.yaml says where a fact is from and what needs it (``Marks``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from tools.contract.documents import Node, ours
from tools.contract.shapes import Shape, read

VERBS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_VERSION = re.compile(r"/v\d+(?=/|$)")
Key = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """A parameter or a header. ``name`` as written; ``where``: query, header, path or cookie.

    ``shape``: with the description and the entries of the parameter itself.
    """

    name: str
    where: str
    required: bool
    shape: Shape


@dataclass(frozen=True)
class Body:
    """What is sent or answered: a schema for each content type (without parameters)."""

    media: Mapping[str, Shape]
    required: bool = False
    headers: Mapping[str, Part] = field(default_factory=dict)
    marks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """A method of the API.

    ``parameters`` by place and name; those of the path by their number in the template, and names
    of headers in lower case. ``answers`` by status (200, 4XX, default). ``grants``: the flows of
    OAuth that open it, None where the document asks for none.
    """

    name: str
    verb: str
    path: str
    host: str
    parameters: Mapping[Key, Part]
    body: Body | None
    answers: Mapping[str, Body]
    grants: frozenset[str] | None
    deprecated: bool
    description: str
    marks: Mapping[str, Any]


def key_of(verb: str, path: str) -> Key:
    """What tells methods apart: names in braces and a slash at the end do not."""
    return verb.lower(), _PLACEHOLDER.sub("{}", path).rstrip("/") or "/"


def without_version(key: Key) -> Key:
    """The key with ``/v1/`` and the like taken out, to find what has taken its place."""
    return key[0], _VERSION.sub("/v", key[1])


def operations(documents: Iterable[Node]) -> dict[Key, Operation]:
    """All methods of ``documents``; where two have the same, the first counts.

    Raises:
        ContractProblem: a part that is needed for this is not of the form it must have.
    """
    found: dict[Key, Operation] = {}
    for root in documents:
        for path, item in root.entries("paths"):
            place = item.follow()
            for verb in VERBS:
                node = place.get(verb)
                if node is not None:
                    one = _operation(root, path, place, verb, node)
                    found.setdefault(key_of(verb, one.path), one)
    return found


def _operation(root: Node, path: str, item: Node, verb: str, node: Node) -> Operation:
    server = _server(node) or _server(item) or _server(root)
    address = urlsplit(server)
    whole = address.path.rstrip("/") + path
    parameters = _parameters(item, whole) | _parameters(node, whole)
    body = node.get("requestBody")
    return Operation(
        name=node.words("operationId"),
        verb=verb.upper(),
        path=whole,
        host=address.netloc,
        parameters=parameters,
        body=None if body is None else _body(body.follow()),
        answers={status: _body(one.follow()) for status, one in node.entries("responses")},
        grants=_grants(root, node),
        deprecated=node.flag("deprecated"),
        description=node.words("description") or node.words("summary"),
        marks=node.marks(),
    )


def _server(node: Node) -> str:
    for one in node.elements("servers"):
        return one.words("url")
    return ""


def _parameters(node: Node, path: str) -> dict[Key, Part]:
    order = [name[1:-1] for name in _PLACEHOLDER.findall(path)]
    found: dict[Key, Part] = {}
    for element in node.elements("parameters"):
        part = _part(element.follow())
        name = part.name.lower() if part.where == "header" else part.name
        if (part.where, name) == ("header", "authorization"):
            continue  # security says it; OpenAPI passes such parameters over
        if part.where == "path":
            name = str(order.index(name)) if name in order else name
        found[(part.where, name)] = part
    return found


def _part(node: Node, name: str = "", where: str = "header") -> Part:
    schema = node.get("schema")
    if schema is None:
        schema = next((media.get("schema") for _, media in node.entries("content")), None)
    shape = Shape() if schema is None else read(schema)
    return Part(
        name=name or node.words("name"),
        where=node.words("in") or where,
        required=node.flag("required"),
        shape=replace(
            shape,
            deprecated=node.flag("deprecated") or shape.deprecated,
            description=node.words("description") or shape.description,
            marks={**shape.marks, **node.marks()},
        ),
    )


def _body(node: Node) -> Body:
    media: dict[str, Shape] = {}
    for name, entry in node.entries("content"):
        schema = entry.get("schema")
        media[name.partition(";")[0].strip().lower()] = Shape() if schema is None else read(schema)
    return Body(
        media=media,
        required=node.flag("required"),
        headers={
            name.lower(): _part(one.follow(), name=name) for name, one in node.entries("headers")
        },
        marks=node.marks(),
    )


def _grants(root: Node, node: Node) -> frozenset[str] | None:
    """The OAuth flows of the ways in that need nothing else; None when nothing is asked for."""
    holder = root if node.get("security") is None else node
    ways = list(holder.elements("security"))
    if not ways or any(way.value == {} for way in ways):
        return None
    components = root.get("components")
    schemes = dict(components.entries("securitySchemes")) if components else {}
    flows: set[str] = set()
    for way in ways:
        names = list(way.value) if isinstance(way.value, dict) else []
        if len(names) == 1 and names[0] in schemes:
            flows.update(name for name, _ in schemes[names[0]].follow().entries("flows"))
    return frozenset(flows)


@dataclass(frozen=True)
class Marks:
    """``x-source`` and ``x-feature`` as they hold at a place: own ones, else those above."""

    source: str = ""
    features: tuple[str, ...] = ()

    def under(self, marks: Mapping[str, Any]) -> Marks:
        """As they hold further down, where ``marks`` are the entries of the place there."""
        own = marks.get("x-feature", self.features)
        source = str(marks.get("x-source", self.source))
        return Marks(source, (own,) if isinstance(own, str) else tuple(own))

    @property
    def published(self) -> bool:
        """Whether Avito's documents are expected to hold it."""
        return self.source == "published"


def observed(marks: Mapping[str, Any]) -> frozenset[str]:
    """The keywords (of a method: the answers) that are not from Avito's documents."""
    return frozenset(str(one) for one in marks.get("x-observed", ()))


def features(shape: Shape, marks: Marks) -> tuple[str, ...]:
    """The features that need ``shape`` or something in it, each once, as they come."""
    below = list(marks.features) if not shape.properties and shape.items is None else []
    for lazy in shape.properties.values():
        child = lazy()
        below.extend(features(child, marks.under(child.marks)))
    if shape.items is not None:
        child = shape.items()
        below.extend(features(child, marks.under(child.marks)))
    return tuple(dict.fromkeys(below))


@cache
def used() -> Mapping[str, Operation]:
    """The methods of avito.yaml by name."""
    return {one.name: one for one in operations([ours()]).values()}


@cache
def feature_texts() -> Mapping[str, str]:
    """What each key of x-features means, in words."""
    return {name: str(node.value) for name, node in ours().entries("x-features")}
