"""Puts the workbook together: records in, a finished file out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report import ranking
from avito_scrapy.report.book import Book, draft_for
from avito_scrapy.report.carry_over import CarriedOver
from avito_scrapy.report.formatting import Formatter
from avito_scrapy.report.options import ReportOptions, ReportSummary
from avito_scrapy.report.pages import Pages, write_guide
from avito_scrapy.report.people import Person, merge, stored_keys
from avito_scrapy.report.records import Joined, StagingDatabase, showable
from avito_scrapy.report.sheet import Column, Row
from avito_scrapy.report.sheets import (
    Call,
    PastNote,
    Stopped,
    call_columns,
    chat_columns,
    history_columns,
    people_columns,
    stopped_columns,
)
from avito_scrapy.report.statistics import Statistics
from avito_scrapy.report.stoplist import read_stop_lists
from avito_scrapy.report.summary import PeopleCount, write_summary
from avito_scrapy.report.texts import Texts
from avito_scrapy.store import NoteVersion

Records = Callable[[], Iterator[ChatResume]]
_CALL_SHEETS = ("calls", "today", "never")
_WITHOUT = ("resume_removed", "no_resume", "not_candidate")


def write_workbook(
    path: Path,
    records: Records,
    options: ReportOptions,
    notes: Mapping[str, Note] | None = None,
    history: Mapping[str, Sequence[NoteVersion]] | None = None,
    added: CarriedOver | None = None,
) -> ReportSummary:
    """Write the workbook ``path`` from ``records``: all of it, or nothing.

    Args:
        path: the file; one that is there is replaced at the end, in one step.
        records: gives an iterator over the chats of a run, in the order of the messenger.
        options: language, zone, stop lists, size of the input.
        notes: the recruiter's own columns by person (see ``items.Note``).
        history: what was written about them before, the oldest first.
        added: columns and sheets of a person's own.

    Raises:
        OSError: the file cannot be written (no place left, no right to).
        sqlite3.Error: there is no place for the temporary data.
    """
    with closing(StagingDatabase()) as staging:
        statistics = Statistics(options.now.astimezone(options.tz))
        for record in map(showable, records()):
            staging.add(record)
            statistics.add(record)
        staging.join()
        added = added or CarriedOver()
        first, extended = Texts(options.lang)("sheet.calls"), added.describe() is not None
        with (
            draft_for(path) as draft,
            Book(first, options.now, options.basis, additions=extended) as book,
        ):
            report = _Report(book, staging, options, notes or {}, history or {}, added)
            summary = report.write(statistics)
            book.save(draft)
        return summary


@dataclass
class _Report:
    book: Book
    staging: StagingDatabase
    options: ReportOptions
    notes: Mapping[str, Note]
    history: Mapping[str, Sequence[NoteVersion]]
    added: CarriedOver

    def __post_init__(self) -> None:
        self._now = self.options.now.astimezone(self.options.tz)
        self._texts = Texts(self.options.lang)
        self._lists = read_stop_lists(self.options.stoplist, self.staging.phones())
        self._show = Formatter(self.options, self._texts, self._lists, self.notes)
        self._told: list[PastNote] = []
        self._count = PeopleCount()
        self._sheets: list[tuple[int, Sequence[str]]] = []

    def write(self, statistics: Statistics) -> ReportSummary:
        show, added, options = self._show, self.added, self.options
        people = [
            *people_columns(show, partial(added.cells, "people")),
            *added.columns_for("people", lambda person: person),
        ]
        self._pages("people", people, self._people(), added.colour)
        for kind in _CALL_SHEETS:
            calls = [
                *call_columns(show, partial(added.cells, kind)),
                *added.columns_for(kind, lambda row: row.person),
            ]
            self._pages(kind, calls, self._calls(kind), lambda row: added.colour(row.person))
        self._pages("stopped", stopped_columns(show), self._stopped())
        self._pages("without", chat_columns(show), self.staging.chats(*_WITHOUT))
        self._pages("errors", chat_columns(show), self.staging.chats("failed"))
        self._told.sort(key=lambda told: -(told.version.note.made_at or 0))
        self._pages("history", history_columns(show), self._told)
        figures = statistics.figures()
        write_summary(
            self.book, self._texts, options, figures, self._count, self._lists, self._sheets
        )
        write_guide(self.book, self._texts, options.outcomes)
        added.write_sheets(self.book)
        return ReportSummary(
            chats=statistics.chats,
            people=self._count.people,
            problems=tuple(
                f"{name}: {self._texts(why.key, **why.values)}" for name, why in self._lists.unread
            ),
        )

    def _pages(
        self,
        kind: str,
        columns: Sequence[Column[Row]],
        rows: Iterable[Row],
        colour: Callable[[Row], str | None] | None = None,
    ) -> None:
        pages = Pages(self.book, kind, columns, self._texts, self.options, colour)
        pages.write(rows)
        self._sheets.append((pages.rows, pages.titles))

    def _merged(self, sheet: str | None = None) -> Iterator[tuple[Person, Joined]]:
        for joined in self.staging.people(sheet):
            number, shared, chats, *_ = joined
            yield merge(number, shared, chats, self.options.tz, self.notes), joined

    def _people(self) -> Iterator[Person]:
        """Everybody; on the way each person is counted and given places on other sheets."""
        count = self._count
        for person, _ in self._merged():
            count.people += 1
            count.chats += len(person.chats)
            count.by_resume += person.joined in ("resume", "both")
            count.by_phone += person.joined in ("phone", "both")
            count.shared += person.shared is not None
            if outcome := person.note.outcome:
                count.called[outcome] += 1
            self._place(person)
            self._told += self._past(person)
            yield person

    def _past(self, person: Person) -> Iterable[PastNote]:
        # Of a person in several accounts, each may hold the same.
        found = {}
        for keys in stored_keys(person.chats, person.keys):
            for version in (entry for key in keys for entry in self.history.get(key, ())):
                found[version.note, version.note.made_at] = version
        return [PastNote(person.name, person.phone, version) for version in found.values()]

    def _place(self, person: Person) -> None:
        entry = self._lists.find(person.phones)
        if entry is not None:
            self._count.stopped[entry.file] += 1
            self.staging.place(person.no, "stopped", f"{entry.file}\0{entry.row:09d}")
            return
        now, texts = self._now, self._texts
        called = ranking.call(person, person.note, now, self.options.outcomes, texts)
        places = {
            "calls": called,
            "today": ranking.today(person, now, texts),
            "never": ranking.never_written(person, now, texts),
        }
        for sheet, place in places.items():
            if place is not None:
                block = called.block if called else None
                self.staging.place(person.no, sheet, place.sort, place.why, block)

    def _calls(self, sheet: str) -> Iterator[Call]:
        for number, (person, joined) in enumerate(self._merged(sheet), 1):
            yield Call(number, person, joined.why, joined.block)

    def _stopped(self) -> Iterator[Stopped]:
        for person, _ in self._merged("stopped"):
            entry = self._lists.find(person.phones)
            assert entry is not None
            yield Stopped(person, entry)
