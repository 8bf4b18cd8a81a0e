"""Reads OpenAPI documents and follows the references in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

import yaml
from referencing import Registry, Resource, Specification
from referencing.exceptions import Unresolvable

from avito_scrapy.errors import UsageError, describe

VERSIONS = ("3.0", "3.1")
_Resolver = Any  # referencing's own type is private
T = TypeVar("T")


class ContractProblem(UsageError):
    """A document that cannot be read or makes no sense; one line that names it.

    Raised while documents are loaded and, since they are read as far as needed only, while they
    are compared.
    """


@dataclass(frozen=True)
class Node:
    """A place in a document: its value, and what its references start from.

    ``document`` is the file's name, for messages.
    """

    value: Any
    document: str
    resolver: _Resolver

    def problem(self, what: str) -> ContractProblem:
        """The error to raise when something here is wrong."""
        return ContractProblem(f"{self.document}: {what}")

    def resolve(self, reference: object) -> Node:
        """The place that ``reference`` (the value of a ``$ref``) names.

        Raises:
            ContractProblem: there is no such place.
        """
        try:
            found = self.resolver.lookup(reference)
        except (Unresolvable, ValueError, TypeError, AttributeError) as error:
            cause: BaseException | None = error
            while cause is not None:
                if isinstance(cause, ContractProblem):  # another file, and what is wrong there
                    raise cause from None
                cause = cause.__cause__
            raise self.problem(f"$ref {_short(reference)} leads nowhere") from error
        return Node(found.contents, self.document, found.resolver)

    def follow(self) -> Node:
        """This place, or where its ``$ref`` leads in the end."""
        node, seen = self, set[str]()
        while isinstance(node.value, dict) and "$ref" in node.value:
            reference = str(node.value["$ref"])
            if reference in seen:
                raise self.problem(f"$ref {_short(reference)} leads to itself")
            seen.add(reference)
            node = node.resolve(node.value["$ref"])
        return node

    def get(self, key: str) -> Node | None:
        """What stands under ``key``, or None. Raises ContractProblem when this is no object."""
        if not isinstance(self.value, dict):
            raise self.problem(f"{_short(self.value)} stands where an object must be")
        value = self.value.get(key)
        return None if value is None else replace(self, value=value)

    def entries(self, key: str) -> Iterator[tuple[str, Node]]:
        """Names and places of the object under ``key``; none when it is absent."""
        for name, value in self._under(key, dict, "an object").items():
            # YAML reads a bare 200 as a number
            yield str(name), replace(self, value=value)

    def elements(self, key: str) -> Iterator[Node]:
        """The places of the list under ``key``; none when it is absent."""
        for value in self._under(key, list, "a list"):
            yield replace(self, value=value)

    def _under(self, key: str, kind: type[T], in_words: str) -> T:
        node = self.get(key)
        if node is None:
            return kind()
        if not isinstance(node.value, kind):
            raise self.problem(f"{key} is not {in_words}")
        return node.value

    def words(self, key: str) -> str:
        """The text under ``key``, empty when there is none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        """Whether ``key`` is true."""
        return isinstance(self.value, dict) and self.value.get(key) is True

    def marks(self) -> dict[str, Any]:
        """The x-... entries here."""
        value = self.value if isinstance(self.value, dict) else {}
        return {str(key): mark for key, mark in value.items() if str(key).startswith("x-")}


def load(path: Path) -> Node:
    """Read an OpenAPI 3.0 or 3.1 document, JSON or YAML.

    Raises:
        ContractProblem: no such file, not text, neither JSON nor YAML, or not such a document.
    """
    return _root(_read(path), path.name, path.absolute().as_uri())


def ours() -> Node:
    """What this project relies on: ``avito_scrapy/openapi/avito.yaml``."""
    text = files("avito_scrapy.openapi").joinpath("avito.yaml").read_text(encoding="utf-8")
    return _root(_parse(text, "avito.yaml"), "avito.yaml", "avito.yaml")


def _root(content: Any, name: str, uri: str) -> Node:
    version = content.get("openapi") if isinstance(content, dict) else None
    if not str(version).startswith(tuple(f"{known}." for known in VERSIONS)):
        found = "no OpenAPI document" if version is None else f"OpenAPI {_short(version)}"
        raise ContractProblem(f"{name}: {found}; it must be {' or '.join(VERSIONS)}")
    if not isinstance(content.get("paths", {}), dict):
        raise ContractProblem(f"{name}: paths is not an object")
    empty: Registry[Any] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]  # attrs' alias
    registry = empty.with_resource(uri, Specification.OPAQUE.create_resource(content))
    return Node(content, name, registry.resolver(uri))


def _retrieve(uri: str) -> Resource[Any]:
    parts = urlsplit(uri)
    if parts.scheme != "file":
        raise ContractProblem(f"{uri[:60]}: not read, nothing is fetched from a network")
    content = _read(Path(url2pathname(parts.path)))
    return Specification.OPAQUE.create_resource(content)


def _read(path: Path) -> Any:
    try:
        return _parse(path.read_text(encoding="utf-8-sig"), path.name)
    except OSError as error:
        raise ContractProblem(f"{path.name}: cannot be read: {describe(error)}") from error
    except UnicodeDecodeError as error:
        raise ContractProblem(f"{path.name}: is not text in UTF-8") from error


def _parse(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ContractProblem(f"{name}: is nested too deeply") from error
    except ValueError as error:
        if text.lstrip().startswith(("{", "[")):
            line = getattr(error, "lineno", "?")
            raise ContractProblem(f"{name}: is broken JSON, at line {line}") from error
    try:
        return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", at line {mark.line + 1}" if mark else ""
        raise ContractProblem(f"{name}: is neither JSON nor YAML{where}") from error


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
