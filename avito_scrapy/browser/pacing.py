"""How the list is gone down: steps, pauses, and when it has ended or is stuck. Touches no page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Literal

SHORTEST, LONGEST = 500, 1000
"""Pixels of a step."""
STEPS_AT_ONCE = 4
"""Steps of ``fast``."""
# Of a reader: seconds a row, and the most in one go.
_ROW = 0.014
_GLANCE = (0.1, 0.35)

# Rounds at the bottom without anything new: after the page itself said that nothing follows; when
# nothing is known of what follows; and when there is more to go by (see ListScroll).
SETTLED = 2
STABLE = 5
SURE = 3
# Failed loads in a row that a page is allowed even when the patience is over: one that waits ten
# seconds after each may have no luck for longer than a minute.
FAILED_LOADS = 12


@dataclass
class Pace:
    """Steps and pauses. ``fast`` waits for the page only; ``human`` reads.

    A reader spends a moment on each new row, so that a list takes the same time however high its
    rows are; now and then the reader goes back a little.
    """

    name: Literal["fast", "human"]
    chance: Random = field(default_factory=Random)
    unread: float = 0.0
    """Seconds of reading that are still owed."""

    def steps(self) -> list[int]:
        """The next steps, in pixels; upwards is negative."""
        if self.name == "fast":
            return [self._step() for _ in range(STEPS_AT_ONCE)]
        if self.chance.random() < 0.04:
            return [-self.chance.randint(150, 400), self._step()]
        return [self._step()]

    def steps_ahead(self) -> list[int]:
        """Steps that the page may make before the next look, in pixels."""
        return self.steps() if self.name == "fast" else []

    def pause(self, new_rows: int) -> float:
        """Seconds to rest after ``new_rows`` rows have come."""
        if self.name == "fast":
            return 0.0
        self.unread += new_rows * _ROW
        seconds = min(self.unread, self.chance.uniform(*_GLANCE))
        self.unread -= seconds
        return seconds

    def _step(self) -> int:
        return self.chance.randint(SHORTEST, LONGEST)


class EndDetector:
    """Counts signs of the list's end, and the time since something new came.

    A round is a look at the bottom of the list, after the page had time to bring more. The time
    without anything new adds up over reloads of the page.

    Args:
        patience: seconds without anything new after which a page that has more is given up.
        clock: monotonic seconds.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = monotonic) -> None:
        self.patience = patience
        self._clock = clock
        self._progress_at = clock()
        self._lost = 0.0
        self._reloads = 0
        self._failed_loads = 0
        self._failed_at: float | None = None
        self.quiet = 0
        """Rounds without progress."""

    @property
    def given_up(self) -> bool:
        """Whether nothing new came for ``patience`` seconds and at least one reload."""
        return self._lost >= self.patience and self._reloads > 0

    def found_new(self) -> None:
        """A chat was found that was not known."""
        self._lost = 0.0
        self._reloads = 0
        self.progress()

    def progress(self) -> None:
        """The list went on, even if only with chats that were known already."""
        self._progress_at = self._clock()
        self._failed_loads = self.quiet = 0
        self._failed_at = None

    def nothing(self) -> None:
        """A round at the bottom brought nothing."""
        self.quiet += 1

    def load_failed(self) -> None:
        self._failed_loads += 1
        self._failed_at = self._clock()

    def page_left(self) -> None:
        """The page is loaded again, or given up."""
        self._lost += self._clock() - self._progress_at
        self._progress_at = self._clock()

    def page_loaded(self) -> None:
        """The page was loaded and is at its top."""
        self._reloads += self._lost > 0
        self.progress()

    def ended(self, *, has_more: bool | None) -> bool:
        """Whether the page said that nothing follows, and nothing did."""
        return has_more is False and self.quiet >= SETTLED

    def exhausted(self, *, sure: bool) -> bool:
        """Whether nothing more comes from a page that does not say whether there is more;
        ``sure``: something else speaks for it as well."""
        return self.quiet >= (SURE if sure else STABLE)

    def stuck(self) -> bool:
        """Whether a page that has more should be loaded again (or given up, see ``given_up``)."""
        now = self._clock()
        barren = self._lost + now - self._progress_at
        if self._failed_at is not None and now - self._failed_at < self.patience / 5:
            # It goes on trying, or may be waiting to do so by itself.
            needed = SURE if self._lost >= self.patience else FAILED_LOADS
            enough = self._failed_loads >= needed or barren >= 3 * self.patience
            return barren >= self.patience and enough
        wait = min(self.patience / 30 * 2.0**self._reloads, self.patience / 3)
        waited = now - self._progress_at >= wait or barren >= self.patience
        return waited and self.quiet >= SURE

    def pause(self, *, has_more: bool | None) -> float:
        """Seconds to wait for something new in this round: longer each time."""
        if self._failed_loads:
            return min(0.1 * 2.0 ** min(self._failed_loads, 8), self.patience / 12)
        if has_more is False:
            return 0.25
        # A page whose calls can be seen is not waited for when it makes none.
        first = 0.3 if has_more else 0.5
        return min(first * 2.0 ** min(self.quiet, 8), 4.0)
