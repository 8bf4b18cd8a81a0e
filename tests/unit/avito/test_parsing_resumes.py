from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from avito_scrapy.avito.answer_model import read
from avito_scrapy.avito.models import Job
from avito_scrapy.avito.parsing import experience_months, read_contacts, read_resume
from avito_scrapy.avito.results import ContactsFacts, ResumeFacts

TODAY = date(2026, 11, 24)
WEB = "https://www.avito.ru"


def facts(**given: Any) -> ResumeFacts:
    whole = {"id": 77, "title": "Повар", "url": None, "update_time": None, "is_purchased": None}
    told, _ = read_resume("77", {**whole, **given}, WEB, TODAY)
    assert isinstance(told, ResumeFacts)
    return told


def test_all_fields() -> None:
    told = facts(
        url="/moskva/rezume/povar_77",
        update_time="2026-08-21T09:53:06Z",
        is_purchased=True,
        is_active=False,
        salary=60000,
        params={
            "age": 32, "pol": "Женский", "nationality": "Филиппины", "schedule": "flyInFlyOut",
            "education": "Высшее", "moving": "Возможен", "address": "Москва",
            "experience_list": [{"work_start": "2015-07-01", "work_finish": "2018-09-01"}],
        },
    )  # fmt: skip
    assert told == ResumeFacts(
        resume_id="77", resume_url="https://www.avito.ru/moskva/rezume/povar_77", title="Повар",
        age=32, gender="Женский", address="Москва", citizenship="Филиппины", salary=60000,
        schedule="flyInFlyOut", education="Высшее", experience_months=38, moving="Возможен",
        is_purchased=True, resume_updated_at="2026-08-21T09:53:06+00:00",
        is_active=False,
    )  # fmt: skip


def test_a_bare_resume_is_all_unknown() -> None:
    assert facts() == ResumeFacts(resume_id="77", title="Повар")
    assert facts(title="  ", params={}) == ResumeFacts(resume_id="77")


@pytest.mark.parametrize(
    ("params", "details", "address"),
    [
        ({"address": "Тверь"}, {"address": "Казань"}, "Тверь"),
        ({"address": ""}, {"address": "Казань, 1", "location": "Казань"}, "Казань, 1"),
        (None, {"address": None, "location": "Казань"}, "Казань"),
        ({}, None, None),
    ],
)
def test_address(params: object, details: object, address: str | None) -> None:
    assert facts(params=params, address_details=details).address == address


@pytest.mark.parametrize("url", ["https://www.avito.ru/x/rezume/y_1", "/x/rezume/y_1"])
def test_links_are_whole(url: str) -> None:
    assert facts(url=url).resume_url == "https://www.avito.ru/x/rezume/y_1"


def job(start: str | None, finish: str | None) -> Job:
    return read(Job, {"work_start": start, "work_finish": finish})[0]


@pytest.mark.parametrize(
    ("jobs", "months"),
    [
        ([], None),
        ([(None, "2020-01-01")], None),
        ([("2020-01-01", "2020-01-20")], 0),
        ([("2020-01-01", "2021-01-01")], 12),
        ([("2025-11-01", None)], 12),
        ([("2020-01-01", "2020-07-01"), ("2021-01-01", "2021-02-01")], 7),
        ([("2020-01-01", "2021-01-01"), ("2020-03-01", "2020-06-01")], 12),
        ([("2020-03-01", "2021-03-01"), ("2020-01-01", "2020-06-01")], 14),
        ([("2021-01-01", "2020-01-01")], 0),
        ([("2020-01", "2020-04"), ("2019", "2019-03")], 5),
    ],
)
def test_experience(jobs: list[tuple[str | None, str | None]], months: int | None) -> None:
    assert experience_months([job(*one) for one in jobs], TODAY) == months
    assert experience_months([None, *(job(*one) for one in reversed(jobs))], TODAY) == months


def test_contacts() -> None:
    data = {
        "contacts": [
            {"type": "e-mail", "value": "proba@example.com"},
            {"type": "phone", "value": "скрыт"},
            {"type": "phone", "value": 79991234567},
            {"type": "chat_id", "value": "u2i-voDBaJ_nyscu9ztBC3TTaW"},
            {"type": "telegram", "value": "@x"},
        ],
        "name": "Тестов Проба",
        "full_name": {"first_name": "Проба", "last_name": "Тестов", "patronymic": "Пробович"},
        "already_bought": False,
    }
    told, drifts = read_contacts(data)
    assert drifts == ()
    assert told == ContactsFacts(
        name="Тестов Проба Пробович",
        phone="+79991234567",
        email="proba@example.com",
        chat_ids=["u2i-voDBaJ_nyscu9ztBC3TTaW"],
    )


def test_contacts_without_anything() -> None:
    told, _ = read_contacts({"contacts": [], "name": "Проба", "full_name": None})
    assert told == ContactsFacts(name="Проба", chat_ids=[])
