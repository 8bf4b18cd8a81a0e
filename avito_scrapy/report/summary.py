"""«Сводка»: every chat of the input accounted for, and how the work goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from avito_scrapy.report.book import Book
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.sheet import Value
from avito_scrapy.report.statistics import FUNNEL, AnswerTimes, Figures, Vacancy
from avito_scrapy.report.stoplist import StopLists
from avito_scrapy.report.tables import Tables
from avito_scrapy.report.texts import Texts

CHART_VACANCIES = 12


@dataclass
class PeopleCount:
    """Counted while the people were written: rows, and how they were joined.

    ``stopped``: people left out, by the file of the stop list; ``called``: people by what the
    recruiter wrote into «Исход звонка».
    """

    people: int = 0
    chats: int = 0
    by_resume: int = 0
    by_phone: int = 0
    shared: int = 0
    stopped: dict[str, int] = field(default_factory=dict)
    called: Counter[str] = field(default_factory=Counter)


def write_summary(
    book: Book,
    texts: Texts,
    options: ReportOptions,
    figures: Figures,
    people: PeopleCount,
    lists: StopLists,
    sheets: Mapping[str, tuple[int, Sequence[str]]],
) -> bool:
    """Write the sheet; true when everything on it adds up.

    ``sheets``: kind of sheet to (its rows, the titles of the sheets they are on).
    """
    tables = Tables(book, texts("sheet.summary"), texts, options.inputs)
    now = options.now.astimezone(options.tz)
    tables.line(f"{texts('sum.made')}: {now:%d.%m.%Y %H:%M}")
    if options.account:
        tables.line(f"{texts('sum.account')}: {options.account}")
    tables.line(f"{texts('sum.zone')}: {options.tz.key}", "note")
    unread = dict.fromkeys(name for name, _ in lists.unread)
    if unread:
        tables.line(texts("sum.lists_unread", files=", ".join(unread)), "bad")
    page = _Page(tables, texts)
    page.day(figures)
    page.waits(figures)
    page.calls(people)
    page.speed(figures)
    page.funnel(figures)
    tables.page()
    page.counted("sum.outcomes", "outcome", figures.outcomes)
    page.counted("sum.statuses", "status", figures.statuses, chart="chart.statuses")
    page.people(figures, people)
    page.sheets(sheets)
    page.lists(lists, people)
    page.days(figures)
    page.weeks(figures)
    page.hours(figures)
    page.vacancies(figures)
    tables.close()
    return tables.adds_up


class _Page:
    def __init__(self, tables: Tables, texts: Texts) -> None:
        self._tables = tables
        self._t = texts

    def counted(
        self, title: str, group: str, counts: Mapping[str, int], chart: str | None = None
    ) -> None:
        """Chats by outcome or status."""
        tables, total = self._tables, sum(counts.values())
        tables.head(title, "sum.metric", "sum.count", "sum.share")
        first = tables.now + 1
        tables.table([(self._t(f"{group}.{name}"), n) for name, n in counts.items()], total)
        if chart:
            tables.chart(chart, first, tables.now)
        tables.total(total)

    def people(self, figures: Figures, people: PeopleCount) -> None:
        """How chats became people."""
        tables, t = self._tables, self._t
        tables.head("sum.people")
        fits = people.chats == figures.candidates
        check = tables.verdict("sum.people_ok" if fits else "sum.people_bad", fits)
        tables.row(t("sum.candidate_chats"), figures.candidates, said=check)
        for key, count in (
            ("sum.people_count", people.people),
            ("sum.extra_chats", people.chats - people.people),
            ("sum.joined_resume", people.by_resume),
            ("sum.joined_phone", people.by_phone),
            ("sum.disputed", people.shared),
            ("sum.unread_contacts", figures.unread_contacts),
        ):
            tables.row(t(key), count)

    def sheets(self, sheets: Mapping[str, tuple[int, Sequence[str]]]) -> None:
        """What stands on the other sheets."""
        self._tables.head("sum.sheets")
        for rows, titles in sheets.values():
            more = self._t("sum.continued", sheets=", ".join(titles[1:])) if titles[1:] else None
            self._tables.row(titles[0], rows, said=more)

    def day(self, figures: Figures) -> None:
        """What is new."""
        tables, t = self._tables, self._t
        tables.head("sum.new")
        tables.row(t("sum.new_today"), figures.applied_today, said=t("sum.new_said"))
        tables.row(t("sum.new_week"), figures.applied_week, said=t("sum.week_said"))

    def calls(self, people: PeopleCount) -> None:
        """What came of the calls."""
        tables = self._tables
        tables.head("sum.calls")
        for outcome, count in people.called.most_common():
            tables.row(outcome, count)
        tables.row(self._t("sum.called"), people.called.total())

    def speed(self, figures: Figures) -> None:
        """How fast we answer."""
        tables, t = self._tables, self._t
        tables.head("sum.speed")
        for kind, times in (("", figures.answers), ("first_", figures.first_answers)):
            tables.row(t(f"sum.{kind}answers"), times.count, said=t(f"sum.{kind}answers_said"))
            for key, seconds in (("median", times.median), ("p90", times.p90)):
                said = t("sum.no_answers") if seconds is None else t.duration(seconds)
                tables.row(t(f"sum.{kind}{key}"), self._minutes(seconds), said=said)

    def _minutes(self, seconds: float | None) -> Value:
        if seconds is None:
            return None
        return self._tables.styled(round(seconds / 60, 1), "float")

    def _first(self, times: AnswerTimes) -> list[Value]:
        return [times.count, self._minutes(times.median), self._minutes(times.p90)]

    def waits(self, figures: Figures) -> None:
        """How many wait, and for how long."""
        tables, t = self._tables, self._t
        tables.head("sum.waits")
        tables.row(t("sum.waiting"), figures.waiting, said=t("sum.waiting_said"))
        for hours, count in figures.waiting_over.items():
            tables.row(t("sum.waits_h", h=hours), count)

    def days(self, figures: Figures) -> None:
        """The last days."""
        tables = self._tables
        tables.head("sum.days", "sum.day", "sum.d_applied", "sum.d_answers")
        first = tables.now + 1
        for one in figures.days:
            tables.row(f"{one.day:%d.%m.%Y}", one.applied, one.answers)
        tables.chart("chart.days", first, tables.now, horizontal=False)

    def weeks(self, figures: Figures) -> None:
        """The first answer, by week."""
        tables = self._tables
        tables.head("sum.weeks", "sum.week", "sum.v_answered", "sum.v_median", "sum.v_p90")
        for monday, times in figures.by_week.items():
            sunday = monday + timedelta(days=6)
            tables.row(f"{monday:%d.%m} – {sunday:%d.%m.%Y}", *self._first(times))

    def lists(self, lists: StopLists, people: PeopleCount) -> None:
        """Each stop list: whom it left out, and what could not be read."""
        tables, t = self._tables, self._t
        tables.head("sum.lists", "sum.list_file", "sum.list_hits", "sum.list_rows")
        if not lists.files:
            tables.row(t("sum.no_list"))
        for file in lists.files:
            words = [t(why.key, **why.values) for why in file.remarks]
            if file.skipped:
                words.append(t("sum.list_skipped", n=file.skipped))
            text = "; ".join(words) or None
            said: Value = text
            if any(why.unread for why in file.remarks):
                key = "sum.list_partly" if file.phones else "sum.list_bad"
                said = tables.styled(t(key, problem=text), "bad")
            tables.row(file.name, people.stopped.get(file.name, 0), file.phones, said=said)

    def funnel(self, figures: Figures) -> None:
        """From the input to an answer."""
        tables = self._tables
        tables.head("sum.funnel", "sum.metric", "sum.count", "sum.of_before", "sum.of_all")
        first = tables.now + 1
        before = figures.funnel[0]
        for step, count in zip(FUNNEL, figures.funnel, strict=True):
            shares = [tables.styled(count / of, "share") if of else None
                      for of in (before, figures.funnel[0])]  # fmt: skip
            tables.row(self._t(f"sum.f_{step}"), count, *shares)
            before = count
        tables.chart("chart.funnel", first, tables.now)

    def hours(self, figures: Figures) -> None:
        """When we answer."""
        tables = self._tables
        tables.head("sum.hours", "sum.hour", "sum.count")
        first = tables.now + 1
        tables.table([(f"{hour:02d}:00", count) for hour, count in enumerate(figures.hours)])
        tables.chart("chart.hours", first, tables.now, horizontal=False)

    def vacancies(self, figures: Figures) -> None:
        """Each vacancy."""
        tables = self._tables
        tables.head(
            "sum.vacancies", "sum.vacancy", "sum.v_chats", "sum.v_found", "sum.v_waits",
            "sum.v_refused",
        )  # fmt: skip
        first = tables.now + 1
        for one in figures.vacancies:
            tables.row(self._named(one), one.chats, one.found, one.waiting, one.refused)
        tables.chart("chart.vacancies", first, min(tables.now, first + CHART_VACANCIES - 1))
        tables.total(sum(one.chats for one in figures.vacancies))
        tables.head(
            "sum.first_by_vacancy", "sum.vacancy", "sum.v_answered", "sum.v_median", "sum.v_p90"
        )
        for one in figures.vacancies:
            if one.first_answers.count:
                tables.row(self._named(one), *self._first(one.first_answers))

    def _named(self, vacancy: Vacancy) -> str:
        unnamed = "?" if vacancy.number is not None else self._t("sum.no_vacancy")
        name = vacancy.title or unnamed
        return name if vacancy.number is None else f"{name} (№ {vacancy.number})"
