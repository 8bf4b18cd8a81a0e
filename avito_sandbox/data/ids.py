"""Ids of every form that Avito is known to use."""

from __future__ import annotations

import base64
import random


def opaque(rng: random.Random, digits: int | None = None) -> str:
    """22 characters of base64url with ``~`` for ``-``: 16 bytes that mean nothing.

    `digits`: a number to be found among the bytes, so that whoever reads a user id out of
    them gets somebody else's.
    """
    raw = rng.randbytes(16)
    if digits is not None:
        text = str(digits).encode()[:14]
        start = rng.randrange(0, 16 - len(text) + 1)
        raw = raw[:start] + text + raw[start + len(text) :]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=").replace("-", "~")


class Ids:
    """Hands out ids, none twice."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: set[int | str] = set()

    def number(self, low: int, high: int) -> int:
        """A number from `low` up to, not including, `high`."""
        while True:
            value = self._rng.randrange(low, high)
            if value not in self._used:
                self._used.add(value)
                return value

    def user(self) -> int:
        """A user's id (int32)."""
        return self.number(100_000_000, 400_000_000)

    def item(self) -> int:
        """An advertisement's id: beyond 32 bits, as Avito's are by now."""
        return self.number(2_147_483_648, 9_000_000_000)

    def hexadecimal(self, length: int = 24) -> str:
        """An id like those of applications and messages."""
        return f"{self._rng.getrandbits(length * 4):0{length}x}"

    def chat(self, prefix: str, first: int, second: int, stranger: int) -> str:
        """A chat's id: opaque in seven cases of ten, else with both numbers in it.

        `stranger`: an id of somebody else, hidden in one opaque id of ten.
        """
        while True:
            if self._rng.random() < 0.3:
                value = f"{prefix}-{first}-{second}"
            else:
                hidden = stranger if self._rng.random() < 0.1 else None
                value = f"{prefix}-{opaque(self._rng, hidden)}"
            if value not in self._used:
                self._used.add(value)
                return value
            second = self.user()
