"""What a comparison can say of a field, from best to worst."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


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


EXIT = {
    Status.THERE: 0,
    Status.UNPUBLISHED: 0,
    Status.NOT_GIVEN: 4,
    Status.DEPRECATED: 1,
    Status.CHANGED: 1,
    Status.GONE: 3,
}
"""Exit status of ``scrapy contract`` by the worst finding; 2 is kept for wrong usage."""


@dataclass(frozen=True)
class Finding:
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


def worst(findings: Iterable[Finding]) -> Status:
    """The worst status of ``findings``."""
    return max((one.status for one in findings), default=Status.THERE)
