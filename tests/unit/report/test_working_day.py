"""A recruiter's day: the list, twenty calls, the list again, that evening, and after new messages.

What is typed goes through the file and the store, as with `scrapy report`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from avito_scrapy.items import ChatResume
from avito_scrapy.report.replace import draft_of, put_in_place, renew
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.record_source import RecordSource
from tests.integration.store.records import ACCOUNT
from tests.unit.report.helpers import NOW, TZ, WrittenWorkbook, ago, chat, options
from tests.unit.report.test_notes_back import CALLS, cell

PEOPLE = 42
WAITED = [*range(1, 16), *range(30, 50, 2), *range(80, 95)]  # hours, of the first forty
CALLED: list[tuple[str, Any]] = [
    ("Приглашён", None), ("Приглашён", None), ("Отказ", None), ("Отказали мы", None),
    ("Отказался кандидат", None), ("Не подходит", None), ("Неверный номер", None),
    ("Вышел на работу", None),
    *[("Не ответил", None)] * 5,
    ("Не пришёл", None),
    ("Перезвонить", datetime(2026, 1, 20, 17)),  # noqa: DTZ001  (a cell has no zone)
    ("Перезвонить", None),
    ("Перезвонить", datetime(2026, 1, 21, 10)),  # noqa: DTZ001
    ("Дозвонились", None), ("Дозвонились", None), ("обещал подумать", None),
]  # fmt: skip


@dataclass
class WorkingDay:
    """A data folder; ``chats`` is what Avito would tell by now, the rest is of the last report."""

    folder: Path
    store: Store
    chats: list[ChatResume]
    unclear: tuple[str, ...] = ()
    carried: str | None = None

    def report(self, at: datetime) -> WrittenWorkbook:
        target = self.folder / "resumes.xlsx"
        source = RecordSource(ACCOUNT, len(self.chats), lambda: iter(self.chats))
        given = options(now=at)
        done = renew(self.store, source, given, replaces=target, draft=draft_of(target))
        assert done.aside is None
        self.unclear, self.carried = done.unclear, done.carried
        put_in_place(done.path, target, at)
        return WrittenWorkbook(target, done.summary)

    def blocks(self, at: datetime) -> dict[str, int]:
        """How many people are in each block of the next list, and how many are off it."""
        rows = self.report(at).rows(CALLS)
        assert self.unclear == ()
        counted = Counter(row["Очередь"] for row in rows)
        return {**counted, "off": PEOPLE - len(rows)}

    def call(self, at: datetime) -> list[str]:
        """Write into the first rows what came of calling them; their keys."""
        path = self.folder / "resumes.xlsx"
        book = openpyxl.load_workbook(path)
        sheet, called = book[CALLS], []
        for row, (outcome, next_call) in enumerate(CALLED, 2):
            cell(sheet, row, "Исход звонка").value = outcome
            cell(sheet, row, "Комментарий").value = f"звонок {row - 1}"
            cell(sheet, row, "Следующий звонок").value = next_call
            called.append(str(cell(sheet, row, "Ключ").value))
        book.save(path)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return called

    def writes(self, key: str, text: str, at: datetime) -> None:
        """The person writes to us."""
        when = at.isoformat()
        self.chats = [
            replace(one, chat_status="awaits_us", waiting_since=when, last_message=text,
                    last_message_at=when, last_message_direction="in")
            if one.chat_id in key.split("\n") else one
            for one in self.chats
        ]  # fmt: skip


@pytest.fixture
def day(tmp_path: Path) -> Iterator[WorkingDay]:
    chats = [
        chat(n, chat_status="awaits_us", waiting_since=ago(hours=hours),
             last_message_at=ago(hours=hours), last_message="Какая зарплата?")
        for n, hours in enumerate(WAITED, 1)
    ]  # fmt: skip
    chats += [chat(n, chat_status="refused", last_message_at=ago(days=2)) for n in (41, 42)]
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        yield WorkingDay(tmp_path, store, chats)


def test_the_list_empties_as_one_works_and_fills_with_what_is_due(day: WorkingDay) -> None:
    assert day.blocks(NOW) == {"Сейчас": 15, "Сегодня": 10, "Остальные": 15, "off": 2}
    called = day.call(NOW + timedelta(minutes=20))

    # Eight are done, one is for tomorrow, three stay below; «Не пришёл» is called again at once.
    after = {"Сейчас": 1, "Сегодня": 12, "Остальные": 18, "off": 11}
    assert day.blocks(NOW + timedelta(minutes=30)) == after
    assert day.blocks(NOW + timedelta(minutes=40)) == after, "with nothing typed since"

    # 19:00: who did not answer is back, the call of 17:00 is due.
    evening = NOW + timedelta(hours=4)
    assert day.blocks(evening) == {"Сейчас": 7, "Сегодня": 6, "Остальные": 18, "off": 11}

    # The first was invited, one had not answered, one was reached; the last had refused.
    day.writes(called[0], "А какой у вас адрес?", evening)
    day.writes(called[8], "Ок", evening)
    day.writes(called[17], "Когда можно выйти?", evening)
    day.writes(day.chats[-1].chat_id, "Я передумал, место ещё есть?", evening)
    later = evening + timedelta(minutes=15)
    assert day.blocks(later) == {"Сейчас": 9, "Сегодня": 7, "Остальные": 17, "off": 9}
    rows = day.report(later).rows(CALLS)
    notes = {row["Ключ"]: (row["Исход звонка"], row["Комментарий"]) for row in rows}
    assert notes[called[0]] == ("Приглашён", "звонок 1"), "back, with the note"
    assert rows[0]["Ключ"] == called[14], "the agreed call is first"

    # The next morning at 11: the agreed call of 10:00 is due as well, after yesterday's.
    morning = datetime(2026, 1, 21, 11, tzinfo=TZ)
    keys = [row["Ключ"] for row in day.report(morning).rows(CALLS)]
    assert keys[:2] == [called[14], called[16]]
    everybody = {row["Ключ"]: row["Комментарий"] for row in day.report(morning).rows("Кандидаты")}
    assert [everybody[key] for key in called] == [f"звонок {n}" for n in range(1, 21)]
