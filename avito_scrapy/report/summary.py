"""«Сводка»: every chat of the input accounted for, and how the work goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from avito_scrapy.report.book import Book
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.sheet import Styled, Value
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
    stopped: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)


def write_summary(
    book: Book,
    texts: Texts,
    options: ReportOptions,
    figures: Figures,
    people: PeopleCount,
    lists: StopLists,
    sheets: Sequence[tuple[int, Sequence[str]]],
) -> None:
    """Write the sheet; ``sheets``: for each kind its rows and the titles of those they are on."""
    page = _Summary(book, texts, options.inputs)
    page.top(options, lists)
    page.new(figures)
    page.waits(figures)
    page.calls(people)
    page.speed(figures)
    page.funnel(figures)
    page.counted("sum.outcomes", "outcome", figures.outcomes)
    page.counted("sum.statuses", "status", figures.statuses, chart="chart.statuses")
    page.people(figures, people)
    page.sheets(sheets)
    page.lists(lists, people)
    page.days(figures)
    page.weeks(figures)
    page.hours(figures)
    page.vacancies(figures)
    page.close()


class _Summary(Tables):
    def top(self, options: ReportOptions, lists: StopLists) -> None:
        t, now = self.texts, options.now.astimezone(options.tz)
        self.line(f"{t('sum.made')}: {now:%d.%m.%Y %H:%M}")
        if options.account:
            self.line(f"{t('sum.account')}: {options.account}")
        if options.unread:
            self.line(t("sum.accounts_unread", names=", ".join(options.unread)), "bad")
        self.line(f"{t('sum.zone')}: {options.tz.key}", "note")
        unread = dict.fromkeys(name for name, _ in lists.unread)
        if unread:
            self.line(t("sum.lists_unread", files=", ".join(unread)), "bad")

    def new(self, figures: Figures) -> None:
        t = self.texts
        self.head("sum.new")
        self.row(t("sum.new_today"), figures.applied_today, said=t("sum.new_said"))
        self.row(t("sum.new_week"), figures.applied_week, said=t("sum.week_said"))

    def waits(self, figures: Figures) -> None:
        t = self.texts
        self.head("sum.waits")
        self.row(t("sum.waiting"), figures.waiting, said=t("sum.waiting_said"))
        for hours, count in figures.waiting_over.items():
            self.row(t("sum.waits_h", h=hours), count)

    def calls(self, people: PeopleCount) -> None:
        self.head("sum.calls")
        for outcome, count in people.called.most_common():
            self.row(outcome, count)
        self.row(self.texts("sum.called"), people.called.total())

    def speed(self, figures: Figures) -> None:
        t = self.texts
        self.head("sum.speed")
        for kind, times in (("", figures.answers), ("first_", figures.first_answers)):
            self.row(t(f"sum.{kind}answers"), times.count, said=t(f"sum.{kind}answers_said"))
            for key, seconds in (("median", times.median), ("p90", times.p90)):
                said = t("sum.no_answers") if seconds is None else t.duration(seconds)
                self.row(t(f"sum.{kind}{key}"), _minutes(seconds), said=said)

    def funnel(self, figures: Figures) -> None:
        self.head("sum.funnel", "sum.metric", "sum.count", "sum.of_before", "sum.of_all")
        before = first = figures.funnel[0]
        for step, count in zip(FUNNEL, figures.funnel, strict=True):
            self.row(
                self.texts(f"sum.f_{step}"), count, _share(count, before), _share(count, first)
            )
            before = count
        self.chart("chart.funnel")

    def counted(
        self, title: str, group: str, counts: Mapping[str, int], chart: str | None = None
    ) -> None:
        total = sum(counts.values())
        self.head(title, "sum.metric", "sum.count", "sum.share")
        for name, count in counts.items():
            self.row(self.texts(f"{group}.{name}"), count, _share(count, total))
        if chart:
            self.chart(chart)
        self.total(total)

    def people(self, figures: Figures, people: PeopleCount) -> None:
        t = self.texts
        self.head("sum.people")
        fits = people.chats == figures.candidates
        check = self.verdict("sum.people_ok" if fits else "sum.people_bad", fits)
        self.row(t("sum.candidate_chats"), figures.candidates, said=check)
        for key, count in (
            ("sum.people_count", people.people),
            ("sum.extra_chats", people.chats - people.people),
            ("sum.joined_resume", people.by_resume),
            ("sum.joined_phone", people.by_phone),
            ("sum.disputed", people.shared),
            ("sum.unread_contacts", figures.unread_contacts),
        ):
            self.row(t(key), count)

    def sheets(self, sheets: Sequence[tuple[int, Sequence[str]]]) -> None:
        self.head("sum.sheets")
        for rows, titles in sheets:
            more = self.texts("sum.continued", sheets=", ".join(titles[1:])) if titles[1:] else None
            self.row(titles[0], rows, said=more)

    def lists(self, lists: StopLists, people: PeopleCount) -> None:
        t = self.texts
        self.head("sum.lists", "sum.list_file", "sum.list_hits", "sum.list_rows")
        if not lists.files:
            self.row(t("sum.no_list"))
        for file in lists.files:
            words = [t(why.key, **why.values) for why in file.remarks]
            if file.skipped:
                words.append(t("sum.list_skipped", n=file.skipped))
            text = "; ".join(words) or None
            said: Value = text
            if any(why.unread for why in file.remarks):
                key = "sum.list_partly" if file.phones else "sum.list_bad"
                said = Styled(t(key, problem=text), "bad")
            self.row(file.name, people.stopped[file.name], file.phones, said=said)

    def days(self, figures: Figures) -> None:
        self.head("sum.days", "sum.day", "sum.d_applied", "sum.d_answers")
        for one in figures.days:
            self.row(f"{one.day:%d.%m.%Y}", one.applied, one.answers)
        self.chart("chart.days", horizontal=False)

    def weeks(self, figures: Figures) -> None:
        self.head("sum.weeks", "sum.week", "sum.v_answered", "sum.v_median", "sum.v_p90")
        for monday, times in figures.by_week.items():
            sunday = monday + timedelta(days=6)
            self.row(f"{monday:%d.%m} – {sunday:%d.%m.%Y}", *_cells(times))

    def hours(self, figures: Figures) -> None:
        self.head("sum.hours", "sum.hour", "sum.count")
        for hour, count in enumerate(figures.hours):
            self.row(f"{hour:02d}:00", count)
        self.chart("chart.hours", horizontal=False)

    def vacancies(self, figures: Figures) -> None:
        counts = ("sum.v_chats", "sum.v_found", "sum.v_waits", "sum.v_refused")
        self.head("sum.vacancies", "sum.vacancy", *counts)
        for one in figures.vacancies:
            self.row(self._name(one), one.chats, one.found, one.waiting, one.refused)
        self.chart("chart.vacancies", most=CHART_VACANCIES)
        self.total(sum(one.chats for one in figures.vacancies))
        self.head(
            "sum.first_by_vacancy", "sum.vacancy", "sum.v_answered", "sum.v_median", "sum.v_p90"
        )
        for one in figures.vacancies:
            if one.first_answers.count:
                self.row(self._name(one), *_cells(one.first_answers))

    def _name(self, vacancy: Vacancy) -> str:
        unnamed = "?" if vacancy.number is not None else self.texts("sum.no_vacancy")
        name = vacancy.title or unnamed
        return name if vacancy.number is None else f"{name} (№ {vacancy.number})"


def _cells(times: AnswerTimes) -> list[Value]:
    return [times.count, _minutes(times.median), _minutes(times.p90)]


def _minutes(seconds: float | None) -> Value:
    return None if seconds is None else Styled(round(seconds / 60, 1), "float")


def _share(count: int, of: int) -> Value:
    return Styled(count / of, "share") if of else None
