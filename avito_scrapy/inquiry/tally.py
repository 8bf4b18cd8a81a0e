"""The figures of a resumes run."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from scrapy.statscollectors import StatsCollector

from avito_scrapy.items import ChatResume

logger = logging.getLogger(__name__)
_NAMED = 20


class Tally:
    """Counts, under the names that ``ResumesSpider`` documents."""

    def __init__(self, stats: StatsCollector) -> None:
        self._stats = stats

    def inputs(self, chats: int, bad: Sequence[int], name: str) -> None:
        """The input: how many chats, and the lines of the file ``name`` that are none."""
        for number in bad[:_NAMED]:
            logger.warning("%s, line %d: not a chat, skipped", name, number)
        if len(bad) > _NAMED:
            logger.warning("%s: %d more lines that are no chats", name, len(bad) - _NAMED)
        self._stats.set_value("avito/input/skipped", len(bad))
        self._stats.set_value("avito/resumes/total", chats)

    def line(self, line: ChatResume) -> ChatResume:
        """A finished line, which is given back."""
        self._stats.inc_value("avito/resumes/done")
        self._stats.inc_value(f"avito/resumes/outcome/{line.outcome}")
        if line.outcome in ("found", "failed"):
            self._stats.inc_value(f"avito/resumes/{line.outcome}")
        if line.from_store:
            self._stats.inc_value("avito/resumes/from_store")
        return line

    def drifts(self, method: str, names: Iterable[str]) -> None:
        """Fields of an answer that were not as documented."""
        for name in names:
            self._stats.inc_value(f"avito/drift/{method}/{name}")

    def trouble(self, method: str) -> None:
        """A question without an answer."""
        self._stats.inc_value(f"avito/trouble/{method}")

    def bought(self, contacts: int) -> None:
        """Contacts that this run has paid for."""
        self._stats.set_value("avito/contacts/bought", contacts)

    def indexed(self, chats: int) -> None:
        """Chats of the input that have an application."""
        self._stats.set_value("avito/applications/indexed", chats)

    def taken_up(self, answers: int) -> None:
        """Answers of a killed run that were not asked for again."""
        self._stats.set_value("avito/journal/taken_up", answers)
