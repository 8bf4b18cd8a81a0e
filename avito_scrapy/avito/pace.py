"""How fast an API method may be asked, as its answers tell it. All times in seconds."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass
class Pace:
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
            self.pause = min(LONGEST_PAUSE_S, self.pause * 2 or FIRST_PAUSE_S)
            self.paused_until = now + self.pause
        elif status != 429 and sent_at >= self.paused_until:
            self.pause = 0.0
        if limit:
            stated = 60.0 / limit * (1 + self.margin)
            self.spacing = stated if stated >= NO_DELAY_S else 0.0
        return begins

    def held(self, now: float) -> bool:
        """Whether nothing may be sent at the moment."""
        return now < self.paused_until
