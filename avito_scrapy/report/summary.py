"""«Сводка»: every chat of the input accounted for, and how the work goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from avito_scrapy.report.book import Book
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.ranking import HOUR, WAIT_GROUPS
from avito_scrapy.report.sheet import Value
from avito_scrapy.report.stoplist import StopLists
from avito_scrapy.report.sums import Sums
from avito_scrapy.report.tables import Tables
from avito_scrapy.report.tally import FUNNEL
from avito_scrapy.report.texts import Texts

CHART_VACANCIES = 12


@dataclass
class PeopleCount:
    """Counted while the people were written: rows, and how they were joined.

    ``stopped``: people left out, by the file of the stop list.
    """

    people: int = 0
    chats: int = 0
    by_resume: int = 0
    by_phone: int = 0
    shared: int = 0
    stopped: dict[str, int] = field(default_factory=dict)


def write_summary(
    book: Book,
    texts: Texts,
    options: ReportOptions,
    sums: Sums,
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
    if options.unread:
        tables.line(texts("sum.accounts_unread", names=", ".join(options.unread)), "bad")
    tables.line(f"{texts('sum.zone')}: {options.tz.key}", "note")
    unread = dict.fromkeys(name for name, _ in lists.unread)
    if unread:
        tables.line(texts("sum.lists_unread", files=", ".join(unread)), "bad")
    page = _Page(tables, texts)
    page.counted("sum.outcomes", "outcome", sums.outcomes)
    page.counted("sum.statuses", "status", sums.statuses, chart="chart.statuses")
    page.people(sums, people)
    page.sheets(sheets)
    page.speed(sums)
    page.waits(sums)
    page.lists(lists, people)
    page.funnel(sums)
    page.hours(sums)
    page.vacancies(sums)
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

    def people(self, sums: Sums, people: PeopleCount) -> None:
        """How chats became people."""
        tables, t = self._tables, self._t
        tables.head("sum.people")
        fits = people.chats == sums.candidates
        check = tables.verdict("sum.people_ok" if fits else "sum.people_bad", fits)
        tables.row(t("sum.candidate_chats"), sums.candidates, said=check)
        for key, count in (
            ("sum.people_count", people.people),
            ("sum.extra_chats", people.chats - people.people),
            ("sum.joined_resume", people.by_resume),
            ("sum.joined_phone", people.by_phone),
            ("sum.disputed", people.shared),
            ("sum.unread_contacts", sums.unread_contacts),
        ):
            tables.row(t(key), count)

    def sheets(self, sheets: Mapping[str, tuple[int, Sequence[str]]]) -> None:
        """What stands on the other sheets."""
        self._tables.head("sum.sheets")
        for rows, titles in sheets.values():
            more = self._t("sum.continued", sheets=", ".join(titles[1:])) if titles[1:] else None
            self._tables.row(titles[0], rows, said=more)

    def speed(self, sums: Sums) -> None:
        """How fast we answer."""
        tables, t = self._tables, self._t
        tables.head("sum.speed")
        tables.row(t("sum.answers"), sums.answers)
        for key, seconds in (("sum.median", sums.median), ("sum.p90", sums.p90)):
            if seconds is None:
                tables.row(t(key), said=t("sum.no_answers"))
            else:
                minutes = tables.styled(round(seconds / 60, 1), "float")
                tables.row(t(key), minutes, said=t.duration(seconds))

    def waits(self, sums: Sums) -> None:
        """How many wait, and for how long."""
        self._tables.head("sum.waits")
        self._tables.row(self._t("sum.waiting"), sums.waiting())
        for seconds in WAIT_GROUPS:
            name = self._t("sum.waits_h", h=round(seconds / HOUR))
            self._tables.row(name, sums.waiting(seconds))

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

    def funnel(self, sums: Sums) -> None:
        """From the input to an answer."""
        tables = self._tables
        tables.head("sum.funnel", "sum.metric", "sum.count", "sum.share")
        first = tables.now + 1
        names = [self._t(f"sum.f_{step}") for step in FUNNEL]
        tables.table(list(zip(names, sums.funnel, strict=True)), sums.funnel[0])
        tables.chart("chart.funnel", first, tables.now)

    def hours(self, sums: Sums) -> None:
        """When we answer."""
        tables = self._tables
        tables.page()
        tables.head("sum.hours", "sum.hour", "sum.count")
        first = tables.now + 1
        tables.table([(f"{hour:02d}:00", count) for hour, count in enumerate(sums.hours)])
        tables.chart("chart.hours", first, tables.now, horizontal=False)

    def vacancies(self, sums: Sums) -> None:
        """Each vacancy."""
        tables, t = self._tables, self._t
        tables.head(
            "sum.vacancies", "sum.vacancy", "sum.v_chats", "sum.v_found", "sum.v_waits",
            "sum.v_refused",
        )  # fmt: skip
        first = tables.now + 1
        for number, title, figures in sums.vacancies:
            name = title or ("?" if number is not None else t("sum.no_vacancy"))
            tables.row(name if number is None else f"{name} (№ {number})", *figures)
        tables.chart("chart.vacancies", first, min(tables.now, first + CHART_VACANCIES - 1))
        tables.total(sum(figures[0] for _, _, figures in sums.vacancies))
