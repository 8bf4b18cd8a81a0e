"""The look through the logs finds what must not be there, and only that."""

from __future__ import annotations

import pytest

from tests.support.privacy import assert_private


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("call +79990543459 now", "a phone"),
        ("phone=89990543459", "a phone"),
        ("to sandbox543459@example.com", "an e-mail"),
        ("Небылицына Нина", "a name"),
        ("Authorization: Bearer abcdefgh12345678", "a token"),
        ("client_secret=x", "a secret"),
    ],
)
def test_it_is_found_and_not_repeated(line: str, sign: str) -> None:
    with pytest.raises(AssertionError) as caught:
        assert_private(f"first\n{line}")
    assert f"{sign} in line 2" in str(caught.value)
    assert line not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    ["GET /chats/u2i-3231438087-165654631", "avito/oauth/tokens: 1", "u2i-79990543459-79990543459"],
)
def test_ids_are_nobody(line: str) -> None:
    assert assert_private(line) == line
