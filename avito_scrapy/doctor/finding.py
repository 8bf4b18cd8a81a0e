"""What a check found, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from avito_scrapy.doctor.texts import MARKS, TEXTS, TITLES, Lang

Level = Literal["ok", "note", "fault", "skipped"]

# 2 is wrong usage, as everywhere.
EXIT: dict[Level, int] = {"ok": 0, "skipped": 0, "note": 1, "fault": 3}


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's.

    ``level``: ``note`` is worth a look, a run works all the same; ``fault`` is what a run would
    fail on; ``skipped`` could not be looked at because of an earlier fault.
    """

    level: Level
    check: str
    """A key of ``TITLES``."""
    text: str
    """A key of ``TEXTS``; the place for its values is ``values``."""
    values: Mapping[str, object] = field(default_factory=dict)

    def line(self, lang: Lang) -> str:
        """The line in ``lang``."""
        mark, title = MARKS[self.level][lang], TITLES[self.check][lang]
        return f"{mark:<6} {title}: {TEXTS[self.text][lang].format(**self.values)}"


def exit_status(findings: Iterable[Finding]) -> int:
    """By the worst of ``findings``: 0 all well, 1 something to look at, 3 a fault."""
    return max((EXIT[finding.level] for finding in findings), default=0)
