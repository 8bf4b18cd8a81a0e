"""What the store makes of values, without a database."""

from __future__ import annotations

import pytest

from avito_scrapy.avito.notes import Note, person_key
from avito_scrapy.items import ChatResume
from avito_scrapy.store.outcomes import UnreadableRecord, load


def test_load_takes_what_it_knows() -> None:
    text = '{"chat_id": "u2i-a", "later": 1, "replies": [["2026-01-01T00:00:00Z", 5]]}'
    assert load(text) == ChatResume("u2i-a", replies=[("2026-01-01T00:00:00Z", 5)])
    assert load('{"chat_id": "u2i-a"}') == ChatResume("u2i-a")


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "5", "{}", "[" * 200_000,
        '{"chat_id": 5}',
        '{"chat_id": "u2i-a", "phone": 5}',
        '{"chat_id": "u2i-a", "replies": 5}',
        '{"chat_id": "u2i-a", "outcome": "odd"}',
        '{"chat_id": "u2i-a", "salary": 1%s}' % ("0" * 30),
    ],
)  # fmt: skip
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(UnreadableRecord):
        load(text)


def test_person_key() -> None:
    assert person_key(ChatResume("c", resume_id="r", phone="p")) == "p"
    assert person_key(ChatResume("c", resume_id="r")) == "r"
    assert person_key(ChatResume("c")) == "c"


def test_an_empty_note_is_false() -> None:
    assert not Note()
    assert not Note("", "", None)
    assert Note(next_call="2026-01-01")
