"""Whether a refusal (401, 403) means that the access token has died or that we are not allowed.

Avito answers 401 to a dead token, by some reports 403; tokens may die long before the time that
they claim. A 403 may just as well be about the one chat or resume that was asked for. What was
asked for is no help in telling them apart, the token is: does it live, then the refusal is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# A token refused this soon after it was given out has not died of age. Requests wait in their
# slot's queue with the token they were given, so that older ones may have.
YOUNG_S = 1.0
# However it came about: a request refused with so many tokens is refused.
MOST_REFUSED = 30
_LEAD_S = 60.0
_LEAD_SHARE = 0.1

Verdict = Literal["repeat", "renew", "probe", "accept"]


@dataclass(frozen=True)
class Token:
    """A token in use: its number in this run, when it was given out, until when it is used."""

    number: int
    issued_at: float
    use_until: float


class TokenState:
    """Keeps which token is in use, and the latest request known to have found it alive.

    Times: Unix seconds. Requests are numbered in the order in which they are signed: what is
    signed after a refusal has come is answered after the refusal was, whatever the clocks say.
    """

    def __init__(self) -> None:
        self.token: Token | None = None
        self._last = 0
        self.signed = 0
        """The number of the request signed last."""
        self._alive = 0

    def usable(self, now: float) -> bool:
        """Whether the token in use may go on being used."""
        return self.token is not None and now < self.token.use_until

    def granted(self, now: float, expires_at: float) -> Token:
        """A new token is in use. Nothing is known of its life yet: it may be dead on arrival."""
        self._last += 1
        lead = min(_LEAD_S, max(0.0, expires_at - now) * _LEAD_SHARE)
        self.token = Token(self._last, now, expires_at - lead)
        self._alive = 0
        return self.token

    def invalidate(self) -> None:
        """The token in use is dead."""
        self.token = None

    def in_use(self, number: int) -> bool:
        """Whether the token with this number is the one in use."""
        return self.token is not None and number == self.token.number

    def sign(self) -> int:
        """The number of a request that gets the token in use now."""
        self.signed += 1
        return self.signed

    def accepted(self, number: int, signed: int) -> None:
        """An answer that is no refusal: token ``number`` was alive after request ``signed``."""
        if self.in_use(number):
            self._alive = max(self._alive, signed)

    def alive(self, number: int, since: int) -> bool:
        """Whether token ``number``, still in use, was accepted after request ``since`` was signed.

        It was then alive at all times before, as tokens do not come back to life.
        """
        return self.in_use(number) and self._alive > since

    def refused(
        self, status: int, number: int, sent_at: float, earlier: int, open_to_all: bool = False
    ) -> Verdict:
        """Decide what to do about a refusal; failures of other requests do not count.

        Args:
            status: of the answer.
            number: of the token that was sent.
            sent_at: when the request left.
            earlier: how many tokens this very request was refused with before.
            open_to_all: the method is allowed to everybody, so that its refusal is about the token.

        Returns:
            ``probe``: find out whether the token is ``alive``; if it is, accept, else repeat.
        """
        if earlier >= MOST_REFUSED:
            return "accept"
        if self.token is None or number != self.token.number:
            return "repeat"
        young = sent_at - self.token.issued_at < YOUNG_S
        # A 401 says that the token has died; not so easily when a new one has not helped.
        if not open_to_all and (status == 403 or earlier or young):
            return "probe"
        return "accept" if earlier and young else "renew"
