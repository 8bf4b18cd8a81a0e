"""What avito.yaml says beside OpenAPI's own words: where a fact is from, what needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from tools.contract.documents import ours
from tools.contract.operations import Operation, operations
from tools.contract.shapes import Shape


@dataclass(frozen=True)
class Marks:
    """``x-source`` and ``x-feature`` as they hold at a place: own ones, else those above."""

    source: str = ""
    features: tuple[str, ...] = ()

    def under(self, marks: Mapping[str, Any]) -> Marks:
        """As they hold further down, where ``marks`` are the entries of the place there."""
        own = marks.get("x-feature", self.features)
        return replace(
            self,
            source=str(marks.get("x-source", self.source)),
            features=(own,) if isinstance(own, str) else tuple(own),
        )

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


@dataclass(frozen=True)
class Use:
    """A field that the project reads: its meaning and the features that need it, in words."""

    field: str
    meaning: str
    feature: str
    shape: Shape


def fields(shape: Shape, marks: Marks, prefix: str = "") -> Iterator[tuple[str, Shape, Marks]]:
    """Every field of ``shape``, dotted, ``[]`` for the elements of a list."""
    for name, lazy in shape.properties.items():
        child = lazy()
        below = marks.under(child.marks)
        path = f"{prefix}.{name}" if prefix else name
        yield path, child, below
        yield from fields(child, below, path)
    if shape.items is not None:
        child = shape.items()
        yield from fields(child, marks.under(child.marks), f"{prefix}[]")


@lru_cache(maxsize=1)
def used() -> Mapping[str, Operation]:
    """The methods of avito.yaml by name."""
    return {one.name: one for one in operations([ours()]).values()}


@lru_cache(maxsize=1)
def feature_texts() -> Mapping[str, str]:
    """What each key of x-features means, in words."""
    return {name: str(node.value) for name, node in ours().entries("x-features")}


def in_words(features: tuple[str, ...]) -> str:
    """Keys of x-features in words."""
    return "; ".join(feature_texts().get(name, name) for name in features)


def read_of_answer(method: str) -> Iterator[Use]:
    """What the project reads of a good answer of ``method``; nothing for an unknown method."""
    operation = used().get(method)
    if operation is None:
        return
    marks = Marks().under(operation.marks)
    for shape in operation.answers["200"].media.values():
        for path, child, below in fields(shape, marks.under(shape.marks)):
            yield Use(path, child.description, in_words(below.features), child)
