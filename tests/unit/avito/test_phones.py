from __future__ import annotations

import pytest

from avito_scrapy.avito.phones import find_phones, is_rounded, normalise


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


BOTH = ["+79001234567", "+79007654321"]


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("89001234567 89007654321", BOTH),
        ("8 900 123 45 67 8 900 765 43 21", BOTH),
        ("9001234567/9007654321", BOTH),
        ("+79001234567+79007654321", BOTH),
        ("+7 900 123 45 67 | 8(900)765-43-21", BOTH),
        ("89001234567\n89007654321", BOTH),
        ("1) 89001234567 2) 89007654321", BOTH),
        ("89001234567и89007654321", BOTH),
        ("сам 8-900-123-45-67, жена +7(900)7654321", BOTH),
        ("89001234567 до 25.01.2026 89007654321", BOTH),
        ("4951234567; 4957654321", ["+74951234567", "+74957654321"]),
        ("8 900 123 45 67 и +375 29 123-45-67", ["+79001234567", "+375291234567"]),
        ("89001234567 89001234567", BOTH[:1]),
        ("89001234567 жена", BOTH[:1]),
        ("тел89001234567доб5", BOTH[:1]),
        ("8 (495) 123-45-67 доб. 123", ["+74951234567"]),
        ("\u200e+7\u00a0900\u00a0123\u201145\u201167", BOTH[:1]),
        ("79001234567.0", BOTH[:1]),
        ("79001234567,00", BOTH[:1]),
        ("7,9001234567E+10", BOTH[:1]),
        ("7.9001234567e10", BOTH[:1]),
        (79001234567.0, BOTH[:1]),
        (9001234567, BOTH[:1]),
        ("8,9E+10", []),
        ("7,90012345678E+10", []),
        ("ИНН 770123456789, паспорт 4509 123456", []),
        ("12 дней", []),
        (1.5, []),
        (True, []),
        (None, []),
        ("9" * 100_000, []),
        ("1 2 " * 100_000, []),
    ],
)
def test_every_phone_of_a_cell(cell: object, phones: list[str]) -> None:
    assert find_phones(cell) == phones


@pytest.mark.parametrize(
    ("cell", "rounded"),
    [("8,9E+10", True), ("7.9001E10", True), ("7,9001234567E+10", False), ("1,5E+3", False),
     ("89001234567", False), (8.9e10, False), (None, False)],
)  # fmt: skip
def test_lost_digits_are_seen(cell: object, rounded: bool) -> None:
    assert is_rounded(cell) is rounded
