"""One sheet of the workbook, written row by row into the archive.

openpyxl writes everything about a sheet but its rows (views, widths, filter, lists, charts); the
rows and the links pass through here as they come, so that neither their number nor the length of
their texts is held in memory. openpyxl's own write-only mode keeps every link, which for a sheet
full of them is more memory than all the rest, and leaves a temporary file when it is killed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO, Any, Generic, NamedTuple, TypeVar
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile, ZipInfo

from openpyxl.packaging.relationship import RelationshipList, get_rels_path
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import Element

from avito_scrapy.report.cells import empty_cell, number_cell, serial, text_cell, visible
from avito_scrapy.report.style import Kind, Styles

# "Excel specifications and limits": hyperlinks in a worksheet. A file with more is refused.
MAX_LINKS = 65_530
_ROWS = b"<sheetData/>"
_LINKS = b"<hyperlinks/>"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PKG_REL = "http://schemas.openxmlformats.org/package/2006/relationships"


class Link(NamedTuple):
    """A cell that leads somewhere: ``label`` is shown, ``url`` opened."""

    url: str
    label: str


class Styled(NamedTuple):
    """A value with a format of its own instead of its column's."""

    value: str | float | datetime | None
    style: int


Value = str | int | float | datetime | Link | Styled | None


Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column.

    Attributes:
        key: names its heading in the texts (``col.KEY``).
        width: in characters.
        kind: how its cells look.
        value: gives the cell of a row.
    """

    key: str
    width: float
    kind: Kind
    value: Callable[[Row], Value]
    hidden: bool = False

    @property
    def own(self) -> bool:
        """Whether the recruiter fills it in."""
        return self.kind.startswith("own")


class _Frame(WorksheetWriter):
    """openpyxl's writer, with places left open for rows and links."""

    def write_dimensions(self) -> None:
        """Nothing: the size is not known before the rows are through."""

    def write_hyperlinks(self) -> None:
        """Leave the place where the links go."""
        self.xf.send(Element("hyperlinks"))

    def write_breaks(self) -> None:
        """Add that phones and ids are texts on purpose: no warning triangles in their corners."""
        super().write_breaks()
        ignored = Element("ignoredErrors")
        rule = Element("ignoredError", sqref="A1:XFD1048576", numberStoredAsText="1")
        ignored.append(rule)
        self.xf.send(ignored)


def _frame(sheet: Worksheet) -> tuple[bytes, bytes, bytes, RelationshipList]:
    out = BytesIO()
    writer = _Frame(sheet, out)
    writer.write()
    xml = out.getvalue().replace(b"<sheetData></sheetData>", _ROWS)
    xml = xml.replace(b"<hyperlinks></hyperlinks>", _LINKS)
    head, tail = xml.split(_ROWS)
    before, after = tail.split(_LINKS)
    return head, before, after, writer._rels  # type: ignore[attr-defined]


class Sheet:
    """An open sheet: rows in, XML out. Only one of a workbook is open at a time.

    Args:
        sheet: openpyxl's sheet, whose settings up to the column widths are final.
        archive: the workbook's archive.
        columns: kinds decide the format of each cell.
        size_hint: bytes the sheet may take; over 2 GiB the archive needs a longer header.
    """

    def __init__(
        self,
        sheet: Worksheet,
        archive: ZipFile,
        columns: Sequence[Column[Any]],
        styles: Styles,
        size_hint: int,
    ) -> None:
        self.sheet = sheet
        self.rows = 0
        self.links = 0
        self._archive = archive
        self._formats = [
            (get_column_letter(number), styles.by_kind[column.kind])
            for number, column in enumerate(columns, 1)
        ]
        part = ZipInfo(sheet.path[1:])
        part.compress_type = archive.compression
        part.file_size = size_hint
        self._out: IO[bytes] = archive.open(part, "w")
        self._out.write(_frame(sheet)[0] + b"<sheetData>")
        self._refs: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._targets: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    def append(self, values: Sequence[Value], height: float | None = None) -> None:
        """Write one row, ``values`` in the order of the columns; ``height`` in points."""
        self.rows += 1
        number = self.rows
        tall = f' ht="{height}" customHeight="1"' if height else ""
        parts = [f'<row r="{number}"{tall}>']
        # A row of «Сводка» may be shorter; all others are made by the columns themselves.
        for (letter, style), value in zip(self._formats, values, strict=False):
            if value is None:
                parts.append(empty_cell(f"{letter}{number}", style))
            elif type(value) is str:
                parts.append(text_cell(f"{letter}{number}", style, value))
            else:
                parts.append(self._other(f"{letter}{number}", style, value))
        parts.append("</row>")
        self._out.write("".join(parts).encode())

    def _other(self, place: str, style: int, value: Value) -> str:
        if isinstance(value, Styled):
            style, value = value.style, value.value
        if isinstance(value, Link):
            return text_cell(place, style, self._link(place, value))
        if isinstance(value, datetime):
            return number_cell(place, style, serial(value))
        if isinstance(value, (int, float)):
            return number_cell(place, style, value)
        return text_cell(place, style, value) if value is not None else empty_cell(place, style)

    def _link(self, place: str, link: Link) -> str:
        """Keep a link; gives the text of its cell, the address itself when there is no place."""
        if self.links >= MAX_LINKS:
            return link.url
        self.links += 1
        self._refs.write(f'<hyperlink ref="{place}" r:id="L{self.links}"/>'.encode())
        target = quoteattr(visible(link.url))
        self._targets.write(
            f'<Relationship Id="L{self.links}" Type="{_REL}/hyperlink" Target={target}'
            ' TargetMode="External"/>'.encode()
        )
        return link.label

    def close(self, finish: Callable[[Worksheet, int], None]) -> RelationshipList:
        """End the sheet.

        ``finish(sheet, rows)`` may still set what stands after the rows: filter, lists, charts.
        Returns openpyxl's own relations of the sheet (its charts).
        """
        finish(self.sheet, self.rows)
        _, before, after, relations = _frame(self.sheet)
        self._out.write(b"</sheetData>" + before)
        if self.links:
            self._out.write(f'<hyperlinks xmlns:r="{_REL}">'.encode())
            self._copy(self._refs, self._out)
            self._out.write(b"</hyperlinks>")
        self._out.write(after)
        self._out.close()
        if self.links:
            if len(relations):
                raise ValueError("a sheet has links or charts, not both")
            path = str(get_rels_path(self.sheet.path)[1:])  # type: ignore[no-untyped-call]
            with self._archive.open(path, "w") as out:
                out.write(f'<Relationships xmlns="{_PKG_REL}">'.encode())
                self._copy(self._targets, out)
                out.write(b"</Relationships>")
        self.abort()
        return relations

    def abort(self) -> None:
        """Let go of the files; the sheet stays as it is, whole or not."""
        with suppress(OSError):
            self._out.close()
        self._refs.close()
        self._targets.close()

    @staticmethod
    def _copy(source: IO[bytes], target: IO[bytes]) -> None:
        source.seek(0)
        shutil.copyfileobj(source, target)
