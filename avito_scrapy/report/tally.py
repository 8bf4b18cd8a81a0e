"""The sums of «Сводка», chat by chat.

A few bytes are kept of each chat (codes, no texts), and pandas counts them.
"""

from __future__ import annotations

from array import array
from datetime import datetime
from typing import get_args

import pandas as pd

from avito_scrapy.items import ChatResume, ChatStatus, OutcomeName
from avito_scrapy.report.records import is_candidate
from avito_scrapy.report.sums import Sums
from avito_scrapy.times import parse_iso

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
        self._unread = array("b")
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
        self._unread.append(record.outcome == "found" and record.reason is not None)
        since = parse_iso(record.waiting_since, self._now.tzinfo)
        self._wait.append((self._now - since).total_seconds() if since else _NO_WAIT)
        self._vacancy.append(self._number(record))
        for when, seconds in record.replies:
            said = parse_iso(when, self._now.tzinfo)
            if said is not None:
                self._hours.append(said.hour)
                self._seconds.append(seconds)

    def _number(self, record: ChatResume) -> int:
        """The number of the record's vacancy; a chat about a resume has none."""
        no_vacancy = record.match == "chat_item" or record.outcome == "not_candidate"
        about = None if no_vacancy else record.item_title
        key = record.vacancy_id if record.vacancy_id is not None else about
        number = self._numbers.setdefault(key, len(self._titles))
        if number == len(self._titles):
            self._titles.append((record.vacancy_id, about))
        elif self._titles[number][1] is None and key is not None:
            self._titles[number] = (record.vacancy_id, about)
        return number

    def _same_vacancy(self) -> dict[int, int]:
        """Vacancies known by title only, to the one with an id that has the same title."""
        with_id: dict[str, list[int]] = {}
        for number, (vacancy_id, title) in enumerate(self._titles):
            if vacancy_id is not None and title is not None:
                with_id.setdefault(title, []).append(number)
        return {
            number: with_id[title][0]
            for number, (vacancy_id, title) in enumerate(self._titles)
            if vacancy_id is None and title is not None and len(with_id.get(title, [])) == 1
        }

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
            .replace({"vacancy": self._same_vacancy()})
            .groupby("vacancy")[["chats", "found", "waiting", "refused"]]
            .sum()
            .sort_values("chats", ascending=False, kind="stable")
        )
        hours = pd.Series(self._hours, dtype="int64").value_counts()
        hours = hours.reindex(range(24), fill_value=0)
        replies = pd.Series(self._seconds, dtype=float)
        return Sums(
            outcomes=_counts(frame["outcome"]),
            statuses=_counts(frame["status"]),
            candidates=int(frame["candidate"].sum()),
            unread_contacts=sum(self._unread),
            funnel=funnel,
            waits=frame.loc[waiting, "wait"],
            hours=[int(count) for count in hours],
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
