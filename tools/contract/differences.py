"""What differs between two schemas, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from tools.contract.shapes import LIMITS, Shape

# Avito often says so in the description only, at its beginning.
_SAYS_DEPRECATED = re.compile(r"\W*(?:поле\s+)?(?:deprecated\b|устарел)", re.IGNORECASE)


def differences(ours: Shape, theirs: Shape, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """Type, enum, format and limits of one field; ``skip``: keywords not to compare.

    Whether it must be there is not in its schema: see ``presence``.
    """
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


def presence(ours: bool, theirs: bool) -> Iterator[str]:
    """Whether it must be there."""
    if ours != theirs:
        yield "is now required" if theirs else "is no longer required"


def says_deprecated(flag: bool, description: str) -> bool:
    """Whether something is on its way out, by its flag or by the first word of its text."""
    return flag or _SAYS_DEPRECATED.match(description) is not None


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
