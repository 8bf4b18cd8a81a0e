"""Logs at the end of a run which fields of Avito's answers were not as documented."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from avito_scrapy.component import Component
from avito_scrapy.openapi import meaning

logger = logging.getLogger(__name__)
PREFIX = "avito/drift/"


class Drift(Component):
    """Sums up the stats ``avito/drift/<method>/<field>``: one line at WARNING for each field.

    A line tells how often the field was missing or of another kind than documented, what it means
    and which feature it touches (both from ``avito_scrapy/openapi/avito.yaml``); no value of it.

    Switched on for the project's spiders (those with an ``output_name``).
    Stats: ``avito/drifted_fields`` (how many fields, when there are any).
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def _closed(self, spider: Any) -> None:
        found = list(drift_lines(self.stats.get_stats()))
        for line in found:
            logger.warning("%s", line)
        if found:
            self.stats.set_value("avito/drifted_fields", len(found))


def drift_lines(stats: Mapping[str, Any]) -> Iterator[str]:
    """A line for each drifted field in ``stats``, the most frequent first."""
    drifts = [(name, int(count)) for name, count in stats.items() if name.startswith(PREFIX)]
    for name, count in sorted(drifts, key=lambda one: (-one[1], one[0])):
        method, _, field = name.removeprefix(PREFIX).partition("/")
        known = meaning(method, field)
        what = f"{method} {field}".strip()
        if known is None:
            yield f"Drift: {what}, {count} times; avito.yaml does not have it"
        else:
            yield f"Drift: {what} ({known.description}), {count} times; touches: {known.features}"
