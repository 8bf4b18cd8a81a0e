"""Filters of the call list, and what is typed as a day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from avito_scrapy.dashboard.rows import (
    CallRow,
    Filters,
    grid_row,
    kept_cell,
    make_row,
    matching,
    next_call_text,
    ordered,
    phone_links,
    resume_link,
    shown_cell,
)
from avito_scrapy.items import Note
from avito_scrapy.report.call_outcomes import default_outcomes
from avito_scrapy.report.people import merge
from avito_scrapy.report.statistics import FUNNEL
from avito_scrapy.report.texts import Texts
from tests.unit.report.helpers import NOW, TZ, ago, chat

TEXTS = Texts("ru")


def row(number: int, note: Note | None = None, **fields: Any) -> CallRow:
    person = merge(number, None, [chat(number, **fields)], TZ)
    notes = {person.keys[0]: note} if note else {}
    return make_row(person, notes, {}, {}, NOW.astimezone(TZ), default_outcomes(), TEXTS)


def found(filters: Filters, *rows: CallRow) -> list[int]:
    return [one.person.no for one in matching(rows, filters)]


def test_who_waits_comes_before_who_does_not() -> None:
    waits = row(2, chat_status="awaits_us", waiting_since=ago(minutes=5))
    assert [one.person.no for one in ordered([row(1), waits])] == [2, 1]


def test_a_note_that_ends_it_takes_the_person_off_the_list() -> None:
    off = row(1, Note("Приглашён", made_at=NOW.timestamp()))
    assert found(Filters(), off) == []
    assert found(Filters(everybody=True), off) == [1]


@pytest.mark.parametrize("typed", ["8 900 000-00-03", "+79000000003", "0000003"])
def test_a_phone_is_found_however_it_is_typed(typed: str) -> None:
    assert found(Filters(search=typed), row(3), row(14)) == [3]


def test_all_words_of_a_search_must_be_there() -> None:
    one = row(1, last_message="Когда выходить?", item_title="Курьер")
    assert found(Filters(search="КУРЬЕР выходить"), one) == [1]
    assert found(Filters(search="курьер склад"), one) == []


def test_filters_together() -> None:
    waits: dict[str, Any] = {"chat_status": "awaits_us", "waiting_since": ago(hours=5)}
    right = row(1, age=30, address="Тверская область, г. Тверь, Лесная, 1", **waits)
    others = [row(2, age=30), row(3, age=50, **waits), row(4, age=None, **waits)]
    wanted = Filters(status="awaits_us", age_to=40, hours=4, city="Тверь", block="now")
    assert found(wanted, right, *others) == [1]


def test_what_a_chart_chooses() -> None:
    note = Note("Приглашён", made_at=NOW.timestamp())
    invited = row(1, note, chat_status="never_written", applied_at=ago(hours=1))
    talks = row(2, phone="+79000000002", chat_status="replied", applied_at=ago(hours=50))
    applied = frozenset({NOW.astimezone(TZ).date()})
    assert invited.applied == applied
    assert found(Filters(everybody=True, outcome="Приглашён"), invited, talks) == [1]
    assert found(Filters(everybody=True, day=min(applied)), invited, talks) == [1]
    answered = FUNNEL.index("answered")
    assert found(Filters(everybody=True, step=answered), invited, talks) == [2]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("завтра", "2026-12-31"), ("завтра 9:05", "2026-12-31 09:05"), ("14:00", "2026-12-30 14:00"),
     ("5.01", "2027-01-05"), ("5.1.27 10:30", "2027-01-05 10:30"), ("2027-02-03", "2027-02-03"),
     ("31.02", "31.02"), ("после обеда", "после обеда"), ("", ""), ("завтра 25:00",) * 2],
)  # fmt: skip
def test_a_next_call_as_it_is_typed(typed: str, kept: str) -> None:
    assert next_call_text(typed, date(2026, 12, 30)) == kept


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("2026-12-05 10:30", "05.12.2026 10:30"), ("2026-12-05", "05.12.2026"), ("31.02", "31.02"),
     ("после обеда", "после обеда"), ("", "")],
)  # fmt: skip
def test_a_next_call_is_shown_as_people_write_it(kept: str, shown: str) -> None:
    assert shown_cell("next_call", kept) == shown
    assert kept_cell("next_call", shown) == kept
    assert next_call_text(shown, date(2026, 11, 1)) == kept


def test_a_comment_that_is_a_day_stays_as_it_was_typed() -> None:
    assert kept_cell("comment", "05.12.2026") == "05.12.2026"
    assert shown_cell("comment", "2026-12-05") == "2026-12-05"


def test_texts_of_people_are_never_keys_of_a_grid_row() -> None:
    hostile = ":cellRenderer"
    made = grid_row(row(1, full_name=hostile, item_title=hostile, last_message=hostile), TEXTS)
    assert not [key for key in made if key.startswith(":")]


@pytest.mark.parametrize("phone", ["javascript:alert(1)", "+7900", "", None, "+7900 0000003"])
def test_what_is_no_phone_is_no_link(phone: str | None) -> None:
    assert phone_links(phone) == {}


@pytest.mark.parametrize(
    ("url", "good"),
    [("https://www.avito.ru/tver/rezume/1", True), ("https://avito.ru.evil.example/1", False),
     ("javascript:alert(1)//avito.ru/", False), ("https://evil.example/avito.ru/", False),
     ("http://127.0.0.1:1/rezume/2", True), ("http://127.0.0.1:1@evil.example/", False)],
)  # fmt: skip
def test_only_avitos_links_are_links(url: str, good: bool) -> None:
    link = resume_link(chat(1, resume_url=url), "http://127.0.0.1:1")
    assert link == (url if good else None)
