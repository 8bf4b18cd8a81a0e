"""A comparison in words: a table for the terminal, and its sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from avito_scrapy.contract.findings import Finding, Status
from avito_scrapy.contract.operations import Operation

WORDS = {
    Status.THERE: "there",
    Status.UNPUBLISHED: "unpublished",
    Status.NOT_GIVEN: "not given",
    Status.DEPRECATED: "deprecated",
    Status.CHANGED: "changed",
    Status.GONE: "gone",
}


def lines(
    findings: Iterable[Finding],
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
            yield f"  {WORDS[one.status]:<12}{_what(one)}{_notes(one)}"
            if one.status > Status.NOT_GIVEN:
                for feature in one.features:
                    yield f"  {'':<12}touches: {texts.get(feature, feature)}"


def total(findings: Sequence[Finding]) -> str:
    """How many methods and fields there are, and how many of each status."""
    counted = Counter(one.status for one in findings)
    parts = ", ".join(f"{counted[status]} {WORDS[status]}" for status in Status if counted[status])
    methods = len({one.method for one in findings})
    return f"{methods} methods, {len(findings)} things looked at: {parts}"


def _what(one: Finding) -> str:
    return " ".join(part for part in (one.place, one.field) if part)


def _notes(one: Finding) -> str:
    return f": {'; '.join(one.notes)}" if one.notes else ""
