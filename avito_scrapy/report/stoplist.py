"""Stop lists: people not to be called, from one file or all files of a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from avito_scrapy.avito.phones import find_phones, is_rounded
from avito_scrapy.avito.text import whole_text
from avito_scrapy.errors import printable
from avito_scrapy.files import MEGABYTE, UnreadableFile
from avito_scrapy.report.list_columns import (
    HEADING_ROWS,
    Columns,
    cell_text,
    find_columns,
    is_heading,
)
from avito_scrapy.report.list_files import (
    LARGEST_FILE,
    NotRead,
    Row,
    formulas_without_result,
    open_tables,
)
from avito_scrapy.report.texts import LANGUAGES

MOST_ROWS = 2_000_000
"""Of all lists together; about half a minute."""
MOST_FILES = 1_000
_SAMPLE_ROWS = 500
# Of the scripts that this replaces, whose books hold lists of whom to call beside it.
_LIST_SHEET = "Стоплист_телефонов"
_OWN_FILES = re.compile(r"(chats|resumes)(\..+)?\.jl|health\.json")
# What programs and systems leave in a folder; "._" and a name is what macOS leaves of that file.
_NO_LISTS = re.compile(
    r"~\$.*|\._.*|\.~lock\..*|\.DS_Store|Thumbs\.db|desktop\.ini|\.env|\..*\.tmp", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a stop list: where it stands (``row`` from 1) and what it says."""

    file: str
    sheet: str
    row: int
    name: str | None
    comment: str | None


class Remark(NamedTuple):
    """Something to be said of a file: a key of the report's texts (``list.…``) and its values.

    ``unread`` tells that people on the list are not known because of it.
    """

    key: str
    values: Mapping[str, object]
    unread: bool


@dataclass
class ListFile:
    """One file: how many phones it gave, lines without one, what else is to be said of it."""

    name: str
    phones: int = 0
    skipped: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_own(self) -> bool:
        """Whether this tool has written it: it is no list."""
        return any(remark.key == "list.own" for remark in self.remarks)

    def remark(self, key: str, *, unread: bool = True, **values: object) -> None:
        """Add a remark."""
        self.remarks.append(Remark(f"list.{key}", values, unread))


@dataclass
class StopLists:
    """All lists: phone (E.164) to its first entry, and the files in their order."""

    entries: dict[str, Entry] = field(default_factory=dict)
    files: list[ListFile] = field(default_factory=list)

    @property
    def unread(self) -> list[tuple[str, Remark]]:
        """What was not read, and why: whoever is on it may be called by mistake."""
        return [(file.name, why) for file in self.files for why in file.remarks if why.unread]

    def find(self, phones: Iterable[str]) -> Entry | None:
        """The entry of the first of ``phones`` that is on a list."""
        return next((self.entries[phone] for phone in phones if phone in self.entries), None)


def read_stop_lists(
    given: Path | Sequence[Path] | None, wanted: Container[str] | None = None
) -> StopLists:
    """Read the lists ``given``; of a folder every file in it and in its folders.

    Args:
        given: a file or a folder, or several; None for no lists.
        wanted: only entries with one of these phones are kept; all are counted.

    Returns:
        The lists; a file that cannot be read has a remark, nothing is raised.
    """
    reader = _Reader(wanted)
    for path in [given] if isinstance(given, Path) else given or ():
        if path.is_dir():
            reader.folder(path)
        else:
            reader.file(path, path.name)
    return reader.lists


