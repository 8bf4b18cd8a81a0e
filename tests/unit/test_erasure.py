from __future__ import annotations

import time

import pytest

from avito_scrapy.erasure import Selection
from avito_scrapy.errors import UsageError


def test_a_chat() -> None:
    assert Selection.parse(None, "u2i-a~b", None) == Selection(chat_id="u2i-a~b")


def test_a_person_however_the_phone_is_written() -> None:
    for text in ("+79000000001", "8 (900) 000-00-01", "79000000001"):
        assert Selection.parse(None, None, text) == Selection(phone="+79000000001")


def test_days() -> None:
    before = Selection.parse("180d", None, None).before
    assert before is not None
    assert time.time() - before == pytest.approx(180 * 86400, abs=60)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((None, None, None), "say one of"),
        (("180d", "u2i-a", None), "say one of"),
        (("180", None, None), "--older-than must be a number of days, like 180d"),
        (("0d", None, None), "--older-than"),
        (("-1d", None, None), "--older-than"),
        (("999999d", None, None), "--older-than"),
        (("", None, None), "--older-than"),
        ((None, "not a chat", None), "--chat must be a chat id"),
        ((None, "", None), "--chat must be a chat id"),
        ((None, None, "8912"), "--person must be a phone number"),
    ],
)
def test_what_cannot_be_meant(typed: tuple[str | None, str | None, str | None], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Selection.parse(*typed)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "8912" not in str(caught.value)
