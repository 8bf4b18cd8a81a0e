"""What a cycle runs, when the next one is due and what is known of the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

Commands = Sequence[Sequence[str]]

CYCLE: Commands = (
    ("chats", "-a", "source=api", "-a", "until=known"),
    ("resumes",),
)
"""Arguments of ``scrapy crawl``, one command after another."""
WHOLE_CYCLE: Commands = (
    ("chats", "-a", "source=api"),
    ("resumes",),
)
"""The same without leaving out what is known, once a night."""
NIGHT_HOUR = 2
"""From this hour on a day's whole cycle is due."""

# As deploy/crawl-both.sh: a scroll that did not see everything is no reason to stop.
GOES_ON = frozenset((0, 3, 8, 9))
WRONG_USAGE = 2
_SOON = timedelta(seconds=15)
_LONGEST = timedelta(hours=4)


@dataclass(frozen=True)
class State:
    """What a cycle hands on to the account's next one. Times are ISO 8601."""

    failures: int = 0
    """Cycles that failed since the last that did not."""
    whole_on: str | None = None
    """Day of the last whole cycle."""
    ended_at: str | None = None
    status: int | None = None
    seconds: float | None = None
    machine: str | None = None

    @classmethod
    def parse(cls, given: Any) -> State:
        """Read what a job holds; what another version wrote is taken as far as it is known."""
        known = given if isinstance(given, dict) else {}
        return cls(**{name: known[name] for name in cls.__dataclass_fields__ if name in known})

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def after(self, status: int, ended: datetime, seconds: float, machine: str) -> State:
        """The state after a cycle that ended with ``status``."""
        return replace(
            self,
            failures=0 if status in GOES_ON else self.failures + 1,
            ended_at=ended.replace(microsecond=0).isoformat(),
            status=status,
            seconds=round(seconds, 1),
            machine=machine,
        )

    def whole_is_due(self, now: datetime) -> bool:
        """Whether the next cycle is to be a whole one; ``now`` in the account's zone."""
        day = now.date().isoformat()
        return self.whole_on is None or (now.hour >= NIGHT_HOUR and self.whole_on != day)

    def wait(self, every: timedelta) -> timedelta:
        """How long after the start of a cycle the next one is due: longer after each failure.

        Wrong usage is tried again soon at first: another run may have had the account.
        """
        if not self.failures:
            return every
        first = min(_SOON, every) if self.status == WRONG_USAGE else every
        grown: timedelta = first * 2 ** min(self.failures - 1, 20)
        return min(grown, max(_LONGEST, every))
