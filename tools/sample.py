"""Writes a made-up workbook in which no sheet is empty."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.reasons import Reason
from avito_scrapy.report import ReportOptions, write_workbook
from avito_scrapy.report.statistics import OUTCOMES, STATUSES
from avito_scrapy.store import NoteVersion

NOW = datetime(2026, 1, 20, 12, tzinfo=timezone.utc)
_VACANCIES = ("Курьер", "Повар", "Кладовщик", "Продавец-кассир", "Оператор колл-центра", "Бариста")
_SAID = (
    "Здравствуйте! Подскажите, вакансия ещё актуальна? Готов выйти хоть завтра, район любой.",
    "=1+1",
    "Да",
    "Добрый день, меня интересует график и оплата, расскажите подробнее, пожалуйста 🙂",
    "управляющий \x07 символ и\nвторая строка",
)


def records(count: int, seed: int = 1) -> Iterator[ChatResume]:
    """Made-up chats; two of every forty are the same person by phone or by resume."""
    rng = random.Random(seed)
    for number in range(count):
        who = number - (number % 40 == 1)
        outcome = rng.choices(OUTCOMES, (78, 5, 9, 5, 3))[0]
        status = "unknown" if outcome == "failed" else rng.choice(STATUSES)
        vacancy = rng.randrange(len(_VACANCIES))
        since = rng.choice((40, 900, 4000, 20_000)) * rng.random()
        said = NOW - timedelta(minutes=since)
        waits = status == "awaits_us" or (status == "never_written" and number % 3 > 0)
        known = outcome in ("found", "resume_removed")
        yield ChatResume(
            chat_id=f"u2i-{number:022d}",
            chat_url=f"https://www.avito.ru/profile/messenger/channel/u2i-{number:022d}",
            chat_type="u2i",
            user_name=f"Проба {who}",
            item_title=_VACANCIES[vacancy],
            last_message=rng.choice(_SAID),
            last_message_at=said.isoformat(),
            last_message_direction="in"
            if waits or status == "never_written"
            else rng.choice(("in", "out")),
            position=number + 1,
            outcome=outcome,  # type: ignore[arg-type]
            reason=Reason("unreachable") if outcome == "failed" else None,
            match="application" if known else None,
            resume_id=str(3_000_000_000 + who) if known else None,
            resume_url=f"https://www.avito.ru/moskva/rezume/{who}" if outcome == "found" else None,
            title=f"{_VACANCIES[vacancy]} с опытом",
            full_name=f"Пробников Макет Черновикович {who}" if known else None,
            phone=f"+7900{who:07d}" if known and number % 5 else None,
            email=f"proba{who}@example.invalid" if number % 3 else None,
            age=18 + number % 40,
            gender=rng.choice(("Мужской", "Женский")),
            address=("Москва, Примерная улица, 1", "Хабаровск", None)[number % 3],
            citizenship="Россия",
            salary=rng.choice((45_000, 60_000, 120_000)),
            schedule=rng.choice(("fullDay", "shift", "remote")),
            education="Среднее специальное",
            experience_months=number % 200,
            moving="Возможен",
            is_purchased=bool(number % 2),
            is_active=bool(number % 7),
            resume_updated_at=(said - timedelta(days=9)).isoformat(),
            vacancy_id=100 + vacancy if known else None,
            application_id=str(number) if known else None,
            applied_at=(said - timedelta(hours=5)).isoformat() if known else None,
            chat_status=status,  # type: ignore[arg-type]
            waiting_since=said.isoformat() if waits else None,
            fetched_at=NOW.isoformat(),
            replies=[(said.isoformat(), int(rng.expovariate(1 / 3000)))] if number % 4 else [],
        )


def write_sample(folder: Path, count: int = 400) -> Path:
    """Write ``sample.xlsx`` into ``folder``, with a stop list and some of the recruiter's notes."""
    book = openpyxl.Workbook()
    for row in (
        ["Телефон", "ФИО", "Комментарий"],
        ["8 (900) 000-00-02", "Проба", "просил не звонить"],
        [79000000003, None, "уже работает у нас"],
        ["9000000004", "Другой Человек", None],
    ):
        book.worksheets[0].append(row)
    book.save(folder / "stop.xlsx")
    notes = {
        f"+7900{who:07d}": Note(
            "Не ответил", "набрать ещё раз вечером", "2026-01-20 18:00", "Мария", NOW.timestamp()
        )
        for who in range(0, count, 7)
    }
    history = {
        phone: [
            NoteVersion(
                Note("Перезвонить", None, None, "Иван", NOW.timestamp() - 9e4), "dashboard"
            ),
            NoteVersion(note, "workbook"),
        ]
        for phone, note in notes.items()
    }
    options = ReportOptions(
        tz=ZoneInfo("Europe/Moscow"), now=NOW, inputs=count, stoplist=folder / "stop.xlsx"
    )
    path = folder / "sample.xlsx"
    write_workbook(path, lambda: records(count), options, notes, history)
    return path
