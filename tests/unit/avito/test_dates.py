from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avito_scrapy.avito.web_messenger import list_moment

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2025, 11, 24, 13, 30, tzinfo=MOSCOW)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:05", "2025-11-23 14:05"),  # not yet today: yesterday's
        ("13:05", "2025-11-24 13:05"),
        ("13:30", "2025-11-24 13:30"),
        ("0:00", "2025-11-24 00:00"),
        ("13:33", "2025-11-24 13:30"),  # the page's clock is a little ahead
        ("сегодня", "2025-11-24"),
        ("Сегодня в 9:15", "2025-11-24 09:15"),
        ("вчера", "2025-11-23"),
        (" вчера,\u00a014:05 ", "2025-11-23 14:05"),
        ("позавчера", "2025-11-22"),
        ("3 ноября", "2025-11-03"),
        ("24 ноября", "2025-11-24"),
        ("25 ноября", "2024-11-25"),  # a day without a year is in the past
        ("31 декабря", "2024-12-31"),
        ("29 февраля", "2024-02-29"),
        ("1 мая", "2025-05-01"),
        ("1 май", "2025-05-01"),
        ("8 марта", "2025-03-08"),
        ("3 нояб.", "2025-11-03"),
        ("3 ноября 2025", "2025-11-03"),
        ("3 ноября 2019 г.", "2019-11-03"),
        ("3 ноября в 10:00", "2025-11-03 10:00"),
    ],
)
def test_what_is_understood(text: str, expected: str) -> None:
    assert list_moment(text, NOW) == at(expected)


@pytest.mark.parametrize(
    "text",
    ["", " ", "скоро", "25:00", "12:75", "31 ноября", "3 брюмера", "3 майя", "25 ноября 2025",
     "сегодня 23:00", "3", "ноября", "14:05:06", "3 ноября 20255"],
)  # fmt: skip
def test_what_is_not(text: str) -> None:
    assert list_moment(text, NOW) is None


def test_the_day_is_the_zones() -> None:
    moment = datetime(2025, 11, 24, 22, 30, tzinfo=ZoneInfo("UTC"))
    assert list_moment("сегодня", moment.astimezone(MOSCOW)) == at("2025-11-25")
    just_after_midnight = datetime(2025, 11, 24, 0, 1, tzinfo=MOSCOW)
    assert list_moment("23:58", just_after_midnight) == at("2025-11-23 23:58")


MONTHS = ["января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
          "октября", "ноября", "декабря"]  # fmt: skip


@given(
    now=st.datetimes(datetime.fromisoformat("2000-03-01"), datetime.fromisoformat("2090-01-01")),
    ago=st.timedeltas(timedelta(0), timedelta(days=364)),
)
def test_never_in_the_future(now: datetime, ago: timedelta) -> None:
    present = now.replace(tzinfo=MOSCOW)
    day = (now - ago).date()
    found = list_moment(f"{day.day} {MONTHS[day.month - 1]}", present)
    assert found is not None
    assert found.date() == day
    assert found <= present
