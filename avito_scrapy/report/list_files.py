"""Tables out of the files that people keep lists in: workbooks, CSV, HTML, XML."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO
from zipfile import BadZipFile, ZipFile, is_zipfile

import openpyxl
import python_calamine
from lxml import etree, html
from openpyxl.utils import column_index_from_string

from avito_scrapy.files import MEGABYTE, open_regular

LARGEST_FILE = 200 * MEGABYTE
LARGEST_UNPACKED = 1024 * MEGABYTE
MOST_CELLS = 20_000_000
"""Of one sheet, empty ones between its corners included: its reader keeps room for all of them."""
ENDINGS = (
    ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".htm", ".html", ".xml",
)  # fmt: skip

Row = Sequence[Any]
Table = tuple[str, Iterator[Row]]

# Python's own bound, 131,072 characters a field, would leave a list unread for one long comment.
csv.field_size_limit(LARGEST_FILE)
_BOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_SEPARATORS = ";\t,|"
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LONGEST_FIELD_LINES = 10
_SAMPLE = MEGABYTE
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >]")
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_NAME = f"{{{_SPREADSHEET}}}Name"
_WIDEST_SPAN = 100


class NotRead(Exception):
    """A file that is not read; its text is a key of the report's texts, without its ``list.``."""


@contextmanager
def open_tables(path: Path) -> Iterator[Iterable[Table]]:
    """Give the sheets of a workbook, or the tables of another file, as (title, rows).

    What a file is, is seen from its first bytes: many a .xls is a page or a text. A workbook is
    read with calamine, a text with the encoding and the separator that it is written with. Rows
    are read as they are taken, and what breaks a reader is raised then.

    Raises:
        NotRead: why not.
        UnreadableFile: ``path`` is no regular file, is too large, or cannot be opened.
    """
    with open_regular(path, LARGEST_FILE) as file:
        begin = file.read(_SAMPLE)
        file.seek(0)
        if begin.startswith(_BOOK_MARKS):
            _check_unpacked(file)
            file.seek(0)
            with python_calamine.load_workbook(file) as book:
                yield [
                    (sheet.name, _sheet(book, sheet.name))
                    for sheet in book.sheets_metadata
                    if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
                ]
            return
        encoding = _encoding(begin)
        text = codecs.getincrementaldecoder(encoding)("replace").decode(begin)
        if "\0" in text or text.startswith("%PDF") or path.suffix.lower() not in ENDINGS:
            raise NotRead("unknown")
        if text.lstrip("\ufeff \t\r\n").startswith("<"):
            yield _page(file.read(), encoding.removesuffix("-sig"))
        else:
            with io.TextIOWrapper(file, encoding, "replace", newline="") as lines:
                yield [("", _text(lines, text))]


def formulas_without_result(path: Path, columns: Mapping[str, Sequence[int]]) -> int:
    """Count the cells of a workbook whose formula has no result kept in the file.

    Args:
        columns: to look at, by sheet.
    """
    if not is_zipfile(path):
        return 0
    with ZipFile(path) as archive:
        if not any(_FORMULA.search(block) for sheet in _sheets(archive) for block in sheet):
            return 0
    with path.open("rb") as file:
        values = openpyxl.load_workbook(file, read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(file, read_only=True)
        return sum(
            row[n].data_type == "f" and value[n].value is None
            for title, places in columns.items()
            for row, value in zip(
                formulas[title].iter_rows(), values[title].iter_rows(), strict=False
            )
            for n in places
            if n < len(row) and n < len(value)
        )


def _sheet(book: python_calamine.CalamineWorkbook, name: str) -> Iterator[Row]:
    sheet = book.get_sheet_by_name(name)
    # Empty rows at the top are given, empty columns at the left are not.
    left = [""] * (sheet.start[1] if sheet.start else 0)
    yield from ([*left, *row] for row in sheet.iter_rows())


def _check_unpacked(file: BinaryIO) -> None:
    """Refuse what would take all memory: an archive that swells, a cell far away from the others.

    calamine keeps room for every cell between the corners of a sheet, and a program that gets no
    memory ends at once.
    """
    try:
        with ZipFile(file) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise NotRead("large")
            for sheet in _sheets(archive):
                _check_corner(sheet)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error):
        return  # no archive, or a damaged one: its reader says so


def _check_corner(sheet: Iterable[bytes]) -> None:
    right, bottom = (1, b"A"), 1
    for block in sheet:
        for column, row in _CELL.findall(block):
            right = max(right, (len(column), column))
            bottom = max(bottom, int(row))
        if column_index_from_string(right[1].decode()) * bottom > MOST_CELLS:
            raise NotRead("wide")


