"""Compares what we use with what is published, method by method and field by field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tools.contract.documents import Node
from tools.contract.findings import FieldStatus, Status
from tools.contract.operations import (
    Body,
    Key,
    Marks,
    Operation,
    Part,
    features,
    key_of,
    observed,
    operations,
    without_version,
)
from tools.contract.shapes import LIMITS, Shape

# Avito often says so in the description only, at its beginning.
_SAYS_DEPRECATED = re.compile(r"\W*(?:поле\s+)?(?:deprecated\b|устарел)", re.IGNORECASE)


def compare(ours: Node, published: Iterable[Node]) -> Iterator[FieldStatus]:
    """Compare every method and field of ``ours`` with the documents ``published``.

    Raises:
        ContractProblem: a document is not of the form it must have.
    """
    theirs = operations(published)
    for key, use in operations([ours]).items():
        if key in theirs:
            yield from _Method(use, theirs[key]).findings()
        else:
            yield _missing(use, theirs)


def _missing(use: Operation, theirs: Mapping[Key, Operation]) -> FieldStatus:
    marks = Marks().under(use.marks)
    area = _area(use.path)
    notes = list(_alike(use, theirs))
    if not marks.published:
        status, notes = Status.UNPUBLISHED, [f"{marks.source}, not published"]
    elif notes or any(_area(one.path) == area for one in theirs.values()):
        status = Status.GONE
    else:
        status, notes = Status.NOT_GIVEN, [f"no document given is about /{area}"]
    return FieldStatus(use.name, "method", "", status, tuple(notes), _all_features(use))


def _alike(use: Operation, theirs: Mapping[Key, Operation]) -> Iterator[str]:
    """Say where the method may have moved."""
    key = key_of(use.verb, use.path)
    for other, one in theirs.items():
        if other[1] == key[1]:
            yield f"the path is there with {one.verb}"
        elif without_version(other) == without_version(key):
            yield f"there is {one.verb} {one.path}"


def _all_features(use: Operation) -> tuple[str, ...]:
    """What needs the method: what it is asked for, and what is read of a good answer."""
    marks = Marks().under(use.marks)
    found = list(marks.features)
    for body in (use.body, use.answers.get("200")):
        if body is not None:
            below = marks.under(body.marks)
            for shape in body.media.values():
                found.extend(features(shape, below.under(shape.marks)))
    return tuple(dict.fromkeys(found))


class _Method:
    """One method on both sides."""

    def __init__(self, ours: Operation, theirs: Operation) -> None:
        self._ours = ours
        self._theirs = theirs
        self._marks = Marks().under(ours.marks)

    def findings(self) -> Iterator[FieldStatus]:
        """The method itself, what is sent, what comes."""
        ours, theirs = self._ours, self._theirs
        deprecated = _says_deprecated(theirs)
        yield self._finding("method", "", list(self._itself()), deprecated, _all_features(ours))
        for key, part in ours.parameters.items():
            other = theirs.parameters.get(key)
            # The place of a path's parameter in the template is there, else the path were not.
            if other is not None or key[0] != "path":
                yield from self._part(key[0], part, other, self._marks)
        if ours.body is not None:
            yield from self._body("body", ours.body, theirs.body)
        for status, answer in ours.answers.items():
            yield from self._answer(status, answer)

    def _itself(self) -> Iterator[str]:
        ours, theirs = self._ours, self._theirs
        if ours.host and theirs.host and ours.host != theirs.host:
            yield f"is now at {theirs.host}, was at {ours.host}"
        if ours.grants is not None and theirs.grants is not None:
            for flow in sorted(ours.grants - theirs.grants):
                yield f"no longer opened by a token of {flow}"
        for key, part in theirs.parameters.items():
            if part.required and key not in ours.parameters and key[0] != "path":
                yield f"asks for {part.name} ({key[0]}), which we do not send"
        if theirs.body is not None and theirs.body.required and ours.body is None:
            yield "asks for a body, which we do not send"

    def _answer(self, status: str, ours: Body) -> Iterator[FieldStatus]:
        place, answers = f"answer {status}", self._theirs.answers
        marks = self._marks.under(ours.marks)
        if status in observed(self._ours.marks):
            marks = marks.under({"x-source": "observed"})
        theirs = answers.get(status) or answers.get(f"{status[0]}XX") or answers.get("default")
        if theirs is None:
            yield self._absent(place, "", marks, marks.features)
            return
        yield from self._body(place, ours, theirs)
        for name, header in ours.headers.items():
            yield from self._part(f"{place} header", header, theirs.headers.get(name), marks)

    def _body(self, place: str, ours: Body, theirs: Body | None) -> Iterator[FieldStatus]:
        for media, shape in ours.media.items():
            other = None if theirs is None else _media(theirs, media)
            notes: list[str] = []
            if theirs is not None and other is not None:
                notes += _presence(ours.required, theirs.required, ours.marks)
                if place == "body":
                    unsent = sorted(other.required - set(shape.properties))
                    notes += [f"asks for {name}, which we do not send" for name in unsent]
            field = media if other is None else ""
            yield from self._field(place, field, shape, other, self._marks.under(ours.marks), notes)

    def _part(
        self, place: str, ours: Part, theirs: Part | None, above: Marks
    ) -> Iterator[FieldStatus]:
        shape, notes = None, list[str]()
        if theirs is not None:
            shape = theirs.shape
            notes = _presence(ours.required, theirs.required, ours.shape.marks)
        yield from self._field(place, ours.name, ours.shape, shape, above, notes)

    def _field(
        self,
        place: str,
        path: str,
        ours: Shape,
        theirs: Shape | None,
        above: Marks,
        notes: list[str],
    ) -> Iterator[FieldStatus]:
        """A field and everything below it; ``notes``: what is known already to differ."""
        marks = above.under(ours.marks)
        touched = features(ours, marks)
        if theirs is None:
            yield self._absent(place, path, marks, touched)
            return
        skip = observed(ours.marks)
        if place.startswith("answer") and ours.enum is None:
            skip |= {"enum"}  # we take any value that comes
        notes = [*differences(ours, theirs, skip), *notes]
        # Elements with fields of their own are worth a line only where they differ.
        if notes or not (path.endswith("[]") and ours.properties):
            yield self._finding(place, path, notes, _says_deprecated(theirs), touched)
        for name, lazy in ours.properties.items():
            other = theirs.properties.get(name)
            presence = _presence(name in ours.required, name in theirs.required, ours.marks)
            below = f"{path}.{name}" if path else name
            yield from self._field(place, below, lazy(), other and other(), marks, presence)
        if ours.items is not None:
            other = theirs.items
            yield from self._field(place, f"{path}[]", ours.items(), other and other(), marks, [])

    def _finding(
        self,
        place: str,
        field: str,
        notes: list[str],
        deprecated: bool,
        touched: tuple[str, ...],
    ) -> FieldStatus:
        status = Status.CHANGED if notes else Status.THERE
        if deprecated:
            status = max(status, Status.DEPRECATED)
            notes = [*notes, "deprecated"]
        return FieldStatus(self._ours.name, place, field, status, tuple(notes), touched)

    def _absent(
        self, place: str, field: str, marks: Marks, touched: tuple[str, ...]
    ) -> FieldStatus:
        status = Status.GONE if marks.published else Status.UNPUBLISHED
        notes = () if marks.published else (f"{marks.source}, not published",)
        return FieldStatus(self._ours.name, place, field, status, notes, touched)


def _media(body: Body, wanted: str) -> Shape | None:
    for name in (wanted, f"{wanted.partition('/')[0]}/*", "*/*"):
        if name in body.media:
            return body.media[name]
    return None


def _area(path: str) -> str:
    """The part of the API that a document is about: of /core there are several."""
    parts = path.split("/")
    return "/".join(parts[1:4]) if parts[1] == "core" else parts[1]


def differences(ours: Shape, theirs: Shape, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """Type, enum, format and limits of one field in words; ``skip``: keywords not to compare."""
    if "type" not in skip:
        yield from _types(ours, theirs)
    if "enum" not in skip:
        seen = {json.dumps(one) for one in ours.marks.get("x-observed-values", ())}
        yield from _enums(
            None if ours.enum is None else ours.enum - seen,
            None if theirs.enum is None else theirs.enum - seen,
        )
    if "format" not in skip and ours.format != theirs.format:
        if theirs.format is None:
            yield f"format {ours.format} is no longer stated"
        else:
            yield f"format is now {theirs.format}" + (f", was {ours.format}" * bool(ours.format))
    for name in LIMITS:
        mine, other = ours.limits.get(name), theirs.limits.get(name)
        if name in skip or mine == other:
            continue
        if other is None:
            yield f"{name} {mine} is no longer stated"
        else:
            yield f"{name} is now {other}" + (f", was {mine}" if mine is not None else "")


def _presence(ours: bool, theirs: bool, marks: Mapping[str, Any]) -> list[str]:
    """Whether it must be there; not compared where that is only observed."""
    if ours == theirs or "required" in observed(marks):
        return []
    return ["is now required" if theirs else "is no longer required"]


def _says_deprecated(theirs: Operation | Shape) -> bool:
    """Whether something is on its way out, by its flag or by the first word of its text."""
    return theirs.deprecated or _SAYS_DEPRECATED.match(theirs.description) is not None


def _types(ours: Shape, theirs: Shape) -> Iterator[str]:
    null = frozenset({"null"})
    if ours.types == theirs.types:
        return
    if theirs.types is None or ours.types is None:
        yield f"type is now {_types_text(theirs)}, was {_types_text(ours)}"
        return
    if ours.types - null != theirs.types - null:
        yield f"type is now {_types_text(theirs)}, was {_types_text(ours)}"
    elif "null" in theirs.types:
        yield "may now be null"
    else:
        yield "is no longer null"


def _types_text(shape: Shape) -> str:
    return " or ".join(sorted(shape.types - {"null"})) if shape.types else "not stated"


def _enums(ours: frozenset[str] | None, theirs: frozenset[str] | None) -> Iterator[str]:
    if ours == theirs:
        return
    if theirs is None:
        yield "may now be anything, not only " + _listed(ours or ())
    elif ours is None:
        yield "may now be only " + _listed(theirs)
    else:
        if theirs - ours:
            yield "new in the list of values: " + _listed(theirs - ours)
        if ours - theirs:
            yield "no longer in the list of values: " + _listed(ours - theirs)


def _listed(values: Iterable[str]) -> str:
    named = sorted(values)
    shown = ", ".join(named[:8])
    return shown if len(named) <= 8 else f"{shown} and {len(named) - 8} more"
