"""Options of a report, and its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from avito_scrapy.report.call_outcomes import CallOutcomes, default_outcomes
from avito_scrapy.report.texts import Lang

# "Excel specifications and limits": rows in a worksheet.
MAX_ROWS = 1_048_576


@dataclass(frozen=True, kw_only=True)
class ReportOptions:
    """How to write a workbook.

    Attributes:
        tz: the zone all times are shown in.
        now: the moment of the report, with its zone: who waits how long is counted up to it.
        lang: the language of headings and words.
        stoplist: a file or a folder of them with people not to be called; or several.
        outcomes: of calls, and what each does to the call list.
        web_url: where links to chats begin when a chat has none of its own.
        account: whose workbook it is, for «Сводка».
        joint: whether it is of several accounts (``records.AccountRecord``).
        unread: those of them that could not be read.
        inputs: how many chats the run was given; None when that is not known.
        max_rows: rows a sheet may have, its heading among them.
        basis: the state of the earlier workbook whose notes are in this one; kept among the
            properties of the file (``report.previous``).
    """

    tz: ZoneInfo
    now: datetime
    lang: Lang = "ru"
    stoplist: Path | Sequence[Path] | None = None
    outcomes: CallOutcomes = field(default_factory=default_outcomes)
    web_url: str = "https://www.avito.ru"
    account: str = ""
    joint: bool = False
    unread: Sequence[str] = ()
    inputs: int | None = None
    max_rows: int = MAX_ROWS
    basis: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportSummary:
    """What was written.

    Attributes:
        chats: how many records there were.
        people: rows of «Кандидаты».
        problems: stop lists that could not be read, a line each, without anybody's data.
    """

    chats: int
    people: int
    problems: tuple[str, ...] = ()
