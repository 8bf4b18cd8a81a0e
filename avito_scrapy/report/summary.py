"""«Сводка»: every chat of the input accounted for, and how the work goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl.worksheet.worksheet import Worksheet

from avito_scrapy.report import charts
from avito_scrapy.report.book import Book
from avito_scrapy.report.calls import WAIT_GROUPS
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.pages import A4, print_setup
from avito_scrapy.report.sheet import Column, Sheet, Styled, Value
from avito_scrapy.report.stoplist import StopLists
from avito_scrapy.report.tally import FUNNEL, Sums
from avito_scrapy.report.texts import Texts

COLUMNS: Sequence[Column] = (
    Column("", 44), Column("", 12, "number"), Column("", 11, "share"),
    Column("", 11, "number"), Column("", 11, "number"), Column("", 46),
)  # fmt: skip
CHART_VACANCIES = 12


@dataclass
class PeopleCount:
    """Counted while the people were written: rows, and how they were joined."""

    people: int = 0
    chats: int = 0
    by_resume: int = 0
    by_phone: int = 0
    shared: int = 0
    stopped: dict[str, int] = field(default_factory=dict)


class SummarySheet:
    """Writes the sheet; ``adds_up`` tells afterwards whether everything did."""

    def __init__(self, book: Book, texts: Texts, options: ReportOptions) -> None:
        self.adds_up = True
        self._book = book
        self._t = texts
        self._options = options
        self._styles = book.styles.by_kind
        self._sheet: Sheet | None = None
        self._charts: list[tuple[str, int, int, bool]] = []

    def write(
        self,
        sums: Sums,
        people: PeopleCount,
        lists: StopLists,
        sheets: Mapping[str, tuple[int, Sequence[str]]],
    ) -> None:
        """Write it all. ``sheets``: kind to (rows, titles of the sheets they are on)."""
        t = self._t
        self._sheet = self._book.open(t("sheet.summary"), COLUMNS, self._setup, 500)
        self._made()
        self._counted("outcome", sums.outcomes)
        self._counted("status", sums.statuses)
        self._people(sums, people)
        self._sheets(sheets)
        self._speed(sums)
        self._waits(sums)
        self._lists(lists, people)
        self._head("sum.funnel")
        names = [t(f"sum.f_{step}") for step in FUNNEL]
        self._table(
            "chart.funnel", list(zip(names, sums.funnel, strict=True)), share=sums.funnel[0]
        )
        self._head("sum.hours", "sum.hour", "sum.count")
        hours = [(f"{hour:02d}:00", count) for hour, count in enumerate(sums.hours)]
        self._table("chart.hours", hours, horizontal=False)
        self._vacancies(sums)
        self._book.close(self._sheet, self._finish)

    def _made(self) -> None:
        now = self._options.now.astimezone(self._options.tz)
        self._row(Styled(f"{self._t('sum.made')}: {now:%d.%m.%Y %H:%M}", self._styles["title"]))
        self._row(Styled(f"{self._t('sum.zone')}: {self._options.tz.key}", self._styles["note"]))

    def _counted(self, group: str, counts: Mapping[str, int]) -> None:
        """Chats by ``group``, their total and whether it is the input."""
        self._head(f"sum.{group}{'es' if group == 'status' else 's'}")
        total = sum(counts.values())
        rows = [(self._t(f"{group}.{name}"), count) for name, count in counts.items()]
        self._table("chart.statuses" if group == "status" else None, rows, share=total)
        inputs = total if self._options.inputs is None else self._options.inputs
        self._total(total, self._check(total, inputs))
        unknown = self._t("sum.no_input") if self._options.inputs is None else None
        self._row(self._t("sum.input"), self._options.inputs, None, None, None, unknown)

    def _check(self, total: int, inputs: int) -> Styled:
        if total == inputs:
            return Styled(self._t("sum.ok"), self._styles["good"])
        self.adds_up = False
        key = "sum.short" if total < inputs else "sum.over"
        return Styled(self._t(key, n=abs(inputs - total)), self._styles["bad"])

    def _people(self, sums: Sums, people: PeopleCount) -> None:
        t = self._t
        self._head("sum.people")
        fits = people.chats == sums.candidates
        self.adds_up = self.adds_up and fits
        check = Styled(t("sum.people_ok" if fits else "sum.people_bad"),
                       self._styles["good" if fits else "bad"])  # fmt: skip
        self._row(t("sum.candidate_chats"), sums.candidates, None, None, None, check)
        self._row(t("sum.people_count"), people.people)
        self._row(t("sum.extra_chats"), people.chats - people.people)
        self._row(t("sum.joined_resume"), people.by_resume)
        self._row(t("sum.joined_phone"), people.by_phone)
        self._row(t("sum.disputed"), people.shared)

    def _sheets(self, sheets: Mapping[str, tuple[int, Sequence[str]]]) -> None:
        self._head("sum.sheets")
        for _, (rows, titles) in sheets.items():
            more = self._t("sum.continued", sheets=", ".join(titles[1:])) if titles[1:] else None
            self._row(titles[0], rows, None, None, None, more)

    def _speed(self, sums: Sums) -> None:
        self._head("sum.speed")
        self._row(self._t("sum.answers"), sums.answers)
        for key, seconds in (("sum.median", sums.median), ("sum.p90", sums.p90)):
            if seconds is None:
                self._row(self._t(key), None, None, None, None, self._t("sum.no_answers"))
            else:
                minutes = Styled(round(seconds / 60, 1), self._styles["float"])
                words = self._t.duration(seconds)
                self._row(self._t(key), minutes, None, None, None, words)

    def _waits(self, sums: Sums) -> None:
        self._head("sum.waits")
        self._row(self._t("sum.waiting"), sums.waiting())
        for seconds in WAIT_GROUPS:
            self._row(self._t("sum.waits_h", h=round(seconds / 3600)), sums.waiting(seconds))

    def _lists(self, lists: StopLists, people: PeopleCount) -> None:
        t = self._t
        self._head("sum.lists", "sum.metric", "sum.list_hits", None, "sum.list_rows")
        if not lists.files:
            self._row(t("sum.no_list"))
        for file in lists.files:
            said: Value = t("sum.list_skipped", n=file.skipped) if file.skipped else None
            if file.problem:
                words = t("sum.list_bad", problem=t(file.problem))
                said = Styled(words, self._styles["bad"])
            self._row(file.name, people.stopped.get(file.name, 0), None, file.phones, None, said)

    def _vacancies(self, sums: Sums) -> None:
        t = self._t
        self._head("sum.vacancies", "sum.vacancy", "sum.v_chats", "sum.v_found", "sum.v_waits",
                   "sum.v_refused")  # fmt: skip
        first = self._now + 1
        total = 0
        for number, title, (chats, found, waiting, refused) in sums.vacancies:
            name = (
                title or t("sum.no_vacancy") if number is None else f"{title or '?'} (№ {number})"
            )
            total += chats
            self._row(name, chats, Styled(found, self._styles["number"]), waiting, refused)
        last = min(self._now, first + CHART_VACANCIES - 1)
        if last >= first:
            self._charts.append((t("chart.vacancies"), first, last, True))
        inputs = total if self._options.inputs is None else self._options.inputs
        self._total(total, self._check(total, inputs))

    @property
    def _now(self) -> int:
        return self._sheet.rows if self._sheet else 0

    def _row(self, *values: Value) -> None:
        assert self._sheet is not None
        self._sheet.append(values)

    def _total(self, total: int, check: Styled) -> None:
        bold = self._styles["bold"]
        self._row(Styled(self._t("sum.total"), bold), Styled(total, bold), None, None, None, check)

    def _head(self, title: str, *columns: str | None) -> None:
        """An empty row, the title of a table, and the headings of its columns if it has any."""
        self._row()
        self._row(Styled(self._t(title), self._styles["title"]))
        names = [*(columns or ("sum.metric", "sum.count"))]
        names += [None] * (len(COLUMNS) - 1 - len(names)) + ["sum.check"]
        self._row(*(Styled(name and self._t(name), self._styles["head"]) for name in names))

    def _table(
        self,
        chart: str | None,
        rows: Sequence[tuple[str, int]],
        *,
        share: int | None = None,
        horizontal: bool = True,
    ) -> None:
        first = self._now + 1
        for name, count in rows:
            self._row(name, count, count / share if share else None)
        if chart:
            self._charts.append((self._t(chart), first, self._now, horizontal))

    def _setup(self, sheet: Worksheet) -> None:
        sheet.sheet_format.defaultRowHeight = charts.ROW_HEIGHT
        sheet.sheet_format.customHeight = True
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.tabColor = "70AD47"
        print_setup(sheet, self._t, A4)

    def _finish(self, sheet: Worksheet, rows: int) -> None:
        for place, (title, first, last, horizontal) in enumerate(self._charts):
            charts.add_bars(sheet, title, first, last, place=place, horizontal=horizontal)
