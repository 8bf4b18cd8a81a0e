"""The workbook that a new one is to replace, and those beside it: recruiters' copies, the new one
of an open file, those that were put aside, the last ones that were replaced."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timezone, tzinfo
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl.packaging.core import DocumentProperties
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import fromstring

from avito_scrapy.errors import UsageError
from avito_scrapy.files import MEGABYTE, read_bounded, write_private

KEPT = 5
"""How many replaced workbooks are kept."""
_FOLDER = "previous"
_READ = "read.json"
# What follows the workbook's name in those of others.
_ASIDE = ".previous-"
_UNCLEAR = f"{_ASIDE}unclear"


class PreviousOpen(UsageError):
    """The previous workbook is open in another program, or was saved meanwhile."""


class PreviousDamaged(UsageError):
    """The previous workbook cannot be read, or has not the columns it was written with."""


def ensure_closed(path: Path) -> None:
    """Raise PreviousOpen when another program has the workbook open.

    Told by the lock files of LibreOffice (``.~lock.NAME#``) and Excel (``~$NAME``), and on Windows
    by the system.
    """
    for lock in (path.with_name(f".~lock.{path.name}#"), path.with_name(f"~${path.name}")):
        if lock.exists():
            raise PreviousOpen(f"{path.name} is open in another program ({lock.name} is there)")
    if path.exists() and not path.is_file():  # to open a pipe would wait for ever
        raise PreviousOpen(f"{path.name} is no file")
    try:
        with path.open("r+b"):
            pass
    except FileNotFoundError:
        return
    except PermissionError:
        raise PreviousOpen(f"{path.name} is open in another program or is read-only") from None


def state(path: Path) -> str:
    """Tells one state of a file from the next; empty when it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return ""
    return f"{found.st_mtime_ns}-{found.st_size}"


def ensure_unchanged(path: Path, new: Path) -> None:
    """Raise PreviousOpen when ``path`` is open, or not as it was when its notes were taken over
    into the workbook ``new`` (``ReportOptions.basis``)."""
    ensure_closed(path)
    now = state(path)
    known = _properties(new)
    if now and now != (known and known.identifier):
        raise PreviousOpen(f"{path.name} was saved while the new one was being written")


def begun_at(path: Path) -> float:
    """When this tool began to write the workbook (Unix seconds, whole), whoever saved it since; 0
    if unknown."""
    known = _properties(path)
    return known.created.replace(tzinfo=timezone.utc).timestamp() if known and known.created else 0


def has_additions(path: Path) -> bool:
    """Whether columns or sheets of a person's own were carried over into the workbook ``path``, or
    that cannot be told."""
    known = _properties(path)
    return known is None or bool(known.category)


def _properties(path: Path) -> DocumentProperties | None:
    if not path.is_file():
        return None
    try:
        # Not with openpyxl's reader: it looks through every sheet first.
        with ZipFile(path) as archive:
            core: Any = fromstring(archive.read(ARC_CORE))
            return DocumentProperties.from_tree(core)
    except Exception:  # not there, damaged, not ours
        return None


def new_of(workbook: Path) -> Path:
    """Where the new workbook goes while ``workbook`` is open or damaged."""
    return workbook.with_name(f"{workbook.stem}.new.xlsx")


def copies_of(workbook: Path) -> list[Path]:
    """Recruiters' copies, as «resumes (Мария).xlsx» or «resumes — копия.xlsx»."""
    return _beside(workbook, " ")


def kept_unclear(workbook: Path) -> list[Path]:
    """Copies of those with rows that could be given to nobody: what could be read of them was."""
    return _beside(workbook, _UNCLEAR)


def put_aside(workbook: Path) -> list[Path]:
    """Those that earlier versions put aside, as they were open or damaged."""
    unclear = kept_unclear(workbook)
    return [path for path in _beside(workbook, _ASIDE) if path not in unclear]


def _beside(workbook: Path, after: str) -> list[Path]:
    return sorted(
        path
        for path in workbook.parent.glob("*.xlsx")
        if path.name.startswith(f"{workbook.stem}{after}")
    )


def beside_to_read(workbook: Path) -> list[Path]:
    """What may hold notes that neither the store nor ``workbook`` has."""
    begun = begun_at(workbook)
    aside = [path for path in put_aside(workbook) if int(path.stat().st_mtime) >= begun]
    return [*aside, *not_read_yet(workbook, copies_of(workbook)), new_of(workbook)]


def as_saved(paths: Iterable[Path]) -> list[Path]:
    """Those that are there, in the order in which they were saved: the later note counts."""
    there = dict.fromkeys(path for path in paths if path.exists())
    return sorted(there, key=lambda path: path.stat().st_mtime)


def previous_of(workbook: Path) -> list[Path]:
    """The workbooks that were replaced, and those that stood in for an open one, by when they were
    saved: the oldest first."""
    return as_saved((workbook.parent / _FOLDER).glob(f"{workbook.stem}.*.xlsx"))


def keep_beside(path: Path, tz: tzinfo, workbook: Path) -> Path:
    """Keep a copy of ``path``, whose unclear rows are nowhere else, beside ``workbook``."""
    return _copy(path, workbook.with_name(f"{workbook.stem}{_UNCLEAR}"), tz, "%Y%m%d-%H%M%S")


def keep_replaced(workbook: Path, tz: tzinfo | None) -> None:
    """Keep a copy of what is about to be replaced; the last five stay."""
    if workbook.is_file():
        _copy(workbook, _folder(workbook) / workbook.stem, tz, "%Y%m%d-%H%M%S-%f")
        for path in previous_of(workbook)[:-KEPT]:
            path.unlink()


def _copy(workbook: Path, name: Path, tz: tzinfo | None, form: str) -> Path:
    """Copy ``workbook``, for the owner only, to ``name`` and when it was saved."""
    saved = datetime.fromtimestamp(workbook.stat().st_mtime, tz)
    kept = name.with_name(f"{name.name}.{saved:{form}}.xlsx")
    shutil.copy2(workbook, kept)
    kept.chmod(0o600)
    return kept


def _folder(workbook: Path) -> Path:
    folder = workbook.parent / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


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
    """Note that ``path`` was read, or put in place, when its state was ``saved``: an old copy must
    not undo a newer note."""
    known = _known(workbook)
    if known.get(path.name) != saved:
        write_private(_folder(workbook) / _READ, json.dumps({**known, path.name: saved}))


def _known(workbook: Path) -> dict[str, str]:
    with suppress(UsageError, ValueError):
        # Not with read_json: a name that is no UTF-8 would come back as another.
        known = json.loads(read_bounded(workbook.parent / _FOLDER / _READ, MEGABYTE))
        return known if isinstance(known, dict) else {}
    return {}
