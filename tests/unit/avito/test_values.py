"""Single values of answers that are of another kind than documented."""

from __future__ import annotations

from typing import Any

import pytest

from avito_scrapy.avito.answer_model import read, unix_seconds
from avito_scrapy.avito.models import Application, LastMessage, Resume
from avito_scrapy.avito.words import citizenship_in_words, education_in_words, gender_in_words

AT = 1_762_167_906


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (AT, AT),
        (AT * 1000, AT),
        (AT * 10**6, AT),
        (AT * 10**7, AT),
        (AT * 10**9, AT),
        ((AT + 11_644_473_600) * 10**7, AT),
        ((AT + 62_135_596_800) * 10**7, AT),
        (str(AT * 1000), AT),
        (AT + 0.5, AT + 0.5),
        ("2025-11-03T14:05:06+03:00", AT),
        ("2025-11-03T14:05:06", None),
        ("9999-12-31T23:59:59-12:00", None),
        (5e10, None),
        (10**30, None),
        (0, None),
        (-5, None),
        (True, None),
        ("вчера", None),
        (float("nan"), None),
        (float("inf"), None),
        ([], None),
    ],
)
def test_a_moment_in_any_unit_that_is_plain(value: Any, seconds: float | None) -> None:
    assert unix_seconds(value) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("created", "found", "drifts"),
    [
        (AT, AT, ()),
        (str(AT), AT, ()),
        (None, None, ()),
        (AT * 1000, AT, ("created",)),
        (AT * 10**7, AT, ("created",)),
        (AT + 0.7, AT, ()),
        (5e10, None, ("created",)),
        (10**40, None, ("created",)),
        ("x", None, ("created",)),
    ],
)
def test_another_unit_is_a_drift(created: Any, found: int | None, drifts: tuple[str, ...]) -> None:
    message, named = read(LastMessage, {"created": created, "direction": "in", "type": "text"})
    assert (message.created, named) == (found, drifts)


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**30, float("inf"), float("nan"), 1e300])
def test_whole_numbers_that_no_database_holds(number: float) -> None:
    whole = {"id": 7, "title": "", "url": "", "update_time": None, "is_purchased": False}
    resume, drifts = read(Resume, {**whole, "salary": number, "params": {"age": number}})
    assert (resume.id, resume.salary, resume.params and resume.params.age) == (7, None, None)
    assert set(drifts) == {"salary", "params.age"}
    one, drifts = read(
        Application, {"id": "a", "applicant": None, "vacancy_id": number, "created_at": None}
    )
    assert (one.vacancy_id, drifts) == (None, ("vacancy_id",))


@pytest.mark.parametrize(
    "moment",
    ["2026-05-04T12:00:00.12345+03:00", "2026-05-04T12:00:00.123456+03:00",
     "2026-05-04T12:00:00.123456789Z", "2026-05-04T12:00:00+0300"],
)  # fmt: skip
def test_fractions_of_any_length(moment: str) -> None:
    one, drifts = read(
        Application, {"id": "a", "applicant": None, "vacancy_id": 1, "created_at": moment}
    )
    assert drifts == ()
    assert one.created_at


@pytest.mark.parametrize(
    ("ways", "word"),
    [
        (("male", "Мужской", "мужской", " MALE "), "Мужской"),
        (("female", "женский", "Женский"), "Женский"),
        (("", " ", None), None),
        (("other",), "other"),
    ],
)
def test_one_wording_of_gender(ways: tuple[str | None, ...], word: str | None) -> None:
    assert {gender_in_words(way) for way in ways} == {word}


@pytest.mark.parametrize(
    ("ways", "word"),
    [
        (("higher", "Высшее", "высшее"), "Высшее"),
        (("unfinished-higher", "unfinished_higher", "Неоконченное высшее"), "Незаконченное высшее"),
        (("secondary", "СРЕДНЕЕ"), "Среднее"),
        (("special-secondary", "Среднее специальное"), "Среднее специальное"),
        (("Курсы",), "Курсы"),
    ],
)
def test_one_wording_of_education(ways: tuple[str, ...], word: str) -> None:
    assert {education_in_words(way) for way in ways} == {word}


@pytest.mark.parametrize(
    ("ways", "word"),
    [
        (("rus", "RUS", "Россия", "россия", "Российская Федерация", "РФ"), "Россия"),
        (("blr", "Белоруссия", "Беларусь"), "Беларусь"),
        (("kgz", "Кыргызстан", "Киргизия"), "Киргизия"),
        (("mda", "Молдова"), "Молдавия"),
        (("Атлантида",), "Атлантида"),
    ],
)
def test_one_wording_of_citizenship(ways: tuple[str, ...], word: str) -> None:
    assert {citizenship_in_words(way) for way in ways} == {word}
