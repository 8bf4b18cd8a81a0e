"""When a list is believed to have ended, and what that makes of the run. No page, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Rounds at the bottom without anything new: after the page itself said that nothing follows; when
# it has not said so; and when it has not, but there is more to go by (see ListScroll).
SETTLED = 2
STABLE = 5
SURE = 3
# Failed loads in a row, after which the page is not asked again.
FAILURES = 8


@dataclass
class EndDetector:
    """Counts what speaks for the end of the list.

    A round is a look at the bottom of the list, after the page had time to bring more.
    """

    quiet: int = 0

    def progress(self) -> None:
        """Something new came: all that was counted is void."""
        self.quiet = 0

    def nothing(self) -> None:
        """A round at the bottom brought nothing."""
        self.quiet += 1

    def ended(self, *, has_more: bool | None) -> bool:
        """The page said that nothing follows, and nothing did."""
        return has_more is False and self.quiet >= SETTLED

    def exhausted(self, *, failures: int, sure: bool) -> bool:
        """Nothing more can be had from the page, whatever it says.

        ``sure``: there is something else that speaks for it.
        """
        return self.quiet >= (SURE if sure else STABLE) or failures >= FAILURES

    def patience(self, *, has_more: bool | None) -> float:
        """Seconds to wait for something new in this round: longer each time."""
        if has_more is False:
            return 0.25
        # A page whose calls can be seen is not waited for when it makes none.
        first = 0.3 if has_more else 0.5
        return min(first * 2.0**self.quiet, 4.0)


def verdict(
    *,
    found: int,
    proven: bool,
    expected: int | None,
    check_failed: bool = False,
) -> Literal["finished", "incomplete"]:
    """What a run that was not cut short amounts to.

    Args:
        found: how many chats there are.
        proven: the list was read to its end (``ListScroll.proven``).
        expected: how many there must be; more is fine.
        check_failed: there was to be a control figure and it could not be read.
    """
    if check_failed or (expected is not None and found < expected):
        return "incomplete"
    return "finished" if proven else "incomplete"
