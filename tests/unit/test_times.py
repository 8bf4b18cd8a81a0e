from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from avito_scrapy.times import iso_to_seconds, now_iso, parse_iso, to_iso

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:01Z", 1),
        ("1970-01-01T03:00:01+03:00", 1),
        ("1970-01-01T00:00:01.500000+00:00", 1.5),
        ("1970-01-01T00:00:01", None),  # of which zone is not said
        ("yesterday", None),
        ("2026-13-01T00:00:00+00:00", None),
        ("", None),
        (None, None),
        (5, None),
        (["1970-01-01T00:00:01Z"], None),
    ],
)
def test_seconds(text: object, seconds: float | None) -> None:
    assert iso_to_seconds(text) == seconds


def test_a_time_in_a_zone() -> None:
    found = parse_iso("2026-01-20T22:30:00Z", MOSCOW)
    assert found is not None
    assert (found.day, found.hour, found.tzinfo) == (21, 1, MOSCOW)
    assert parse_iso("2026-01-20T10:00:00", MOSCOW) == datetime(2026, 1, 20, 10, tzinfo=MOSCOW)
    assert parse_iso("вчера", MOSCOW) is None


def test_a_time_that_has_no_place_in_the_zone() -> None:
    assert parse_iso("0001-01-01T00:00:00+00:00", timezone(-timedelta(hours=3))) is None
    assert parse_iso("9999-12-31T23:59:59Z", MOSCOW) is None


def test_how_a_time_is_written() -> None:
    moment = datetime(2026, 1, 20, 10, tzinfo=MOSCOW)
    assert to_iso(moment) == "2026-01-20T10:00:00+03:00"
    assert to_iso(moment.replace(microsecond=120_000)) == "2026-01-20T10:00:00.120+03:00"
    assert to_iso(moment.replace(tzinfo=None)) == "2026-01-20T10:00:00+00:00"
    assert parse_iso(now_iso()) is not None
