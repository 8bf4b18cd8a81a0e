"""Replaces a workbook: reads the recruiter's notes, writes the new one beside, swaps the two.

Used by the pipeline, ``scrapy report`` and ``scrapy forget``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from avito_scrapy.errors import UsageError
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.carry_over import CarriedOver, read_additions
from avito_scrapy.report.kept_workbooks import (
    copies_of,
    keep_replaced,
    new_of,
    not_read_yet,
    previous_of,
    put_away_new,
    remember_read,
)
from avito_scrapy.report.note_merge import keep_notes
from avito_scrapy.report.options import ReportOptions, ReportSummary
from avito_scrapy.report.previous import (
    PreviousOpen,
    ensure_closed,
    ensure_unchanged,
    has_additions,
    state,
)
from avito_scrapy.report.previous_workbook import read_notes
from avito_scrapy.report.read_back import ASIDE, as_saved, read_back, unclear_name
from avito_scrapy.report.recruiter_notes import RecruiterNotes
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

    def take(read: RecruiterNotes, copy: bool) -> str | None:
        _keep(store, source, read, copy=copy)
        return None

    back = read_back(replaces, options.tz, lambda: everything_known(store, source), take, also=also)
    target, added = back.stand_in or draft, back.added
    summary = write_workbook(target, source.records, options, *_kept_notes(store, source), added)
    return Written(target, summary, back.aside, tuple(back.unclear), added.describe())


def _keep(store: Store, source: RecordSource, read: RecruiterNotes, *, copy: bool = False) -> None:
    if source.account_id is not None:
        keep_notes(store, source.account_id, read, copy=copy)


def _kept_notes(
    store: Store, source: RecordSource
) -> tuple[Mapping[str, Note], Mapping[str, Sequence[NoteVersion]]]:
    if source.account_id is None:
        return {}, {}
    return store.notes.get_all(source.account_id), store.notes.histories(source.account_id)


def everything_known(store: Store, source: RecordSource) -> Iterator[ChatResume]:
    """All records of the account, those of other runs too: a workbook may be older than a run."""
    if source.account_id is not None:
        yield from store.outcomes.of_account(source.account_id)
    yield from source.records()


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
    aside = sorted(
        workbook.parent.glob(f"{workbook.stem}.{ASIDE}*.xlsx"),
        key=lambda path: path.stat().st_mtime,
    )
    copies = copies_of(workbook)
    aside += [*copies, *([new_of(workbook)] if new_of(workbook).exists() else [])]
    # What could be read of those that were kept for their unclear rows has been.
    paths = [path for path in aside if not path.name.startswith(unclear_name(workbook))]
    paths = as_saved([*paths, workbook])
    written = workbook.stat().st_mtime if workbook.exists() else 0.0
    for path in paths:
        try:
            ensure_closed(path)
            read = read_notes(path, lambda: everything_known(store, source) if source else ())
        except UsageError as problem:
            raise UsageError(
                f"{problem}: close it, or move it away, and run again; nothing was removed"
            ) from None
        newer = path.stat().st_mtime >= written
        if path == workbook or (path == new_of(workbook) and newer):
            worked_in[path] = read
        if path in copies:
            newer = path in not_read_yet(workbook, copies)
        if read.unclear and newer:
            raise UsageError(
                f"{path.name}: {read.describe()}: run `scrapy report` first, which keeps a copy, or"
                " move it away, and run again; nothing was removed"
            )
        if source is not None and newer:
            _keep(store, source, read, copy=path in copies)
    added = read_additions(worked_in)
    if added.unclear:
        raise UsageError(
            f"{added.describe_unclear()}: copy them from {workbook.name}, clear them there, and run"
            " again; nothing was removed"
        )
    return [*aside, *previous_of(workbook)], added


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
    summary = write_workbook(draft, source.records, options, *_kept_notes(store, source), added)
    try:
        ensure_unchanged(path, draft)
    except PreviousOpen:
        draft.unlink()
        raise
    os.replace(draft, path)
    return summary
