from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from avito_scrapy.report.local_time import city, readable_phone, zone
from tests.unit.report.helpers import ago, chat, write


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("Москва, Примерная улица, 1", "Москва"),
        ("Московская область, г. Химки, ул. Примерная", "Химки"),
        ("Россия, Республика Татарстан, Казань", "Казань"),
        ("г Орёл", "Орёл"),
        ("Малые Пробники", "Малые Пробники"),
        ("ул. Примерная, 5", None),
        (None, None),
    ],
)
def test_the_city_of_an_address(address: str | None, name: str | None) -> None:
    assert city(address) == name


@pytest.mark.parametrize(
    ("place", "phone", "hours"),
    [
        ("Владивосток", "+79000000001", 10),
        ("орел", None, 3),
        (None, "+73832101234", 7),
        (None, "+996555123456", 6),
        (None, "+79000000001", None),
        ("Малые Пробники", None, None),
        (None, "не номер", None),
    ],
)
def test_the_zone_of_a_city_or_else_of_a_phone(
    place: str | None, phone: str | None, hours: int | None
) -> None:
    found = zone(place, phone)
    now = datetime(2026, 1, 20, tzinfo=timezone.utc)
    there = found and now.astimezone(found).utcoffset()
    assert (there.total_seconds() / 3600 if there else None) == hours


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+79001234567", "+7 900 123-45-67"),
        ("+375291234567", "+375 29 123-45-67"),
        ("нет", "нет"),
        (None, None),
    ],
)
def test_a_phone_is_shown_as_people_write_it(phone: str | None, shown: str | None) -> None:
    assert readable_phone(phone) == shown


def test_the_call_list_tells_the_hour_there_and_marks_the_night(tmp_path: Path) -> None:
    waits = {"chat_status": "awaits_us", "waiting_since": ago(hours=2)}
    people = [
        chat(1, address="Москва", **waits),
        chat(2, address="Владивосток, Примерная улица", **waits),
        chat(3, address=None, **waits),
        chat(4, address=None, **waits),
        chat(5, address="Омск", resume_id=chat(4).resume_id, phone=chat(4).phone, **waits),
    ]
    written = write(tmp_path, people)
    rows = {row["Кандидат"]: row for row in written.rows("Для_звонков")}
    shown = [rows[str(one.full_name)]["Местное время"] for one in people[:3]]
    assert shown == ["15:00", "22:00 ☾ поздно", None]
    calls = openpyxl.load_workbook(written.path)["Для_звонков"]
    dark = [row[0].value for row in calls.iter_rows(min_row=2) if row[1].fill.fill_type]
    assert dark == [people[1].full_name], "the phone itself is marked"
    assert rows[str(people[1].full_name)]["Город"] == "Владивосток"
    towns = [row["Город"] for name, row in rows.items() if row["Местное время"] == "18:00"]
    assert towns == ["Омск"], "a city that another resume of the person tells"


def test_the_first_screen(tmp_path: Path) -> None:
    path = write(tmp_path, [chat(1, chat_status="awaits_us", waiting_since=ago(hours=2))]).path
    calls = openpyxl.load_workbook(path)["Для_звонков"]
    assert calls.freeze_panes == "B2"
    widths = calls.column_dimensions
    shown = [
        (calls.cell(1, number).value, widths[get_column_letter(number)].width)
        for number in range(1, 14)
        if not widths[get_column_letter(number)].hidden
    ]
    assert [heading for heading, _ in shown] == [
        "Кандидат", "Телефон", "Почему здесь", "Вакансии и объявления", "Ждёт, ч",
        "Сообщение кандидата", "Исход звонка", "Комментарий", "Следующий звонок", "Очередь",
        "Местное время",
    ]  # fmt: skip
    # A character is 7 pixels wide, with 5 around; 1366 less the row numbers and the scroll bar.
    assert sum(7 * width + 5 for _, width in shown) <= 1366 - 60
    assert calls.print_area == "'Для_звонков'!$A$1:$H$2"
    assert calls["B2"].value == "+7 900 000-00-01"
    links = {
        heading.value: cell.hyperlink.target
        for heading, cell in zip(calls[1], calls[2], strict=True)
        if cell.hyperlink
    }
    assert links["Телефон"] == "tel:+79000000001"
    assert links["WhatsApp"] == "https://wa.me/79000000001"
    assert links["Telegram"] == "https://t.me/+79000000001"
    (chat_heading,) = [cell for cell in calls[1] if cell.value == "Чат (станет прочитанным!)"]
    assert chat_heading.comment is not None
    assert "прочитанными" in chat_heading.comment.text


def test_what_waits_is_what_is_shown(tmp_path: Path) -> None:
    same = {"resume_id": "3000000001", "phone": "+79000000001", "full_name": "Пробник"}
    people = [
        chat(1, **same, chat_status="awaits_us", waiting_since=ago(hours=5),
             last_message="Когда выходить?", last_message_at=ago(hours=5)),
        chat(2, **same, chat_status="unread", last_message="Ждём вас завтра",
             last_message_direction="out", last_message_at=ago(hours=1)),
        chat(3, chat_status="unread", last_message="Вы ещё ищете работу?",
             last_message_direction="out", last_message_at=ago(hours=1), applied_at=ago(days=3)),
    ]  # fmt: skip
    written = write(tmp_path, people)
    first, second = written.rows("Для_звонков")
    assert first["Сообщение кандидата"] == "Когда выходить?"
    assert first["Мы написали"] == "Ждём вас завтра"
    assert (second["Сообщение кандидата"], second["Мы написали"]) == (None, "Вы ещё ищете работу?")
    assert written.names("На_сегодня") == ["Пробник"], "what we wrote is nobody's news"
