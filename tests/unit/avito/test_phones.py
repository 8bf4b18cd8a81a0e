from __future__ import annotations

import pytest

from avito_scrapy.avito.phones import normalise


@pytest.mark.parametrize(
    "written",
    [
        "+7 900 123-45-67",
        "8 (900) 123-45-67",
        "79001234567",
        79001234567,
        9001234567.0,
        "900 123 45 67",
        " 8-900-123-45-67 ",
        "тел.: 8 900 1234567",
    ],
)
def test_one_phone_however_written(written: object) -> None:
    assert normalise(written) == "+79001234567"


def test_other_countries_keep_theirs() -> None:
    assert normalise("+375 29 123-45-67") == "+375291234567"
    assert normalise(375291234567) == "+375291234567"


@pytest.mark.parametrize("value", [None, "", "нет", "12", True, float("nan"), "0000000000", 1e40])
def test_what_is_no_phone(value: object) -> None:
    assert normalise(value) is None
