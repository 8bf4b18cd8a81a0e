"""Lists of people not to be called: one .xlsx, or every .xlsx of a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from avito_scrapy.avito.phones import normalise
from avito_scrapy.report.texts import LANGUAGES

# A heading may have a title and remarks above it.
HEADING_ROWS = 20
_PHONE = re.compile(r"телефон|\bтел\b|\bмоб|phone|mobile|\btel\b", re.IGNORECASE)
_NUMBER = re.compile(r"номер|number", re.IGNORECASE)
_OTHER_NUMBER = re.compile(r"п\s*/?\s*п|паспорт|договор|заказ|инн|снилс|order", re.IGNORECASE)
_NAME = re.compile(r"фио|ф\.\s*и\.\s*о|имя|фамилия|кандидат|name|candidate", re.IGNORECASE)
_COMMENT = re.compile(r"коммент|примеч|причин|заметк|comment|remark|note|reason", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;/|\n]+")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Entry:
    """A line of a stop list: where it stands (``row`` from 1) and what it says."""

    file: str
    sheet: str
    row: int
    name: str | None
    comment: str | None


@dataclass
class ListFile:
    """One file: how many phones it gave, lines without one, or why it was not read.

    ``problem`` is a key of the texts (``list.…``).
    """

    name: str
    phones: int = 0
    skipped: int = 0
    problem: str | None = None


@dataclass
class StopLists:
    """All lists: phone (E.164) to its first entry, and the files in their order."""

    entries: dict[str, Entry] = field(default_factory=dict)
    files: list[ListFile] = field(default_factory=list)

    def find(self, phones: Iterable[str]) -> Entry | None:
        """The entry of the first of ``phones`` that is on a list."""
        return next((self.entries[phone] for phone in phones if phone in self.entries), None)


def read_stop_lists(path: Path | None) -> StopLists:
    """Read the .xlsx at ``path``, or every one in the folder and its folders.

    A file that cannot be read stands among ``files`` with its problem; nothing is raised.
    """
    lists = StopLists()
    for file, name in _files(path, lists):
        report = ListFile(name)
        lists.files.append(report)
        try:
            _read(file, report, lists.entries)
        except PermissionError:
            report.problem = "list.denied"
        except FileNotFoundError:
            report.problem = "list.missing"
        except Exception:  # whatever a broken file does to its reader, the others are read
            report.problem = "list.damaged"
    return lists


def _files(path: Path | None, lists: StopLists) -> Iterator[tuple[Path, str]]:
    if path is None:
        return
    if not path.is_dir():
        yield path, path.name
        return
    found = sorted(
        one
        for one in path.rglob("*")
        if one.suffix.lower() == ".xlsx" and not one.name.startswith(("~$", ".~lock"))
    )
    if not found:
        lists.files.append(ListFile(path.name, problem="list.empty"))
    for one in found:
        yield one, str(one.relative_to(path))


def _read(file: Path, report: ListFile, entries: dict[str, Entry]) -> None:
    with file.open("rb") as opened:
        book = openpyxl.load_workbook(opened, read_only=True, data_only=True)
        if _is_ours(book):
            report.problem = "list.own"
            return
        headed = False
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            columns: Mapping[str, Sequence[int]] = {}
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                if columns:
                    _take(row, columns, Entry(report.name, sheet.title, number, None, None),
                          report, entries)  # fmt: skip
                elif number > HEADING_ROWS:
                    break
                else:
                    columns = _heading(row)
            headed = headed or bool(columns)
        if not headed:
            report.problem = "list.no_column"


def _is_ours(book: openpyxl.Workbook) -> bool:
    """A workbook of this tool lists whom to call: whoever keeps it beside the stop lists does not
    mean everybody in it."""
    own = [{words["sheet.people"], words["sheet.summary"]} for words in LANGUAGES.values()]
    return any(names <= set(book.sheetnames) for names in own)


def _heading(row: Row) -> Mapping[str, Sequence[int]]:
    """Where phones, names and comments stand, if ``row`` is the heading."""
    texts = [cell if isinstance(cell, str) else "" for cell in row]

    def where(pattern: re.Pattern[str]) -> list[int]:
        # a sentence with the word in it is no heading
        return [n for n, text in enumerate(texts) if len(text) <= 60 and pattern.search(text)]

    numbers = [n for n in where(_NUMBER) if not _OTHER_NUMBER.search(texts[n])]
    phones = where(_PHONE) or numbers
    if not phones or any(normalise(text) for text in texts):
        return {}
    return {
        "phone": phones,
        "name": [n for n in where(_NAME) if n not in phones],
        "comment": [n for n in where(_COMMENT) if n not in phones],
    }


def _take(
    row: Row,
    columns: Mapping[str, Sequence[int]],
    at: Entry,
    report: ListFile,
    entries: dict[str, Entry],
) -> None:
    values = {key: [row[n] for n in places if n < len(row)] for key, places in columns.items()}
    if all(value is None for value in row):
        return
    phones = {phone for value in values["phone"] for phone in _phones(value)}
    if not phones:
        report.skipped += 1
    name, comment = (
        " ".join(str(value) for value in values[key] if value is not None) or None
        for key in ("name", "comment")
    )
    for phone in phones:
        report.phones += 1
        entries.setdefault(phone, Entry(at.file, at.sheet, at.row, name, comment))


def _phones(value: object) -> Iterator[str]:
    whole = normalise(value)
    if whole:
        yield whole
    elif isinstance(value, str):
        yield from filter(None, (normalise(part) for part in _BETWEEN.split(value)))
