"""Workbooks beside the one that is worked in: recruiters' copies, the new one of an open file, the
last ones that were replaced."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, tzinfo
from pathlib import Path

from avito_scrapy.errors import UsageError
from avito_scrapy.files import MEGABYTE, read_bounded, write_private
from avito_scrapy.report.previous import PreviousOpen, ensure_closed, state

KEPT = 5
"""How many replaced workbooks are kept."""
FOLDER = "previous"
_READ = "read.json"


def new_of(workbook: Path) -> Path:
    """Where the new workbook goes while ``workbook`` is open or damaged."""
    return workbook.with_name(f"{workbook.stem}.new.xlsx")


def copies_of(workbook: Path) -> list[Path]:
    """Recruiters' copies, as «resumes (Мария).xlsx» or «resumes — копия.xlsx»."""
    return sorted(path for path in workbook.parent.glob("*.xlsx")
                  if path.name.startswith(f"{workbook.stem} "))  # fmt: skip


def previous_of(workbook: Path) -> list[Path]:
    """The workbooks that were replaced, and those that stood in for an open one, by when they were
    saved: the oldest first."""
    kept = (workbook.parent / FOLDER).glob(f"{workbook.stem}.*.xlsx")
    return sorted(kept, key=lambda path: path.stat().st_mtime)


def keep_replaced(workbook: Path, tz: tzinfo | None) -> None:
    """Keep a copy of what is about to be replaced, for the owner only; the last five stay."""
    if not workbook.is_file():
        return
    folder = workbook.parent / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    saved = datetime.fromtimestamp(workbook.stat().st_mtime, tz)
    kept = folder / f"{workbook.stem}.{saved:%Y%m%d-%H%M%S-%f}.xlsx"
    shutil.copy2(workbook, kept)
    kept.chmod(0o600)
    for path in previous_of(workbook)[:-KEPT]:
        path.unlink()


def put_away_new(workbook: Path, tz: tzinfo | None) -> None:
    """Once ``workbook`` is replaced, the one that stood in for it is among the previous ones, if
    nobody has it open."""
    new = new_of(workbook)
    with suppress(PreviousOpen):
        ensure_closed(new)
        keep_replaced(new, tz)
        new.unlink(missing_ok=True)


def not_read_yet(workbook: Path, copies: Iterable[Path]) -> list[Path]:
    """Those of ``copies`` that were saved since they were last read, or put in place."""
    known = _known(workbook)
    return [path for path in copies if known.get(path.name) != state(path)]


def remember_read(workbook: Path, path: Path, saved: str) -> None:
    """Note that ``path`` was read, or put in place, in the state ``saved`` (``previous.state``): an
    old copy must not undo a newer note."""
    known = _known(workbook)
    if known.get(path.name) != saved:
        folder = workbook.parent / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        write_private(folder / _READ, json.dumps({**known, path.name: saved}))


def _known(workbook: Path) -> dict[str, str]:
    with suppress(UsageError, ValueError):
        known = json.loads(read_bounded(workbook.parent / FOLDER / _READ, MEGABYTE))
        return known if isinstance(known, dict) else {}
    return {}
