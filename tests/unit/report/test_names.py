from __future__ import annotations

import pytest

from avito_scrapy.report.records import agree, same_people, words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Иванов Семён", "семен иванов", True),
        ("Семён", "Иванов Семён Петрович", True),
        ("Иванов С.", "Иванов Семён", True),
        ("Иванов С. П.", "Иванов Семён Петрович", True),
        (None, "Иванов Семён", True),
        ("Иванов Семён", "Иванова Мария", False),
        ("Иванов М.", "Иванов Семён", False),
        ("Семён Семёнов", "Семён", True),
    ],
)
def test_agree(one: str | None, other: str | None, same: bool) -> None:
    assert agree(words(one), words(other)) is same
    assert agree(words(other), words(one)) is same


def test_a_name_that_fits_two_people_fits_neither() -> None:
    named = [(1, words("Иванов Иван")), (2, words("Петров Иван")), (3, words("Иван"))]
    assert same_people(named) == [{1}, {2}, {3}]


def test_who_has_no_name_belongs_to_the_only_one_who_has() -> None:
    named = [(1, words(None)), (2, words("Петров Иван")), (3, words("Петров И."))]
    assert same_people(named) == [{1, 2, 3}]
