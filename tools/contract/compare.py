"""Compares what we use with what is published, method by method and field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tools.contract.differences import differences, presence, says_deprecated
from tools.contract.documents import Node
from tools.contract.findings import FieldStatus, Status
from tools.contract.operations import (
    Body,
    Key,
    Operation,
    Part,
    key_of,
    operations,
    without_version,
)
from tools.contract.shapes import Shape
from tools.contract.uses import Marks, features, observed


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
        deprecated = says_deprecated(theirs.deprecated, theirs.description)
        yield self._finding("method", "", list(self._itself()), deprecated, _all_features(ours))
        for key, part in ours.parameters.items():
            yield from self._part(key[0], part, theirs.parameters.get(key), self._marks)
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

    def _part(
        self, place: str, ours: Part, theirs: Part | None, above: Marks
    ) -> Iterator[FieldStatus]:
        marks = above.under(ours.marks)
        touched = features(ours.shape, marks)
        if theirs is None:
            if place != "path":  # its place in the template is there, else the path were not
                yield self._absent(place, ours.name, marks, touched)
            return
        skip = observed(ours.marks)
        notes = [*differences(ours.shape, theirs.shape, skip)]
        if "required" not in skip:
            notes.extend(presence(ours.required, theirs.required))
        deprecated = says_deprecated(theirs.deprecated, theirs.description)
        yield self._finding(place, ours.name, notes, deprecated, touched)
        yield from self._below(place, ours.name, ours.shape, theirs.shape, marks)

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
        marks = self._marks.under(ours.marks)
        for media, shape in ours.media.items():
            below = marks.under(shape.marks)
            touched = features(shape, below)
            other = None if theirs is None else _media(theirs, media)
            if other is None or theirs is None:
                yield self._absent(place, media, below, touched)
                continue
            notes = list(differences(shape, other, observed(shape.marks)))
            if "required" not in observed(ours.marks):
                notes.extend(presence(ours.required, theirs.required))
            if place == "body":
                notes.extend(
                    f"asks for {name}, which we do not send"
                    for name in sorted(other.required - set(shape.properties))
                )
            yield self._finding(place, "", notes, other.deprecated, touched)
            yield from self._below(place, "", shape, other, below)

    def _below(
        self, place: str, prefix: str, ours: Shape, theirs: Shape, marks: Marks
    ) -> Iterator[FieldStatus]:
        compare_required = "required" not in observed(ours.marks)
        for name, lazy in ours.properties.items():
            child, path = lazy(), f"{prefix}.{name}" if prefix else name
            below = marks.under(child.marks)
            touched = features(child, below)
            if name not in theirs.properties:
                yield self._absent(place, path, below, touched)
                continue
            other = theirs.properties[name]()
            notes = list(differences(child, other, _skip(place, child)))
            if compare_required:
                notes.extend(presence(name in ours.required, name in theirs.required))
            deprecated = says_deprecated(other.deprecated, other.description)
            yield self._finding(place, path, notes, deprecated, touched)
            yield from self._below(place, path, child, other, below)
        if ours.items is not None:
            yield from self._items(place, f"{prefix}[]", ours.items(), theirs, marks)

    def _items(
        self, place: str, path: str, ours: Shape, theirs: Shape, above: Marks
    ) -> Iterator[FieldStatus]:
        marks = above.under(ours.marks)
        touched = features(ours, marks)
        if theirs.items is None:
            yield self._absent(place, path, marks, touched)
            return
        other = theirs.items()
        notes = list(differences(ours, other, _skip(place, ours)))
        if notes or not ours.properties:
            yield self._finding(place, path, notes, other.deprecated, touched)
        yield from self._below(place, path, ours, other, marks)


def _skip(place: str, ours: Shape) -> frozenset[str]:
    """Keywords not to compare: observed ones; a list of values where we take any that comes."""
    free = place.startswith("answer") and ours.enum is None
    return observed(ours.marks) | (frozenset({"enum"}) if free else frozenset())


def _media(body: Body, wanted: str) -> Shape | None:
    for name in (wanted, f"{wanted.partition('/')[0]}/*", "*/*"):
        if name in body.media:
            return body.media[name]
    return None


def _area(path: str) -> str:
    """The part of the API that a document is about: of /core there are several."""
    parts = path.split("/")
    return "/".join(parts[1:4]) if parts[1] == "core" else parts[1]
