"""Made-up chats, a workbook of them, and the workbook read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.utils.escape import unescape

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.reasons import Reason
from avito_scrapy.report import ReportOptions, ReportSummary, write_workbook

NOW = datetime(2026, 1, 20, 12, 0, tzinfo=timezone.utc)
TZ = ZoneInfo("Europe/Moscow")
Row = dict[str, Any]


def ago(*, days: float = 0, hours: float = 0, minutes: float = 0) -> str:
    """A moment before NOW."""
    return (NOW - timedelta(days=days, hours=hours, minutes=minutes)).isoformat()


def chat(number: int, **fields: Any) -> ChatResume:
    """A chat with a resume, unless ``fields`` say otherwise."""
    known: dict[str, Any] = {
        "chat_id": f"u2i-{number:022d}",
        "chat_url": f"https://www.avito.ru/profile/messenger/channel/u2i-{number:022d}",
        "position": number,
        "outcome": "found",
        "match": "application",
        "resume_id": str(3_000_000_000 + number),
        "resume_url": f"https://www.avito.ru/moskva/rezume/{3_000_000_000 + number}",
        "full_name": f"Пробников Макет {chr(0x410 + number % 32)}ков",
        "phone": f"+7900{number:07d}",
        "item_title": "Курьер",
        "vacancy_id": 77,
        "last_message": "Здравствуйте",
        "last_message_at": ago(days=3, minutes=number),
        "last_message_direction": "in",
        "chat_status": "replied",
        "application_id": str(number),
    }
    if isinstance(fields.get("reason"), str):
        fields["reason"] = Reason("text", text=fields["reason"])
    return ChatResume(**{**known, **fields})


def mixed(count: int) -> list[ChatResume]:
    """Chats that wait for us and differ in everything a sheet can be sorted by.

    Every fifth person has no phone, every tenth is a namesake of another without one; two share
    a phone under different names; one has two chats.
    """
    chats = []
    for n in range(1, count + 1):
        fields: dict[str, Any] = {
            "chat_status": "awaits_us" if n % 3 else "never_written",
            "waiting_since": ago(hours=n * 7 % 30, minutes=n),
            "last_message_at": ago(hours=n * 7 % 30, minutes=n),
            "last_message": f"Вопрос {n * 11 % count}",
            "item_title": f"Курьер {n * 5 % 7}",
            "age": 18 + n * 13 % 40,
            "citizenship": f"Страна {n % 4}",
            "address": f"Улица {n * 17 % count}",
            "salary": 50_000 + n * 7919 % 1000,
            "experience_months": n * 31 % 100,
        }
        if n % 5 == 0:
            fields |= {"phone": None, "outcome": "no_resume", "resume_id": None}
            fields |= {"full_name": None, "user_name": "Пробник" if n % 10 == 0 else f"Макет {n}"}
        if n in (3, 4):
            fields |= {
                "phone": "+79000000003",
                "full_name": f"Тестова {'Нина' if n == 3 else 'Яна'}",
            }
        if n == 7:
            fields |= {"resume_id": chat(6).resume_id, "phone": chat(6).phone}
        chats.append(chat(n, **fields))
    return chats


def options(**changes: Any) -> ReportOptions:
    """Options as of NOW."""
    return ReportOptions(**{"tz": TZ, "now": NOW, **changes})


@dataclass
class WrittenWorkbook:
    """A workbook that was written, and what it holds."""

    path: Path
    summary: ReportSummary

    def rows(self, title: str) -> list[Row]:
        """The rows of a sheet by heading."""
        book = openpyxl.load_workbook(self.path, read_only=True)
        heading, *rows = list(book[title].iter_rows(values_only=True))
        book.close()
        return [
            {str(name): plain(name, value) for name, value in zip(heading, row, strict=True)}
            for row in rows
        ]

    def names(self, title: str) -> list[str]:
        """The candidates on a sheet, in its order."""
        return [row["Кандидат"] for row in self.rows(title)]

    def figures(self) -> dict[str, dict[str, Row]]:
        """«Сводка»: table to row to its cells by heading."""
        book = openpyxl.load_workbook(self.path, read_only=True)
        found: dict[str, dict[str, Row]] = {}
        table = ""
        heading: list[str] | None = None
        for row in book["Сводка"].iter_rows(values_only=True):
            cells = [_text(value) for value in row]
            filled = [cell for cell in cells if cell is not None]
            if heading is None and len(filled) == 1:
                table, heading = str(cells[0]), None
                found[table] = {}
            elif not filled:
                heading = None
            elif heading is None:
                heading = [str(cell or "") for cell in cells]
            else:
                found[table][str(cells[0])] = dict(zip(heading[1:], cells[1:], strict=True))
        book.close()
        return found


def write(
    folder: Path, chats: Iterable[ChatResume], notes: Mapping[str, Note] | None = None, **given: Any
) -> WrittenWorkbook:
    """Write a workbook of ``chats`` into ``folder``."""
    kept = list(chats)
    path = folder / "resumes.xlsx"
    return WrittenWorkbook(path, write_workbook(path, lambda: iter(kept), options(**given), notes))


def plain(heading: Any, value: Any) -> Any:
    """A cell by its text; a phone as E.164, which is shown with spaces."""
    if heading == "Телефон" and isinstance(value, str):
        return value.replace(" ", "").replace("-", "")
    return _text(value)


def _text(value: Any) -> Any:
    return unescape(value) if isinstance(value, str) else value


def stop_list(path: Path, rows: Iterable[Iterable[Any]], title: str = "Лист1") -> Path:
    """An .xlsx with ``rows``."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
