"""The figures of a report, chat by chat. No workbook: a dashboard shows the same.

A few numbers are kept of each chat (codes, no texts), and pandas counts them.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, get_args

import pandas as pd

from avito_scrapy.items import ChatResume, ChatStatus, OutcomeName
from avito_scrapy.report.records import is_candidate
from avito_scrapy.times import parse_iso

OUTCOMES: tuple[str, ...] = get_args(OutcomeName)
STATUSES: tuple[str, ...] = get_args(ChatStatus)
FUNNEL = ("input", "candidates", "found", "phone", "talk", "answered")
WAIT_HOURS = (1, 4, 24)
DAYS, WEEKS = 14, 8
"""How far back figures by day and by week go."""
_TALK = ("awaits_us", "read_no_reply", "unread", "replied", "refused")
_ANSWERED = ("awaits_us", "replied", "refused")
_NONE = -1.0


@dataclass(frozen=True)
class AnswerTimes:
    """How many answers, and the seconds until half and nine tenths of them (None: no answers)."""

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Vacancy:
    """The chats of a vacancy; ``number`` is Avito's, None when only a title is known."""

    number: int | None
    title: str | None
    chats: int
    found: int
    waiting: int
    refused: int
    first_answers: AnswerTimes


@dataclass(frozen=True)
class Day:
    """A day: new applications, answers of ours."""

    day: date
    applied: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was counted.

    Attributes:
        outcomes, statuses: chats by name, every name there.
        candidates: chats with a candidate behind them.
        unread_contacts: chats whose resume was found and whose contacts could not be read.
        funnel: chats that took each step of ``FUNNEL`` and all before it.
        waiting: chats that wait for our answer; ``waiting_over`` by hours, those of them that
            have waited longer.
        applied_today, applied_week: applications since midnight and since Monday.
        answers: all of ours, each counted from the first message that it answers.
        first_answers: the first of ours in each chat; ``by_week`` by the Monday of its week.
        hours: our answers by the hour of the day, 0 to 23.
        vacancies: the largest first.
        days: the last ones, today at the end.
    """

    outcomes: Mapping[str, int]
    statuses: Mapping[str, int]
    candidates: int
    unread_contacts: int
    funnel: Sequence[int]
    waiting: int
    waiting_over: Mapping[int, int]
    applied_today: int
    applied_week: int
    answers: AnswerTimes
    first_answers: AnswerTimes
    by_week: Mapping[date, AnswerTimes]
    hours: Sequence[int]
    vacancies: Sequence[Vacancy]
    days: Sequence[Day]


def funnel_step(record: ChatResume) -> int:
    """The place in ``FUNNEL`` of the last step that the chat took after all those before it."""
    steps = (
        is_candidate(record),
        record.outcome == "found",
        record.phone is not None,
        record.chat_status in _TALK,
        record.chat_status in _ANSWERED,
    )
    return steps.index(False) if False in steps else len(steps)


def answered_week(record: ChatResume, zone: tzinfo | None) -> date | None:
    """The Monday of the week of our first answer in a chat; None: there was none."""
    said = parse_iso(record.replies[0][0], zone) if record.replies else None
    return said.date() - timedelta(days=said.weekday()) if said else None


class Statistics:
    """Counts chats as they pass. ``now`` has the zone in which days and hours are told."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._chats: dict[str, array[Any]] = {
            "outcome": array("b"), "status": array("b"), "candidate": array("b"),
            "step": array("b"), "unread": array("b"), "wait": array("d"),
            "vacancy": array("l"), "applied": array("l"),
        }  # fmt: skip
        self._answers: dict[str, array[Any]] = {
            "vacancy": array("l"), "first": array("b"), "day": array("l"), "hour": array("b"),
            "seconds": array("d"),
        }  # fmt: skip
        self._numbers: dict[int | str | None, int] = {}
        self._titles: list[tuple[int | None, str | None]] = []

    @property
    def chats(self) -> int:
        """How many chats there were."""
        return len(self._chats["outcome"])

    def add(self, record: ChatResume) -> None:
        """Count one chat."""
        zone = self._now.tzinfo
        since = parse_iso(record.waiting_since, zone)
        applied = parse_iso(record.applied_at, zone)
        vacancy = self._number(record)
        values = {
            "outcome": OUTCOMES.index(record.outcome or "failed"),
            "status": STATUSES.index(record.chat_status),
            "candidate": is_candidate(record),
            "step": funnel_step(record),
            "unread": record.outcome == "found" and record.reason is not None,
            "wait": max((self._now - since).total_seconds(), 0.0) if since else _NONE,
            "vacancy": vacancy,
            "applied": applied.toordinal() if applied else 0,
        }
        for name, value in values.items():
            self._chats[name].append(value)
        for number, (when, seconds) in enumerate(record.replies):
            said = parse_iso(when, zone)
            if said is not None:
                answer = (vacancy, number == 0, said.toordinal(), said.hour, seconds)
                for column, value in zip(self._answers.values(), answer, strict=True):
                    column.append(value)

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

    def figures(self) -> Figures:
        """Count."""
        chats, answers = (
            pd.DataFrame({name: pd.Series(column) for name, column in part.items()})
            for part in (self._chats, self._answers)
        )
        same = self._same_vacancy()
        for frame in (chats, answers):
            frame["vacancy"] = frame["vacancy"].replace(same)
        outcome, status = (
            pd.Series(pd.Categorical.from_codes(list(chats[name]), pd.Index(names)))
            for name, names in (("outcome", OUTCOMES), ("status", STATUSES))
        )
        chats = chats.assign(
            chats=True,
            found=outcome.eq("found"),
            waiting=chats["wait"].ge(0),
            refused=status.eq("refused"),
        )
        first = answers[answers["first"].eq(1)]
        today = self._now.toordinal()
        monday = today - self._now.weekday()
        applied = chats["applied"]
        weeks = first["day"] - (first["day"] - monday) % 7
        return Figures(
            outcomes=_counts(outcome),
            statuses=_counts(status),
            candidates=int(chats["candidate"].sum()),
            unread_contacts=int(chats["unread"].sum()),
            funnel=[int(chats["step"].ge(step).sum()) for step in range(len(FUNNEL))],
            waiting=int(chats["waiting"].sum()),
            waiting_over={hours: int((chats["wait"] > hours * 3600).sum()) for hours in WAIT_HOURS},
            applied_today=int(applied.eq(today).sum()),
            applied_week=int(applied.between(monday, today).sum()),
            answers=_times(answers["seconds"]),
            first_answers=_times(first["seconds"]),
            by_week={
                date.fromordinal(week): _times(first.loc[weeks.eq(week), "seconds"])
                for week in range(monday - 7 * (WEEKS - 1), monday + 1, 7)
            },
            hours=[int(answers["hour"].eq(hour).sum()) for hour in range(24)],
            vacancies=self._vacancies(chats, first),
            days=[
                Day(
                    date.fromordinal(day),
                    int(applied.eq(day).sum()),
                    int(answers["day"].eq(day).sum()),
                )
                for day in range(today - DAYS + 1, today + 1)
            ],
        )

    def _vacancies(self, chats: pd.DataFrame, first: pd.DataFrame) -> list[Vacancy]:
        sums = chats.groupby("vacancy")[["chats", "found", "waiting", "refused"]].sum()
        sums = sums.sort_values("chats", ascending=False, kind="stable")
        times = {number: _times(one) for number, one in first.groupby("vacancy")["seconds"]}
        none = AnswerTimes(0, None, None)
        return [
            Vacancy(*self._titles[int(n)], every, found, waiting, refused, times.get(n, none))
            for n, every, found, waiting, refused in sums.astype(int).itertuples(name=None)
        ]


def _times(seconds: pd.Series[float]) -> AnswerTimes:
    if seconds.empty:
        return AnswerTimes(0, None, None)
    return AnswerTimes(len(seconds), float(seconds.median()), float(seconds.quantile(0.9)))


def _counts(column: pd.Series[str]) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts(sort=False).items()}
