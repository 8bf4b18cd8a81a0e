"""The workbook that a new one is to replace: open or not, changed since or not."""

from __future__ import annotations

from datetime import timezone
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl.packaging.core import DocumentProperties
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import fromstring

from avito_scrapy.errors import UsageError


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
