"""One account as its pages share it: its people, their notes, and what is not yet in the store."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

from sqlalchemy.engine import make_url

from avito_scrapy.accounts import owner_of
from avito_scrapy.config import Config
from avito_scrapy.dashboard.edits import Edit, UnsavedEdits, save
from avito_scrapy.dashboard.rows import (
    CallRow,
    Filters,
    is_as_written,
    make_row,
    matching,
    most_frequent,
    ordered,
)
from avito_scrapy.errors import UsageError, describe, printable
from avito_scrapy.items import Note
from avito_scrapy.report.call_outcomes import read_outcomes
from avito_scrapy.report.people import Person, merge
from avito_scrapy.report.records import StagingDatabase, showable
from avito_scrapy.report.statistics import Figures, Statistics, answered_week
from avito_scrapy.report.stoplist import read_stop_lists
from avito_scrapy.report.texts import Texts
from avito_scrapy.store import Run, Store, StoreProblem, open_store
from avito_scrapy.store.changes import StoreMarks, store_marks
from avito_scrapy.store.notes import UNSAVED_FILE, NoteVersion, Taken
from avito_scrapy.store.record_source import records_of_folder
from avito_scrapy.workbook import remembered_stoplist

RERANK_S = 60.0
RUNS_SHOWN = 30
FILTERS_KEPT = 32


class AccountPeople:
    """People and notes of one account. Methods that reach for the store block: call them in a
    thread.

    Attributes:
        version: grows as rows, figures or runs change; 0: not looked at yet.
        vacancies, cities: of the rows, the most frequent first.
        problem: why the store cannot be used now; None: it can.
        warning: why people may be shown who must not be called, or as they were before; None: not.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.texts = Texts("ru")
        self.outcomes = read_outcomes(config.call_outcomes)
        self.version = 0
        self.problem: str | None = None
        self.warning: str | None = None
        self.rows: list[CallRow] = []
        self.vacancies: list[str] = []
        self.cities: list[str] = []
        self.runs: Sequence[Run] = ()
        self.figures: Figures | None = None
        self.account_id: int | None = None
        self._by_chat: dict[str, CallRow] = {}
        self._people: list[Person] = []
        self._weeks: dict[str, date] = {}
        url = make_url(config.store_url)
        self._path = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        self._file: int | None = None
        self._store: Store | None = None
        self._loaded: tuple[object, ...] | None = None
        self._marks: StoreMarks | None = None
        self._ranked_at = 0.0
        self._as_of = self.now()
        self._lock = threading.RLock()
        self._found: tuple[list[CallRow], dict[Filters, list[CallRow]]] = ([], {})
        self._unsaved = UnsavedEdits(config.private_dir / UNSAVED_FILE)

    def now(self) -> datetime:
        return datetime.now(timezone.utc).astimezone(self.config.tz)

    @property
    def unsaved(self) -> list[Edit]:
        """What was typed and is not in the store yet, the oldest first."""
        return self._unsaved.edits

    def find(self, chat_id: str) -> CallRow | None:
        """The row of the person with this chat."""
        return self._by_chat.get(chat_id)

    def matching(self, filters: Filters) -> list[CallRow]:
        """The rows that are wanted, looked for once however many pages ask."""
        rows, found = self._found
        if rows is not self.rows or len(found) == FILTERS_KEPT:
            rows, found = self._found = self.rows, {}
        if filters not in found:
            found[filters] = matching(rows, filters)
        return found[filters]

    @property
    def is_empty(self) -> bool:
        """Whether nobody has been collected yet, as far as can be told."""
        told = self.version == 0 or self.problem is not None or self.warning is not None
        return not told and self.figures is None

    @property
    def data_at(self) -> datetime | None:
        """When the newest run ended that put people into the store."""
        ended = [run.finished_at for run in self.runs if run.spider == "resumes" and run.inputs]
        return max(filter(None, ended), default=None)

    def refresh(self) -> None:
        """Look at the store, take over what has changed and save what could not be saved.

        Called by one thread at a time.
        """
        try:
            if not self._is_fresh():
                self._take_over()
        except StoreProblem as problem:
            self.problem = str(problem)
        except (UsageError, OSError, sqlite3.Error) as error:
            self.warning = f"Список не обновляется: {describe(error)}."
        self.version = self.version or 1

    def _take_over(self) -> None:
        with self._lock:
            store = self._open()
            marks = store_marks(store.database)
        changed = self._loaded != marks.people
        if changed:
            self._load(store)
            self._loaded = marks.people
        with self._lock:
            if self.account_id is not None:
                self._unsaved.save(store, self.account_id)
            due = changed or time.monotonic() - self._ranked_at > RERANK_S
            if due or marks != self._marks:
                self._rank(store, everybody=due)
            self.problem = None

    def edit(self, edit: Edit) -> bool:
        """Write one cell of a note; False: the store is away, it is kept to be written later.

        Raises:
            EditConflict: the cell is no longer ``edit.before``; nothing was written.
        """
        with self._lock:
            try:
                if self.problem is not None or self.unsaved:
                    raise StoreProblem(self.problem or "")
                assert self.account_id is not None
                save(self._open(), self.account_id, edit)
            except StoreProblem as problem:
                self.problem = self.problem or str(problem)
                self._unsaved.add(edit)
                saved = False
            else:
                saved = True
            self._show(edit)
        return saved

    def take(self, row: CallRow, author: str) -> str:
        """Take a person into work; give who has them now.

        Raises:
            StoreProblem: the store is away.
        """
        with self._lock:
            assert self.account_id is not None
            holder = self._open().taken.take(self.account_id, row.person.keys[0], author)
            self._rank(self._open())
            return holder.author

    def release(self, row: CallRow) -> None:
        """Let go of a person.

        Raises:
            StoreProblem: the store is away.
        """
        with self._lock:
            assert self.account_id is not None
            for key in row.person.keys:
                self._open().taken.release(self.account_id, key)
            self._rank(self._open())

    def history(self, row: CallRow) -> list[NoteVersion]:
        """What was written about a person, the oldest first; nothing when the store is away."""
        with self._lock, suppress(StoreProblem):
            if self.account_id is not None:
                return self._open().notes.history(self.account_id, *row.person.keys)
        return []

    def close(self) -> None:
        """Save what can be saved and end the connections."""
        with self._lock, suppress(StoreProblem):
            if self.unsaved and self.account_id is not None:
                self._unsaved.save(self._open(), self.account_id)
            if self._store is not None:
                self._store.close()
                self._store = None

    def _open(self) -> Store:
        """The store. An SQLite file that was moved away must not be made anew, nor be written to
        where nobody finds it."""
        if self._path is not None:
            try:
                file = self._path.stat().st_ino
            except OSError:
                raise StoreProblem("файла хранилища нет на месте") from None
            if self._file not in (None, file) and self._store is not None:
                self._store.close()
                self._store, self._loaded = None, None
            self._file = file
        if self._store is None:
            self._store = open_store(self.config.store_url)
        return self._store

    def _is_fresh(self) -> bool:
        """Whether there is no store yet, and no sign of an earlier one."""
        # Path.exists raises where a folder cannot be looked into.
        if self._path is None or self._file is not None or os.path.exists(self._path):
            return False
        left = (self.config.data_dir / "resumes.jl").exists() or self.unsaved
        return not left and owner_of(self.config.private_dir) is None

    def _load(self, store: Store) -> None:
        config = self.config
        stoplist = remembered_stoplist(config)
        owner = owner_of(config.private_dir)
        source = records_of_folder(
            store, config.data_dir / "resumes.jl", owner, shared=not config.has_own_store
        )
        self.account_id = owner if source is None else source.account_id
        people: list[Person] = []
        weeks: dict[str, date] = {}
        statistics = Statistics(self.now())
        with closing(StagingDatabase()) as staging:
            for record in map(showable, source.records() if source else ()):
                staging.add(record)
                statistics.add(record)
                week = answered_week(record, config.tz)
                if week is not None:
                    weeks[record.chat_id] = week
            staging.join()
            lists = read_stop_lists(stoplist, staging.phones())
            for joined in staging.people():
                person = merge(joined.number, joined.shared, joined.chats, config.tz)
                if lists.find(person.phones) is None:
                    people.append(person)
        self._people, self._weeks = people, weeks
        unread = ", ".join(sorted({printable(name) for name, _ in lists.unread}))
        self.warning = f"Прочитаны не все стоп-листы: {unread}." if unread else None
        self.figures = statistics.figures() if statistics.chats else None

    def _rank(self, store: Store, *, everybody: bool = False) -> None:
        """Put those in their places about whom something was written since; or everybody, as the
        time that they have waited places them too."""
        self._marks = store_marks(store.database)
        account = self.account_id
        notes = {} if account is None else store.notes.get_all(account)
        taken = {} if account is None else store.taken.get_all(account)
        if everybody:
            self._as_of, self._ranked_at = self.now(), time.monotonic()
            rows = ordered(self._row(person, notes, taken) for person in self._people)
        else:
            rows = ordered(
                row if is_as_written(row, notes, taken)
                else self._row(row.person, notes, taken)
                for row in self.rows
            )  # fmt: skip
        self.runs = store.runs.latest(RUNS_SHOWN, account)
        self._by_chat = {chat.chat_id: row for row in rows for chat in row.person.chats}
        self.vacancies = most_frequent(title for row in rows for title in row.vacancies)
        self.cities = most_frequent(row.city for row in rows if row.city)
        self.rows = rows
        self.version += 1

    def _row(
        self, person: Person, notes: Mapping[str, Note], taken: Mapping[str, Taken]
    ) -> CallRow:
        # As of the moment for all: whoever is looked at later would seem to have waited longer.
        return make_row(person, notes, taken, self._weeks, self._as_of, self.outcomes, self.texts)

    def _show(self, edit: Edit) -> None:
        """Put the person whose note was written where they belong now."""
        row = next((row for row in self.rows if row.note_key == edit.key), None)
        if row is not None:
            note = edit.applied(row.note)
            note = replace(note, author=edit.author, made_at=edit.at, seen_at=edit.at)
            taken = {edit.key: row.taken} if row.taken else {}
            shown = self._row(row.person, {edit.key: note}, taken)
            self.rows = ordered(shown if one is row else one for one in self.rows)
            self._by_chat |= {chat.chat_id: shown for chat in shown.person.chats}
        self.version += 1
