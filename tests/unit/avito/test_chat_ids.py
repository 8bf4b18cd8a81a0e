from __future__ import annotations

import pytest

from avito_scrapy.avito import chat_ids
from avito_scrapy.avito.chat_ids import ChatId, from_href, page_path, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("u2i-2142059193-600277161", (("u2i", 600277161, 2142059193))),
        ("u2i-voDBaJ_nyscu9ztBC3TTaW", ("u2i", None, None)),
        ("u2i-voDBaJ~nyscu9ztBC3TTaW", ("u2i", None, None)),
        ("u2i-1234567890123456789012", ("u2i", None, None)),
        ("u2i-12345", ("u2i", None, None)),
        ("a2u-100500-94235311", ("a2u", 100500, None)),
        ("a2u-opaque", ("a2u", None, None)),
        ("u2u-1-2", ("u2u", None, None)),
        ("u2u-AbCdEfGhIjKlMnOpQrStUw", ("u2u", None, None)),
    ],
)
def test_an_id_says_what_its_form_says(
    text: str, expected: tuple[str, int | None, int | None]
) -> None:
    found = parse(text)
    assert found is not None
    assert found.text == text
    assert (found.chat_type, found.user_id, found.item_id) == expected


@pytest.mark.parametrize(
    "text", ["", "u2i-", "x2y-abc", "U2I-abc", "u2i-a b", "u2i-a\n", "u2i-я", "12345", "u2i"]
)
def test_what_is_no_chat_id(text: str) -> None:
    assert parse(text) is None


def test_numbers_are_ascii_only() -> None:
    assert parse("u2i-١٢٣-٤٥٦") is None


@pytest.mark.parametrize("text", ["u2i-a/../../b", "u2i-a?b#c", "u2i-voDBaJ~nyscu9ztBC3TTaW"])
def test_address_and_back(text: str) -> None:
    path = page_path(text)
    assert path.count("/") == 4
    assert "?" not in path
    assert "#" not in path
    assert from_href("https://www.avito.ru" + path + "?from=list") == text


def test_other_addresses_are_no_chats() -> None:
    assert from_href("/profile/messenger") is None
    assert from_href("/profile/messenger/channel/") is None


def test_is_a_value() -> None:
    assert parse("u2u-1-2") == ChatId("u2u-1-2", "u2u")


@pytest.mark.parametrize("text", ["u2i-9223372036854775808-1", "u2i-1-9999999999999999999"])
def test_numbers_that_no_database_holds_are_none(text: str) -> None:
    assert parse(text) == ChatId(text, "u2i")
    assert parse("u2i-9223372036854775807-1") == ChatId(
        "u2i-9223372036854775807-1", "u2i", user_id=1, item_id=2**63 - 1
    )


def test_an_id_that_no_database_holds_is_shortened_and_stays_its_own() -> None:
    assert chat_ids.bounded("u2i-1-2") == "u2i-1-2"
    long = [chat_ids.bounded("u2i-" + "a" * 5000 + end) for end in "xy"]
    assert len(set(long)) == 2
    assert all(len(text) <= chat_ids.LONGEST for text in long)
    assert chat_ids.bounded(long[0]) == long[0]
