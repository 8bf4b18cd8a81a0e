"""What the store makes of values, without a database."""

from __future__ import annotations

import pytest

from avito_scrapy.avito.notes import Note, person_key
from avito_scrapy.items import ChatResume
from avito_scrapy.store.outcomes import load, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1),
        ("1970-01-01T03:00:01+03:00", 1),
        ("1970-01-01T00:00:01.500000+00:00", 1.5),
        ("1970-01-01T00:00:01", None),  # whose time is not said
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_seconds(text: str | None, expected: float | None) -> None:
    assert seconds(text) == expected


def test_load_takes_what_it_knows() -> None:
    text = '{"chat_id": "u2i-a", "later": 1, "replies": [["2026-01-01T00:00:00Z", 5]]}'
    assert load(text) == ChatResume("u2i-a", replies=[("2026-01-01T00:00:00Z", 5)])
    assert load('{"chat_id": "u2i-a"}') == ChatResume("u2i-a")


def test_person_key() -> None:
    assert person_key(ChatResume("c", resume_id="r", phone="p")) == "p"
    assert person_key(ChatResume("c", resume_id="r")) == "r"
    assert person_key(ChatResume("c")) == "c"


def test_an_empty_note_is_false() -> None:
    assert not Note()
    assert not Note("", "", None)
    assert Note(next_call="2026-01-01")