class _Reader:
    def __init__(self, wanted: Container[str] | None) -> None:
        self.lists = StopLists()
        self._wanted = wanted
        self._rows_left = MOST_ROWS

    def folder(self, folder: Path) -> None:
        """Read the files of a folder in the order of their names."""
        files = sorted(islice(_walk(folder, self._cannot_list), MOST_FILES + 1))
        for path in files[:MOST_FILES]:
            self.file(path, str(path.relative_to(folder)), explicit=False)
        if len(files) > MOST_FILES:
            self._new_file(folder.name).remark("many_files", n=MOST_FILES)
        elif all(file.is_own for file in self.lists.files):
            self._new_file(folder.name).remark("empty")

    def file(self, path: Path, name: str, *, explicit: bool = True) -> None:
        """Read a file; ``explicit``: the person has named it, so that it ought to be a list."""
        report = self._new_file(name)
        try:
            if not explicit and _OWN_FILES.fullmatch(path.name):
                raise NotRead("own")
            self._read(path, report)
        except NotRead as why:
            report.remark(str(why), unread=explicit or str(why) != "own")
        except UnreadableFile:
            if path.exists():
                report.remark("denied", mb=LARGEST_FILE // MEGABYTE)
            else:
                report.remark("missing")
        except BaseException as error:  # whatever a broken file does to its reader, others are read
            # calamine's PanicException is no Exception.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            report.remark("damaged")

    def _new_file(self, name: str) -> ListFile:
        self.lists.files.append(ListFile(printable(whole_text(name))))
        return self.lists.files[-1]

    def _cannot_list(self, error: OSError) -> None:
        self._new_file(Path(str(error.filename)).name).remark("no_folder")

    def _read(self, path: Path, report: ListFile) -> None:
        read: dict[str, Columns] = {}
        with open_tables(path) as found:
            tables = list(found)
            only = _only_sheet([title for title, _ in tables])
            for title, rows in tables:
                if only is None or title == only:
                    columns = self._read_table(title, rows, report)
                    if columns:
                        read[title] = columns
        if only is not None:
            report.remark("only", unread=False, sheet=only)
        if not read:
            raise NotRead("no_column")
        guessed = {get_column_letter(n + 1) for columns in read.values() for n in columns.guessed}
        if guessed:
            report.remark("column", unread=False, columns=", ".join(sorted(guessed)))
        # Not only where lines without a phone were seen: a row of such a cell alone looks empty.
        formulas = formulas_without_result(path, {title: read[title].phones for title in read})
        if formulas:
            report.remark("formulas", n=formulas)

    def _read_table(self, title: str, rows: Iterator[Row], report: ListFile) -> Columns | None:
        """Read a table and return the columns of its first part, None when it holds no phones."""
        begin = list(islice(rows, _SAMPLE_ROWS))
        heading = next((n for n, row in enumerate(begin[:HEADING_ROWS]) if is_heading(row)), None)
        first = columns = find_columns(begin, heading)
        if columns is None:
            return None
        rounded = 0
        for number, row in enumerate(chain(begin, rows), 1):
            if self._rows_left == 0:
                report.remark("many_rows", n=MOST_ROWS)
                break
            self._rows_left -= 1
            if heading is not None and number <= heading + 1:
                continue
            cells = [row[n] for n in columns.phones if n < len(row)]
            phones = dict.fromkeys(phone for cell in cells for phone in find_phones(cell))
            if phones:
                report.phones += len(phones)
                self._keep(phones, row, columns, (report.name, title, number))
            elif any(cell_text(cell) for cell in row):
                later = find_columns([row], 0) if is_heading(row, later=True) else None
                if later is not None:  # another table below the first
                    columns = later
                    continue
                rounded += any(is_rounded(cell) for cell in cells)
                report.skipped += 1
        if rounded:
            report.remark("rounded", n=rounded)
        return first

    def _keep(
        self, phones: Iterable[str], row: Row, columns: Columns, place: tuple[str, str, int]
    ) -> None:
        for phone in phones:
            wanted = self._wanted is None or phone in self._wanted
            if wanted and phone not in self.lists.entries:
                name, comment = (_said(row, at) for at in (columns.names, columns.comments))
                self.lists.entries[phone] = Entry(*place, name, comment)


def _said(row: Row, columns: Iterable[int]) -> str | None:
    cells = (cell_text(row[n]) for n in columns if n < len(row))
    return " ".join(filter(None, cells)) or None


def _walk(folder: Path, failed: Callable[[OSError], None]) -> Iterator[Path]:
    """The files of a folder and of those in it; links are followed, each folder is read once."""
    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, onerror=failed, followlinks=True):
        real = os.path.realpath(parent)
        # Hidden folders are those of programs: .git, .avito, .Trash-1000.
        folders[:] = [] if real in seen else [name for name in folders if not name.startswith(".")]
        if real not in seen:
            yield from (Path(parent, name) for name in names if not _NO_LISTS.fullmatch(name))
        seen.add(real)


def _only_sheet(names: Sequence[str]) -> str | None:
    """The one sheet of a results workbook that is a stop list; None when all sheets may be.

    Raises:
        NotRead: a results workbook without one. It lists whom to call: whoever keeps it beside
            the stop lists does not mean everybody in it.
    """
    if _LIST_SHEET in names:
        return _LIST_SHEET
    for words in LANGUAGES.values():
        own = {text for key, text in words.items() if key.startswith("sheet.")}
        if len(own.intersection(names)) > 1:
            raise NotRead("own")
    return None
