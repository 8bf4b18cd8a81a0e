"""Results of a comparison, from best to worst, and their text for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from tools.contract.operations import Operation


class Status(IntEnum):
    """How a field (or a whole method) stands, the worse the greater."""

    THERE = 0
    """As avito.yaml has it."""
    UNPUBLISHED = 1
    """Known from Avito's notes or from the field only: no document is expected to hold it."""
    NOT_GIVEN = 2
    """No document given is about this part of the API: not known."""
    DEPRECATED = 3
    """Still there, on its way out."""
    CHANGED = 4
    """Another type, enum, limit, or otherwise required."""
    GONE = 5
    """The documents given do not have it."""

    @property
    def word(self) -> str:
        """As it is shown."""
        return self.name.lower().replace("_", " ")


EXIT = {
    Status.THERE: 0,
    Status.UNPUBLISHED: 0,
    Status.NOT_GIVEN: 4,
    Status.DEPRECATED: 1,
    Status.CHANGED: 1,
    Status.GONE: 3,
}
"""Exit status by the worst finding; 2 is kept for wrong usage."""


@dataclass(frozen=True)
class FieldStatus:
    """One field of one method.

    ``method``: operationId of avito.yaml; ``place``: ``method`` for the method itself, ``query``,
    ``header``, ``path``, ``body`` for what is sent, ``answer 200`` for what comes; ``field``:
    dotted, ``[]`` for the elements of a list; ``notes``: what differs, in words; ``features``:
    keys of x-features that it would touch.
    """

    method: str
    place: str
    field: str
    status: Status
    notes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


def worst(findings: Iterable[FieldStatus]) -> Status:
    """The worst status of ``findings``."""
    return max((one.status for one in findings), default=Status.THERE)


def lines(
    findings: Iterable[FieldStatus],
    methods: Mapping[str, Operation],
    texts: Mapping[str, str],
    *,
    brief: bool = False,
) -> Iterator[str]:
    """One line a finding, grouped by method.

    ``methods``: of avito.yaml, by name; ``texts``: features in words, by key; ``brief``: leave out
    what is as it was.
    """
    for method, group in groupby(findings, key=lambda one: one.method):
        shown = [one for one in group if not brief or one.status > Status.UNPUBLISHED]
        if not shown:
            continue
        use = methods[method]
        yield f"{method}  {use.verb} {use.path}"
        for one in shown:
            what = f"{one.place} {one.field}".rstrip()
            notes = f": {'; '.join(one.notes)}" if one.notes else ""
            yield f"  {one.status.word:<12}{what}{notes}"
            if one.status > Status.NOT_GIVEN:
                for feature in one.features:
                    yield f"  {'':<12}touches: {texts.get(feature, feature)}"


def total(findings: Sequence[FieldStatus]) -> str:
    """How many methods and fields there are, and how many of each status."""
    counted = Counter(one.status for one in findings)
    parts = ", ".join(f"{counted[status]} {status.word}" for status in Status if counted[status])
    methods = len({one.method for one in findings})
    return f"{methods} methods, {len(findings)} things looked at: {parts}"
