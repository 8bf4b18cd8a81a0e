from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from avito_scrapy.avito.parsing import ApplicationBatch, read_applications
from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.items import Chat
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.application_index import ApplicationIndex
from avito_scrapy.resumes.build_item import Answers, NoMatch, application_of, build_item

TODAY = date(2026, 11, 24)
CHAT = "u2i-2142059193-600277161"


def entry(**change: Any) -> dict[str, Any]:
    return {
        "id": "app1",
        "applicant": {
            "id": "1110dc2f",
            "resume_id": "54312",
            "data": {
                "name": "Тестов Проба",
                "full_name": {"first_name": "Проба", "last_name": "Тестов", "patronymic": None},
                "birthday": "1988-11-25",
                "citizenship": "Россия",
                "gender": "male",
                "education": "special-secondary",
            },
        },
        "contacts": {"chat": {"value": CHAT}, "phones": [{"value": 79991234567, "status": None}]},
        "vacancy_id": 18725423,
        "created_at": "2026-05-04T12:00:00+03:00",
        **change,
    }


def read_one(one: object) -> ApplicationBatch:
    return read_applications({"applies": [one]}, TODAY)[0]


def drifts_of(one: object) -> tuple[str, ...]:
    return read_applications({"applies": [one]}, TODAY)[1]


def test_an_application_tells_all_this() -> None:
    batch = read_one(entry())
    assert (batch.unreadable, drifts_of(entry())) == (set(), ())
    assert batch.found == [
        ApplicationFacts(
            id="app1", chat_id=CHAT, created=1777885200.0, resume_id="54312",
            vacancy_id=18725423, applied_at="2026-05-04T12:00:00+03:00", name="Тестов Проба",
            phone="+79991234567", age=37, gender="Мужской", citizenship="Россия",
            education="Среднее специальное",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "resume_id"),
    [(54312, "54312"), ("54312", "54312"), (None, None), ("", None), (0, None)],
)
def test_resume_ids_in_every_form(given: object, resume_id: str | None) -> None:
    [one] = read_one(entry(applicant={"resume_id": given, "data": None})).found
    assert (one.resume_id, one.resume_known) == (resume_id, True)


def test_no_resume_id_at_all_is_no_resume() -> None:
    without = entry(applicant={"id": "x"})
    [one] = read_one(without).found
    assert (one.resume_id, one.resume_known, drifts_of(without)) == (None, True, ())


@pytest.mark.parametrize("applicant", [{"resume_id": {"id": 5}}, "gone"])
def test_a_resume_that_cannot_be_read_is_not_none(applicant: object) -> None:
    batch, drifts = read_applications([entry(applicant=applicant)], TODAY)
    assert (batch.found[0].resume_known, batch.unreadable) == (False, set())
    assert drifts[0].startswith("applies.applicant")


ONLY_ITS_RESUME = ApplicationFacts("app1", "", 0.0, "54312")


@pytest.mark.parametrize(
    "contacts",
    [None, {"chat": None}, {"phones": []}, {"chat": {}}, {"chat": []}, {"chat": {"value": None}}],
)
@pytest.mark.parametrize("kind", ["by_phone", "by_chat", None])
def test_without_a_chat_it_belongs_to_none(contacts: object, kind: object) -> None:
    told = read_one(entry(contacts=contacts, type=kind))
    assert told == ApplicationBatch([ONLY_ITS_RESUME])


def test_contacts_may_be_absent() -> None:
    one = entry()
    del one["contacts"]
    assert read_one(one) == ApplicationBatch([ONLY_ITS_RESUME])


ODD_CONTACTS = ["?", {"chat": [1]}, {"chat": {"value": {}}}]


@pytest.mark.parametrize("contacts", ODD_CONTACTS)
@pytest.mark.parametrize("kind", [{}, {"type": "by_chat"}, {"type": "by_phone"}])
def test_what_does_not_tell_its_chat_is_counted(contacts: object, kind: dict[str, Any]) -> None:
    batch, drifts = read_applications([entry(contacts=deepcopy(contacts), **kind)], TODAY)
    assert (batch.found, batch.unreadable) == ([], {"app1"})
    assert drifts


def test_what_came_by_phone_may_have_a_chat() -> None:
    [one] = read_one(entry(type="by_phone")).found
    assert (one.chat_id, one.resume_id) == (CHAT, "54312")


@pytest.mark.parametrize("odd", [7, None, entry(id=None), entry(id="")])
def test_what_tells_no_id_is_as_if_it_were_not_there(odd: object) -> None:
    batch = read_one(odd)
    assert (batch.found, batch.unreadable) == ([], set())


def test_an_answer_without_applications_tells_of_none() -> None:
    assert read_applications({}, TODAY) == (ApplicationBatch(), ("applies",))


def test_the_array_alone_is_the_same() -> None:
    assert read_applications([entry()], TODAY)[0] == read_one(entry())


def test_of_applications_without_a_chat_the_resume_is_kept() -> None:
    assert read_one(entry(contacts={})).found == [ONLY_ITS_RESUME]
    found = read_one(entry(contacts={}, applicant={"resume_id": None})).found
    assert [(one.id, one.chat_id, one.resume_id) for one in found] == [("app1", "", None)]


@pytest.mark.parametrize(
    ("phones", "phone"),
    [
        ([], "+79213223344"),
        ([{"value": "номер скрыт", "status": "hidden"}], "+79213223344"),
        ([{"value": ""}, {"value": "8 (999) 123-45-67", "status": "x"}], "+79991234567"),
        (None, "+79213223344"),
    ],
)
def test_phones(phones: object, phone: str) -> None:
    extra = {"phone": {"value": "+79213223344", "matching_status": "no_criteria"}}
    contacts = {"chat": {"value": CHAT}, "phones": phones}
    [one] = read_one(entry(contacts=contacts, enriched_properties=extra)).found
    assert one.phone == phone


def facts(number: str, created: float, resume_id: str | None) -> ApplicationFacts:
    return ApplicationFacts(id=number, chat_id=CHAT, created=created, resume_id=resume_id)


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_the_newest_with_a_resume_counts(turn: int) -> None:
    all_of_them = [facts("a", 3, None), facts("b", 2, "22"), facts("c", 1, "11")]
    index = ApplicationIndex()
    index.add(all_of_them[::turn])
    assert index.get(CHAT) == all_of_them[1]
    assert len(index) == 1
    assert index.get("u2i-1-2") is None
    assert index.resumes == {"22", "11"}


def test_the_resume_of_an_application_elsewhere_is_known() -> None:
    index = ApplicationIndex()
    index.add([ONLY_ITS_RESUME])
    assert (index.resumes, len(index), index.get("")) == ({"54312"}, 0, None)


def test_the_application_behind_a_line_is_as_it_was() -> None:
    [one] = read_one(entry(applicant={**entry()["applicant"], "resume_id": None})).found
    reason = Reason("applied_without_resume")
    line = build_item(Chat(CHAT), NoMatch("no_resume", reason), Answers(one))
    assert application_of(line) == one._replace(created=0.0)
    line.application_id = None
    assert application_of(line) is None