def _sheets(archive: ZipFile) -> Iterator[Iterator[bytes]]:
    """The bytes of each sheet in blocks that overlap, so that a cell stands whole in one."""
    for part in archive.infolist():
        if _SHEET.fullmatch(part.filename):
            with archive.open(part) as sheet:
                yield _blocks(sheet)


def _blocks(sheet: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while block := sheet.read(MEGABYTE):
        yield rest + block
        rest = block[-200:]


def _encoding(begin: bytes) -> str:
    if begin.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Of digits, blanks and separators every second byte is NUL.
    if begin[1:200:2].count(0) > 10 or begin[1:20:2].count(0) > 4:
        return "utf-16-le"
    if begin[:200:2].count(0) > 10 or begin[:20:2].count(0) > 4:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begin)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def _text(lines: io.TextIOWrapper, begin: str) -> Iterator[Row]:
    begin = begin.lstrip("\ufeff")
    named = _SEPARATOR_LINE.match(begin)
    separator = named[1] if named else _separator(begin.splitlines()[:100])
    # A quote that is never closed would take the lines after it for one field.
    quoted = '"' in begin and not _swallows(begin, separator)
    rows = csv.reader(
        lines,
        delimiter=separator,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        quotechar='"' if quoted else None,
    )
    for row in rows:
        yield row
        # Behind the part that is looked at first: what was swallowed is read all the same.
        for field in filter(_is_swallowed, row):
            lost = field.splitlines()[1:]
            yield from csv.reader(lost, delimiter=separator, quoting=csv.QUOTE_NONE, quotechar=None)


def _separator(lines: Sequence[str]) -> str:
    """The separator that most lines have equally often, the earlier of ``_SEPARATORS`` first."""

    def agreeing(separator: str) -> int:
        counts = [line.count(separator) for line in lines if line.strip()]
        return max((counts.count(count) for count in set(counts) if count), default=0)

    return max(_SEPARATORS, key=agreeing)


def _swallows(begin: str, separator: str) -> bool:
    try:
        rows = csv.reader(io.StringIO(begin, newline=""), delimiter=separator)
        return any(_is_swallowed(field) for row in rows for field in row)
    except csv.Error:
        return True


def _is_swallowed(field: str) -> bool:
    """Whether lines of the list stand in ``field``, because a quote before them is not closed."""
    return max(field.count("\n"), field.count("\r")) > _LONGEST_FIELD_LINES


def _page(content: bytes, encoding: str) -> Iterable[Table]:
    if _SPREADSHEET.encode() in content[:_SAMPLE]:
        book = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
        sheets = book.iter(f"{{{_SPREADSHEET}}}Worksheet")
        return [(sheet.get(_NAME, ""), _xml_rows(sheet)) for sheet in sheets]
    page = html.fromstring(content, parser=html.HTMLParser(encoding=encoding, no_network=True))
    tables = [table for table in page.iter("table") if table.find(".//table") is None]
    if not tables:
        raise NotRead("unknown")
    return [("", map(_html_row, table.iter("tr"))) for table in tables]


def _html_row(row: Any) -> Row:
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        span = cell.get("colspan", "1")
        text = " ".join(" ".join(cell.itertext()).split())
        cells.append(text)
        if span.isascii() and span.isdigit() and len(span) < 4:
            cells.extend([""] * min(int(span) - 1, _WIDEST_SPAN))
    return cells


def _xml_rows(sheet: Any) -> Iterator[Row]:
    number = 0
    for row in sheet.iter(f"{{{_SPREADSHEET}}}Row"):
        wanted = _index(row, number + 1)
        yield from ([] for _ in range(min(wanted, number + MOST_CELLS // 1000) - number - 1))
        number = wanted
        cells: list[str] = []
        for cell in row.iterchildren(f"{{{_SPREADSHEET}}}Cell"):
            place = min(_index(cell, len(cells) + 1), len(cells) + _WIDEST_SPAN)
            cells.extend([""] * (place - len(cells) - 1))
            cells.append(" ".join(" ".join(cell.itertext()).split()))
        yield cells


def _index(element: Any, otherwise: int) -> int:
    text = element.get(f"{{{_SPREADSHEET}}}Index", "")
    return max(int(text), otherwise) if re.fullmatch(r"[0-9]{1,7}", text) else otherwise
