"""Steps and pauses of the way down the list."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

SHORTEST, LONGEST = 500, 1000
"""Pixels of a step."""


@dataclass
class Pace:
    """Steps and pauses. ``fast`` waits for the page only; ``human`` reads.

    A reader spends a moment on each new row, so that a list takes the same time however high its
    rows are; now and then the reader goes back a little.

    Args:
        name: ``fast`` or ``human``.
        chance: source of randomness.
    """

    name: Literal["fast", "human"]
    chance: Random = field(default_factory=Random)
    unread: float = 0.0
    """Seconds of reading that are still owed."""

    # Seconds a row, and the most in one go.
    ROW = 0.014
    GLANCE = (0.1, 0.35)
    STEPS_AT_ONCE = 4
    STEPS_AHEAD = 4

    def steps(self) -> list[int]:
        """The next steps, in pixels; upwards is negative."""
        if self.name == "fast":
            return [self._step() for _ in range(self.STEPS_AT_ONCE)]
        if self.chance.random() < 0.04:
            return [-self.chance.randint(150, 400), self._step()]
        return [self._step()]

    def steps_ahead(self) -> list[int]:
        """Steps that the page may make before the next look, in pixels."""
        return [self._step() for _ in range(self.STEPS_AHEAD)] if self.name == "fast" else []

    def pause(self, new_rows: int) -> float:
        """Seconds to rest after ``new_rows`` rows have come."""
        if self.name == "fast":
            return 0.0
        self.unread += new_rows * self.ROW
        seconds = min(self.unread, self.chance.uniform(*self.GLANCE))
        self.unread -= seconds
        return seconds

    def _step(self) -> int:
        return self.chance.randint(SHORTEST, LONGEST)
