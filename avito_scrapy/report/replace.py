"""Replaces a workbook: reads the recruiter's notes, writes the new one beside, swaps the two.

Used by the pipeline, ``scrapy report`` and ``scrapy forget``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from avito_scrapy.errors import UsageError
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.carry_over import CarriedOver, read_additions
from avito_scrapy.report.options import ReportOptions, ReportSummary
from avito_scrapy.report.previous import (
    PreviousDamaged,
    PreviousOpen,
    as_saved,
    beside_to_read,
    copies_of,
    ensure_closed,
    ensure_unchanged,
    has_additions,
    keep_beside,
    keep_replaced,
    kept_unclear,
    new_of,
    not_read_yet,
    previous_of,
    put_aside,
    put_away_new,
    remember_read,
    state,
)
from avito_scrapy.report.previous_workbook import read_notes
from avito_scrapy.report.recruiter_notes import RecruiterNotes, keep_notes
from avito_scrapy.report.writer import write_workbook
from avito_scrapy.store import NoteVersion, Store
from avito_scrapy.store.record_source import RecordSource


@dataclass(frozen=True)
class Written:
    """Where the workbook went.

    Attributes:
        aside: why not where it was to go, else None.
        unclear: rows of earlier workbooks whose notes were given to nobody, a line a workbook.
        carried: what of a person's own columns and sheets is in it, and what is not.
    """

    path: Path
    summary: ReportSummary
    aside: str | None
    unclear: tuple[str, ...] = ()
    carried: str | None = None


@dataclass
class ReadBack:
    """What was read of the workbooks that a new one is to replace.

    Attributes:
        path: where the new one goes.
        aside: why the old one must not be replaced, else None.
        unclear: what could be given to nobody, a line a workbook.
        added: columns, sheets and colours of a person's own.
    """

    path: Path
    aside: str | None = None
    unclear: list[str] = field(default_factory=list)
    added: CarriedOver = field(default_factory=CarriedOver)

    def written(self, summary: ReportSummary) -> Written:
        """The result, once the new workbook is at ``path``."""
        return Written(self.path, summary, self.aside, tuple(self.unclear), self.added.describe())


def draft_of(target: Path) -> Path:
    """Where the workbook that is to become ``target`` at once is written. Not where a run writes
    its own, which may stay there."""
    return target.with_name(f"{target.stem}.draft.xlsx")


def renew(
    store: Store,
    source: RecordSource,
    options: ReportOptions,
    *,
    replaces: Path,
    draft: Path,
    also: Path | None = None,
) -> Written:
    """Write the workbook of ``source``, with the notes that the previous one holds, to ``draft``;
    ``put_in_place`` gives it its name.

    What the recruiter changed in ``replaces`` (and in files that were put aside since it was
    written) goes into the store first. When ``replaces`` is open elsewhere or damaged, it must not
    be replaced: the new one gets a name that says so.

    Args:
        replaces: the workbook that the new one is to replace; need not be there.
        draft: where to write it, in the same folder.
        also: another workbook to read notes from.

    Raises:
        OSError: the file cannot be written.
        StoreProblem: the store cannot be read or written.
    """
    options = replace(options, inputs=source.inputs, basis=state(replaces))
    records, take = partial(everything_known, store, source), partial(_keep, store, source)
    back = read_back(replaces, draft, options.tz, records, take, also=also)
    return back.written(_write(back.path, store, source, options, back.added))


def _keep(store: Store, source: RecordSource, read: RecruiterNotes, copy: bool) -> None:
    if source.account_id is not None:
        keep_notes(store, source.account_id, read, copy=copy)


def _write(
    target: Path, store: Store, source: RecordSource, options: ReportOptions, added: CarriedOver
) -> ReportSummary:
    notes: Mapping[str, Note] = {}
    history: Mapping[str, Sequence[NoteVersion]] = {}
    if source.account_id is not None:
        notes = store.notes.get_all(source.account_id)
        history = store.notes.histories(source.account_id)
    return write_workbook(target, source.records, options, notes, history, added)


def everything_known(store: Store, source: RecordSource) -> Iterator[ChatResume]:
    """All records of the account, those of other runs too: a workbook may be older than a run."""
    if source.account_id is not None:
        yield from store.outcomes.of_account(source.account_id)
    yield from source.records()


def read_back(
    replaces: Path,
    draft: Path,
    tz: tzinfo,
    records: Callable[[], Iterable[ChatResume]],
    take: Callable[[RecruiterNotes, bool], str | None],
    *,
    also: Path | None = None,
) -> ReadBack:
    """Read what was typed into ``replaces`` and into the workbooks beside it, in the order in which
    they were saved.

    Args:
        draft: where the new one goes unless ``replaces`` must not be replaced.
        records: gives everything that is stored.
        take: keeps the notes of one; the flag tells whether it is somebody's copy. Gives what else
            is to be said of it.
        also: another workbook to read from, whose copies count instead.
    """
    found, workbook = ReadBack(draft), also or replaces
    worked_in: dict[Path, RecruiterNotes] = {}
    copies, stand_in = copies_of(workbook), new_of(workbook)
    for path in as_saved([*beside_to_read(workbook), workbook, replaces]):
        try:
            if path == replaces and not not_read_yet(path, [path]):
                ensure_closed(path)  # as this tool has put it in place: nothing was typed into it
                continue
            # Before it is read: what is saved meanwhile is to be read the next time.
            saved = state(path)
            read = read_notes(path, records)
            said = [read.describe()] if read.unclear else []
            said += filter(None, [take(read, path in copies)])
            if path in copies:
                remember_read(workbook, path, saved)
            replaced = path in (replaces, stand_in)
            if replaced:
                worked_in[path] = read
            if said:
                kept = keep_beside(path, tz, workbook) if replaced else path
                found.unclear.append(f"{path.name}: {'; '.join(said)}; kept in {kept.name}")
            ensure_closed(path)
        except (PreviousOpen, PreviousDamaged) as problem:
            if path == replaces:
                found.aside, found.path = str(problem), new_of(replaces)
            elif path in copies and isinstance(problem, PreviousDamaged):
                found.unclear.append(
                    f"a copy of {workbook.name} cannot be read: its notes are not here"
                )
    if found.aside:
        ensure_closed(found.path)
        if found.path in worked_in and worked_in[found.path].touched:
            keep_replaced(found.path, tz)
    found.added = read_additions(worked_in)
    if found.added.unclear:
        found.unclear.append(
            f"{found.added.describe_unclear()}: the replaced workbook is in previous/"
        )
    return found


def put_in_place(draft: Path, target: Path, now: datetime) -> tuple[Path, str | None]:
    """Give the workbook ``draft`` the name ``target``, unless somebody has opened or saved that
    since its notes were read: what was typed there must not be lost.

    What it replaces is kept in ``previous/``.

    Args:
        now: with the zone in which names tell the time.

    Returns:
        where it went, and why not where it was to go.

    Raises:
        OSError: it cannot be renamed.
        PreviousOpen: the other one is open as well.
    """
    try:
        ensure_unchanged(target, draft)
    except PreviousOpen as problem:
        beside = new_of(target)
        ensure_closed(beside)
        keep_replaced(beside, now.tzinfo)
        os.replace(draft, beside)
        return beside, str(problem)
    keep_replaced(target, now.tzinfo)
    written = state(draft)  # of the target, until somebody saves it
    os.replace(draft, target)
    if not has_additions(target):
        with suppress(OSError):  # it is read back once in vain then
            remember_read(target, target, written)
    put_away_new(target, now.tzinfo)
    return target, None


def take_notes(
    store: Store, source: RecordSource | None, workbook: Path
) -> tuple[list[Path], CarriedOver]:
    """Bring what the recruiter typed into the store, so that the workbooks can go.

    Returns:
        the workbooks that were put aside, and what a person added.

    Raises:
        UsageError: one is open or damaged, or holds notes that can be given to nobody.
    """
    worked_in: dict[Path, RecruiterNotes] = {}
    copies, reading = copies_of(workbook), [*beside_to_read(workbook), workbook]
    beside = as_saved([*put_aside(workbook), *copies, new_of(workbook)])
    for path in as_saved([*beside, workbook]):
        try:
            ensure_closed(path)
            read = read_notes(path, lambda: everything_known(store, source) if source else ())
        except UsageError as problem:
            raise UsageError(
                f"{problem}: close it, or move it away, and run again; nothing was removed"
            ) from None
        if path not in reading:
            continue
        if path in (workbook, new_of(workbook)):
            worked_in[path] = read
        if read.unclear:
            raise UsageError(
                f"{path.name}: {read.describe()}: run `scrapy report` first, which keeps a copy, or"
                " move it away, and run again; nothing was removed"
            )
        if source is not None:
            _keep(store, source, read, path in copies)
    added = read_additions(worked_in)
    if added.unclear:
        raise UsageError(
            f"{added.describe_unclear()}: copy them from {workbook.name}, clear them there, and run"
            " again; nothing was removed"
        )
    return [*beside, *kept_unclear(workbook), *previous_of(workbook)], added


def write_again(
    store: Store,
    source: RecordSource,
    options: ReportOptions,
    path: Path,
    basis: str,
    added: CarriedOver,
) -> ReportSummary:
    """Replace ``path``, whose notes and additions were taken when its state was ``basis``.

    Raises:
        PreviousOpen: somebody has opened or saved it since; it is then as it was.
        OSError: the file cannot be written.
    """
    options = replace(options, inputs=source.inputs, basis=basis)
    draft = draft_of(path)
    summary = _write(draft, store, source, options, added)
    try:
        ensure_unchanged(path, draft)
    except PreviousOpen:
        draft.unlink()
        raise
    os.replace(draft, path)
    return summary
