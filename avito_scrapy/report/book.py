"""The file: several sheets, one after the other, and a finished workbook or none."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast
from zipfile import ZIP_DEFLATED, ZipFile

from lxml.etree import SerialisationError
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from avito_scrapy.report.sheet import Column, Sheet

# The fastest: a tenth more bytes for a third of the time.
_COMPRESSION = 1


class Book:
    """A workbook being written.

    ``active`` is the title of the sheet that is shown when the file is opened; ``now`` is when it
    was begun and ``basis`` what of (``ReportOptions``). ``additions`` tells later whether columns
    or sheets of a person's own are in it (``previous.has_additions``).
    """

    def __init__(self, active: str, now: datetime, basis: str, *, additions: bool = False) -> None:
        self._active = active
        self._last: Sheet | None = None
        self._book = Workbook(write_only=True)
        properties = self._book.properties
        properties.creator = "avito_scrapy"
        began = now.astimezone(timezone.utc).replace(tzinfo=None)
        properties.created = properties.modified = began
        properties.identifier = basis or None
        properties.category = "additions" if additions else None

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *error: object) -> None:
        # A sheet that is not closed is when it is collected, and then complains of a full disk.
        # The first call ends its rows, the second the sheet.
        for _ in ("rows", "sheet"):
            with suppress(Exception):
                if self._last is not None:
                    self._last.close()

    def open(self, title: str, columns: Sequence[Column[Any]]) -> Sheet:
        """Begin a sheet, to be closed before the next one."""
        # Write-only sheets have what is used here of a Worksheet.
        sheet = cast(Worksheet, self._book.create_sheet(title))
        sheet.sheet_view.tabSelected = title == self._active
        self._last = Sheet(sheet, columns)
        return self._last

    def save(self, path: Path) -> None:
        """Put the sheets into the file ``path``."""
        self._book.active = self._book.sheetnames.index(self._active)
        with path.open("wb") as file:
            archive = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION)
            ExcelWriter(self._book, archive).save()
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def draft_for(path: Path) -> Iterator[Path]:
    """A file to write that becomes ``path`` when the block ends well, and leaves nothing when not.

    It stands in a folder beside ``path`` that is its owner's only, as do the temporary files of
    the block: openpyxl keeps each sheet in one until the workbook is saved.

    Raises:
        OSError: there is no place left, or no right to write.
    """
    prefix, suffix = f".{path.name}.", ".partial.tmp"
    for left in path.parent.glob(f"{glob.escape(prefix)}*{suffix}"):
        remove(left)  # by a run that was killed
    folder = Path(tempfile.mkdtemp(prefix=prefix, suffix=suffix, dir=path.parent))
    usual = tempfile.tempdir
    try:
        tempfile.tempdir = str(folder)
        draft = folder / path.name
        draft.touch(0o600)
        yield draft
        os.replace(draft, path)
    except SerialisationError as error:
        # libxml2 tells no more than IO_ENOSPC or IO_WRITE.
        code = getattr(errno, str(error.args[0]).removeprefix("IO_"), errno.EIO)
        raise OSError(code, errno.errorcode[code]) from None
    finally:
        tempfile.tempdir = usual
        remove(folder)


def remove(draft: Path) -> None:
    """Remove what a run left that was writing a workbook: a folder, in 0.1.0 a file."""
    if draft.is_dir() and not draft.is_symlink():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)
