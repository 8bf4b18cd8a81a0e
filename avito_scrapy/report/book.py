"""The file: several sheets, one after the other, and a finished workbook or none."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import RelationshipList
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from avito_scrapy.report.sheet import Column, Sheet
from avito_scrapy.report.style import Styles

# What a cell takes in the file besides its text, roughly.
_CELL_BYTES = 150


class _Writer(ExcelWriter):
    """openpyxl's writer of everything but the sheets, which are in the archive already."""

    def __init__(
        self, book: Workbook, archive: ZipFile, relations: dict[str, RelationshipList]
    ) -> None:
        super().__init__(book, archive)
        self._relations = relations

    def write_worksheet(self, ws: Worksheet) -> None:
        """Register a sheet that was written before."""
        drawing = SpreadsheetDrawing()
        drawing.charts = ws._charts  # type: ignore[attr-defined]
        drawing.images = []
        ws._drawing = drawing  # type: ignore[attr-defined]
        ws._rels = self._relations[ws.title]  # type: ignore[attr-defined]
        self.manifest.append(ws)


class Book:
    """A workbook being written into ``archive``.

    ``active`` is the title of the sheet that is shown when the file is opened; ``now`` is when it
    was begun and ``basis`` what of (``ReportOptions``).
    """

    def __init__(self, archive: ZipFile, active: str, now: datetime, basis: str) -> None:
        self._archive = archive
        self._now = now.astimezone(timezone.utc).replace(tzinfo=None)
        self._basis = basis
        self._active = active
        self._book = Workbook()
        self.styles = Styles(self._book)
        self._book.remove(self._book.worksheets[0])
        self._relations: dict[str, RelationshipList] = {}
        self._open: Sheet | None = None

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *error: object) -> None:
        # An archive cannot be closed, not even given up, while a part of it is open.
        if self._open is not None:
            self._open.abort()

    def open(
        self,
        title: str,
        columns: Sequence[Column[Any]],
        setup: Callable[[Worksheet], None],
        rows: int,
        texts: int = 0,
    ) -> Sheet:
        """Begin a sheet.

        ``setup`` sets what stands before its rows; ``rows`` and ``texts`` (bytes) are rough
        numbers of what will come.
        """
        sheet = self._book.create_sheet(title)
        sheet._id = len(self._book.worksheets)
        for number, column in enumerate(columns, 1):
            letter = sheet.cell(1, number).column_letter
            sheet.column_dimensions[letter].width = column.width
            sheet.column_dimensions[letter].hidden = column.hidden
        sheet._cells.clear()
        sheet.sheet_view.tabSelected = title == self._active
        setup(sheet)
        size = rows * len(columns) * _CELL_BYTES + 2 * texts
        self._open = Sheet(sheet, self._archive, columns, self.styles, size)
        return self._open

    def close(self, sheet: Sheet, finish: Callable[[Worksheet, int], None]) -> None:
        """End a sheet; ``finish(sheet, rows)`` sets what stands after its rows."""
        self._relations[sheet.sheet.title] = sheet.close(finish)
        self._open = None

    def save(self) -> None:
        """Write what belongs to the whole workbook, and close the archive."""
        properties = self._book.properties
        properties.creator = "avito_scrapy"
        properties.created = properties.modified = self._now
        properties.identifier = self._basis or None
        self._book.active = self._book.sheetnames.index(self._active)
        _Writer(self._book, self._archive, self._relations).save()


@contextmanager
def archive_for(path: Path) -> Iterator[ZipFile]:
    """An archive that becomes ``path`` when the block ends well, and leaves nothing when not.

    It is written beside ``path``, for the owner only (0600), brought to the disk and then renamed.
    """
    prefix, suffix = f".{path.name}.", ".partial.tmp"
    for left in path.parent.glob(f"{glob.escape(prefix)}*{suffix}"):
        left.unlink(missing_ok=True)  # by a run that was killed
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=path.parent)
    try:
        with os.fdopen(handle, "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, allowZip64=True, compresslevel=5) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
