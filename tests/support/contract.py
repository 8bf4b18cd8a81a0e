"""The fields of Avito's answers that avito.yaml writes down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.contract.operations import Marks, feature_texts, used
from tools.contract.shapes import Shape


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


def _in_words(features: tuple[str, ...]) -> str:
    """Keys of x-features in words."""
    return "; ".join(feature_texts().get(name, name) for name in features)


def read_of_answer(method: str) -> Iterator[Use]:
    """What the project reads of a good answer of ``method``."""
    operation = used()[method]
    marks = Marks().under(operation.marks)
    for shape in operation.answers["200"].media.values():
        for path, child, below in fields(shape, marks.under(shape.marks)):
            yield Use(path, child.description, _in_words(below.features), child)
