"""What the store makes of values, without a database."""

from __future__ import annotations

import pytest

from avito_scrapy.items import ChatResume, Note, person_key
from avito_scrapy.store.outcomes import UnreadableRecord, load, to_record


def test_load_takes_what_it_knows() -> None:
    text = '{"chat_id": "u2i-a", "later": 1, "replies": [["2026-01-01T00:00:00Z", 5]]}'
    assert load(text) == ChatResume("u2i-a", replies=[("2026-01-01T00:00:00Z", 5)])
    assert load('{"chat_id": "u2i-a"}') == ChatResume("u2i-a")


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "5", "{}", "[" * 200_000,
        '{"chat_id": 5}',
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


def test_a_value_of_another_kind_costs_only_itself() -> None:
    odd = {
        "chat_id": "u2i-a", "chat_type": "x2y", "user_id": 10**30, "salary": -(2**63),
        "position": True, "phone": [1], "email": {"a": 1}, "outcome": "gone", "age": 1.5,
        "is_unread": 1, "replies": [["2026-01-01T00:00:00Z", 5], [1], "x"], "named_chats": [1, "b"],
        "chat_status": None, "vacancy_id": 2**63 - 1, "title": "Повар",
    }  # fmt: skip
    assert to_record(odd) == ChatResume(
        "u2i-a",
        replies=[("2026-01-01T00:00:00Z", 5)],
        named_chats=["b"],
        vacancy_id=2**63 - 1,
        title="Повар",
    )
    assert to_record({"chat_id": "u2i-a", "replies": 1, "named_chats": None}) == ChatResume("u2i-a")
