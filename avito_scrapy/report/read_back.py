"""Reads what was typed into a workbook that is to be replaced, and into those beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from avito_scrapy.items import ChatResume
from avito_scrapy.report.carry_over import CarriedOver, read_additions
from avito_scrapy.report.kept_workbooks import (
    copies_of,
    keep_replaced,
    new_of,
    not_read_yet,
    remember_read,
)
from avito_scrapy.report.previous import (
    PreviousDamaged,
    PreviousOpen,
    begun_at,
    ensure_closed,
    state,
)
from avito_scrapy.report.previous_workbook import read_notes
from avito_scrapy.report.recruiter_notes import RecruiterNotes

ASIDE = "previous-"
_UNCLEAR = "unclear"


@dataclass
class ReadBack:
    """What was read of the workbooks that a new one is to replace.

    Attributes:
        unclear: what could be given to nobody, a line a workbook.
        added: columns, sheets and colours of a person's own.
        aside: why the workbook must not be replaced, else None; ``stand_in`` is where the new one
            goes then.
    """

    unclear: list[str] = field(default_factory=list)
    added: CarriedOver = field(default_factory=CarriedOver)
    aside: str | None = None
    stand_in: Path | None = None


def read_back(
    replaces: Path,
    tz: tzinfo,
    records: Callable[[], Iterable[ChatResume]],
    take: Callable[[RecruiterNotes, bool], str | None],
    *,
    also: Path | None = None,
) -> ReadBack:
    """Read what was typed into ``replaces`` and into the workbooks beside it, in the order in which
    they were saved.

    Args:
        records: gives everything that is stored.
        take: keeps the notes of one; the flag tells whether it is somebody's copy. Gives what else
            is to be said of it.
        also: another workbook to read from, whose copies count instead.
    """
    found, workbook = ReadBack(), also or replaces
    worked_in: dict[Path, RecruiterNotes] = {}
    copies, stand_in, touched = copies_of(workbook), new_of(workbook), False
    beside = [*put_aside(workbook), *not_read_yet(workbook, copies), stand_in]
    for path in as_saved([*beside, *([also] if also else []), replaces]):
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
            if path == stand_in:
                touched = read.touched
            if said:
                kept = keep_beside(path, tz, workbook) if replaced else path
                found.unclear.append(f"{path.name}: {'; '.join(said)}; kept in {kept.name}")
            ensure_closed(path)
        except (PreviousOpen, PreviousDamaged) as problem:
            if path == replaces:
                found.aside, found.stand_in = str(problem), new_of(replaces)
            elif path in copies and isinstance(problem, PreviousDamaged):
                found.unclear.append(
                    f"a copy of {workbook.name} cannot be read: its notes are not here"
                )
    if found.stand_in:
        ensure_closed(found.stand_in)
        if touched and found.stand_in == stand_in:
            keep_replaced(stand_in, tz)
    found.added = read_additions(worked_in)
    if found.added.unclear:
        found.unclear.append(
            f"{found.added.describe_unclear()}: the replaced workbook is in previous/"
        )
    return found


def as_saved(paths: Iterable[Path]) -> list[Path]:
    """Those that are there, in the order in which they were saved: the later note counts."""
    return sorted((path for path in paths if path.exists()), key=lambda path: path.stat().st_mtime)


def keep_beside(path: Path, tz: tzinfo, workbook: Path) -> Path:
    """Copy ``path``, for the owner only, to a name of ``workbook`` that tells when it was saved."""
    saved = datetime.fromtimestamp(path.stat().st_mtime, tz)
    kept = workbook.with_name(f"{unclear_name(workbook)}.{saved:%Y%m%d-%H%M%S}.xlsx")
    shutil.copy2(path, kept)
    kept.chmod(0o600)
    return kept


def put_aside(previous: Path) -> Iterable[Path]:
    """Workbooks put aside and changed since ``previous`` was begun, the oldest first.

    Not those that were kept for their unclear rows: what could be read of them has been.
    """
    begun = begun_at(previous)
    found = [
        (path.stat().st_mtime, path)
        for path in previous.parent.glob("*.xlsx")
        if path.name.startswith(f"{previous.stem}.{ASIDE}")
        and not path.name.startswith(unclear_name(previous))
    ]
    return [path for when, path in sorted(found) if int(when) >= begun]


def unclear_name(workbook: Path) -> str:
    return f"{workbook.stem}.{ASIDE}{_UNCLEAR}"
