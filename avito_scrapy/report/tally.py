"""The sums of «Сводка», chat by chat.

A few bytes are kept of each chat (codes, no texts), and pandas counts them.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime
from typing import get_args

import pandas as pd

from avito_scrapy.items import ChatResume, ChatStatus, OutcomeName
from avito_scrapy.report.cells import moment
from avito_scrapy.report.scratch import is_candidate

OUTCOMES: tuple[str, ...] = get_args(OutcomeName)
STATUSES: tuple[str, ...] = get_args(ChatStatus)
FUNNEL = ("input", "candidates", "found", "phone", "talk", "answered")
_TALK = ("awaits_us", "read_no_reply", "unread", "replied", "refused")
_ANSWERED = ("awaits_us", "replied", "refused")
_NO_WAIT = -1.0


class Tally:
    """Counts chats as they pass. ``now`` has the zone in which the hours of the day are told."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._outcome = array("b")
        self._status = array("b")
        self._candidate = array("b")
        self._phone = array("b")
        self._wait = array("d")
        self._vacancy = array("l")
        self._numbers: dict[int | str | None, int] = {}
        self._titles: list[tuple[int | None, str | None]] = []
        self._hours = array("b")
        self._seconds = array("d")

    def add(self, record: ChatResume) -> None:
        """Count one chat."""
        self._outcome.append(OUTCOMES.index(record.outcome or "failed"))
        self._status.append(STATUSES.index(record.chat_status))
        self._candidate.append(is_candidate(record))
        self._phone.append(record.phone is not None)
        since = moment(record.waiting_since, self._now.tzinfo)
        self._wait.append((self._now - since).total_seconds() if since else _NO_WAIT)
        self._vacancy.append(self._number(record))
        for when, seconds in record.replies:
            said = moment(when, self._now.tzinfo)
            if said is not None:
                self._hours.append(said.hour)
                self._seconds.append(seconds)

    def _number(self, record: ChatResume) -> int:
        """The number of the record's vacancy; a chat about a resume has none."""
        about = None if record.match == "chat_item" else record.item_title
        if record.outcome == "not_candidate":
            about = None
        key = record.vacancy_id if record.vacancy_id is not None else about
        number = self._numbers.setdefault(key, len(self._titles))
        if number == len(self._titles):
            self._titles.append((record.vacancy_id, about))
        elif about and self._titles[number][1] is None and key is not None:
            self._titles[number] = (record.vacancy_id, about)
        return number

    @property
    def chats(self) -> int:
        """How many chats there were."""
        return len(self._outcome)

    def _frame(self) -> pd.DataFrame:
        frame: pd.DataFrame = pd.DataFrame(
            {
                "outcome": pd.Categorical.from_codes(list(self._outcome), pd.Index(OUTCOMES)),
                "status": pd.Categorical.from_codes(list(self._status), pd.Index(STATUSES)),
                "candidate": pd.Series(self._candidate, dtype=bool),
                "phone": pd.Series(self._phone, dtype=bool),
                "wait": pd.Series(self._wait, dtype=float),
                "vacancy": pd.Series(self._vacancy, dtype="int64"),
            }
        )
        return frame

    def sums(self) -> Sums:
        """Count."""
        frame = self._frame()
        found = frame["outcome"].eq("found")
        steps = [
            pd.Series(data=True, index=frame.index),
            frame["candidate"],
            found,
            frame["phone"],
            frame["status"].isin(_TALK),
            frame["status"].isin(_ANSWERED),
        ]
        funnel, left = [], steps[0]
        for step in steps:
            left &= step
            funnel.append(int(left.sum()))
        waiting = frame["wait"] != _NO_WAIT
        by_vacancy = (
            frame.assign(
                found=found, waiting=waiting, refused=frame["status"].eq("refused"), chats=True
            )
            .groupby("vacancy")[["chats", "found", "waiting", "refused"]]
            .sum()
            .sort_values("chats", ascending=False, kind="stable")
        )
        replies = pd.Series(self._seconds, dtype=float)
        return Sums(
            outcomes=_counts(frame["outcome"]),
            statuses=_counts(frame["status"]),
            candidates=int(frame["candidate"].sum()),
            funnel=funnel,
            waits=frame.loc[waiting, "wait"],
            hours=pd.Series(self._hours, dtype="int64")
            .value_counts()
            .reindex(range(24), fill_value=0),
            answers=len(replies),
            median=float(replies.median()) if len(replies) else None,
            p90=float(replies.quantile(0.9)) if len(replies) else None,
            vacancies=[
                (*self._titles[int(str(number))], [int(value) for value in row])
                for number, row in zip(by_vacancy.index, by_vacancy.to_numpy(), strict=True)
            ],
        )


def _counts(column: pd.Series[str]) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts(sort=False).items()}


class Sums:
    """What was counted.

    Attributes:
        outcomes, statuses: chats by name, every name there.
        candidates: chats with a candidate behind them.
        funnel: chats that took each step of ``FUNNEL`` and all before it.
        waits: seconds, a value for each chat that waits for us.
        hours: our answers by the hour of the day, 0 to 23.
        answers, median, p90: how many answers of ours, and seconds until them.
        vacancies: (id, title, [chats, found, waiting, refused]), the largest first.
    """

    def __init__(
        self,
        *,
        outcomes: dict[str, int],
        statuses: dict[str, int],
        candidates: int,
        funnel: list[int],
        waits: pd.Series[float],
        hours: pd.Series[int],
        answers: int,
        median: float | None,
        p90: float | None,
        vacancies: Sequence[tuple[int | None, str | None, list[int]]],
    ) -> None:
        self.outcomes = outcomes
        self.statuses = statuses
        self.candidates = candidates
        self.funnel = funnel
        self._waits = waits
        self.hours = [int(count) for count in hours]
        self.answers = answers
        self.median = median
        self.p90 = p90
        self.vacancies = vacancies

    def waiting(self, seconds: float = -1.0) -> int:
        """How many chats wait for us longer than ``seconds``."""
        return int((self._waits > seconds).sum())
