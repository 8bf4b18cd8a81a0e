"""What was counted of a report's chats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Figures of «Сводка», chat by chat.

    Attributes:
        outcomes, statuses: chats by name, every name there.
        candidates: chats with a candidate behind them.
        unread_contacts: chats whose resume was found and whose contacts could not be read.
        funnel: chats that took each step of ``tally.FUNNEL`` and all before it.
        waits: seconds, a value for each chat that waits for us.
        hours: our answers by the hour of the day, 0 to 23.
        answers, median, p90: how many answers of ours, and seconds until them (None: none).
        vacancies: (id, title, [chats, found, waiting, refused]), the largest first.
    """

    outcomes: Mapping[str, int]
    statuses: Mapping[str, int]
    candidates: int
    unread_contacts: int
    funnel: Sequence[int]
    waits: pd.Series[float]
    hours: Sequence[int]
    answers: int
    median: float | None
    p90: float | None
    vacancies: Sequence[tuple[int | None, str | None, list[int]]]

    def waiting(self, seconds: float = -1.0) -> int:
        """How many chats wait for us longer than ``seconds``."""
        return int((self.waits > seconds).sum())
