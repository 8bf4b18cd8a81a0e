"""Works out from an API method's answers how fast it may be called. All times in seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

SHORTEST_PAUSE_S = 0.05
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
# Requests do not arrive as evenly as they leave. A method is asked slower than its limit by a
# share that begins with the first figure and grows by it with each pause, up to the second.
MARGIN = 0.01
LARGEST_MARGIN = 0.08
# When a window is used up the next request keeps this share of an interval more distance.
USED_UP = 0.05
# Below this a delay costs more than it spares: timers are not that fine.
NO_DELAY_S = 0.001
_WINDOW_S = 1.0
_UNEVEN_S = 0.1


@dataclass
class MethodRate:
    """The state of one method.

    Attributes:
        spacing: between two requests, by the limit that was stated last; None before one was.
        paused_until: when the pause ends or has ended, on the clock that ``answered`` is given.
        pause: its length; 0 when the window has turned since.
    """

    spacing: float | None = None
    paused_until: float = 0.0
    pause: float = 0.0
    margin: float = MARGIN
    _let_through: deque[float] = field(default_factory=deque)

    def answered(self, status: int, limit: int | None, sent_at: float, now: float) -> bool:
        """Take in an answer.

        Args:
            status: of HTTP.
            limit: requests a minute (``X-RateLimit-Limit``), None when it does not say.
            sent_at: when the request left.
            now: the present, on the same clock.

        Returns:
            whether a pause begins.
        """
        begins = status == 429 and sent_at >= self.paused_until
        if begins:
            self.margin = min(LARGEST_MARGIN, self.margin + MARGIN)
            self.pause = self._next_pause(limit, sent_at, now)
            self.paused_until = now + self.pause
        elif status != 429:
            if sent_at >= self.paused_until:
                self.pause = 0.0
            self._let_through.append(sent_at)
            while len(self._let_through) > (limit or 60) // 60:
                self._let_through.popleft()
        if limit:
            stated = 60.0 / limit * (1 + self.margin)
            self.spacing = stated if stated >= NO_DELAY_S else 0.0
        return begins

    def held(self, now: float) -> bool:
        return now < self.paused_until

    def _next_pause(self, limit: int | None, sent_at: float, now: float) -> float:
        """Until the window turns: what was let through in the last second tells when that is.

        When that does not explain the refusal, the window is another one: a second at first,
        then twice as long each time.
        """
        if self.pause:
            return min(LONGEST_PAUSE_S, max(FIRST_PAUSE_S, self.pause * 2))
        a_second = (limit or 0) // 60
        if a_second and len(self._let_through) >= a_second:
            oldest = min(self._let_through)
            if sent_at - oldest < _WINDOW_S + _UNEVEN_S:
                return max(SHORTEST_PAUSE_S, oldest + _WINDOW_S + SHORTEST_PAUSE_S - now)
        return FIRST_PAUSE_S
