"""Whether a refusal (401, 403) means that the access token has died or that we are not allowed.

Avito answers 401 to a dead token, by some reports 403; tokens may die long before the time that
they claim. A method that refuses a fresh token as well means it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# A token refused this soon after it was given out has not died of age. Requests wait in their
# slot's queue with the token they were given, so that older ones may have.
YOUNG_S = 1.0
# However old the tokens were: a request that has cost so many of them is refused.
MOST_RENEWED = 3
_LEAD_S = 60.0
_LEAD_SHARE = 0.1

Verdict = Literal["repeat", "renew", "believe"]


@dataclass(frozen=True)
class Grant:
    """A token in use: its number in this run, when it was given out, until when it is used."""

    number: int
    issued_at: float
    use_until: float


class TokenTrust:
    """Keeps which token is in use and which methods have refused it. Times: Unix seconds."""

    def __init__(self) -> None:
        self.grant: Grant | None = None
        self._last = 0
        self._renewed_for: dict[str, int] = {}
        self._believed: dict[str, int] = {}

    def usable(self, now: float) -> bool:
        """Whether the token in use may go on being used."""
        return self.grant is not None and now < self.grant.use_until

    def granted(self, now: float, expires_at: float, because: str | None = None) -> Grant:
        """A new token is in use; ``because``: the method whose refusal it was asked for."""
        self._last += 1
        lead = min(_LEAD_S, max(0.0, expires_at - now) * _LEAD_SHARE)
        self.grant = Grant(self._last, now, expires_at - lead)
        if because:
            self._renewed_for[because] = self._last
        return self.grant

    def invalidate(self) -> None:
        """The token in use is dead."""
        self.grant = None

    def refused(self, method: str, number: int, sent_at: float, renewed: int) -> Verdict:
        """What to do about a refusal.

        Args:
            method: the API method that refused.
            number: of the token that was sent.
            sent_at: when the request left.
            renewed: how many tokens were asked for because this very request was refused.
        """
        if self.grant is None or number != self.grant.number:
            return "repeat"
        if self._believed.get(method) == number:
            return "believe"
        young = sent_at - self.grant.issued_at < YOUNG_S
        if self._renewed_for.get(method) == number and (young or renewed >= MOST_RENEWED):
            self._believed[method] = number
            return "believe"
        return "renew"

    def accepted(self, method: str) -> None:
        """An answer of ``method`` that is no refusal: its token was good."""
        self._renewed_for.pop(method, None)
