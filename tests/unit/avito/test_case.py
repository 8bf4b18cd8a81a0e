"""Every way from a chat to a resume, and every way it ends before one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timezone
from typing import Any

import pytest

from avito_scrapy.avito.case import (
    Ask,
    Case,
    Ends,
    Leads,
    Open,
    Rules,
    is_other_page,
    is_resume_page,
    way,
)
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    Failure,
    NotFound,
    Reply,
    ResumeFacts,
)
from avito_scrapy.items import Chat

ACCOUNT = 94235311
RULES = Rules(ACCOUNT, date(2025, 11, 24), timezone.utc, "https://www.avito.ru")
BROKEN_INDEX = Rules(
    ACCOUNT, date(2025, 11, 24), timezone.utc, "", index_trouble="Avito answered 503 (10 tries)"
)
RESUME_URL = "https://avito.ru/moskva/rezume/povar_77"
ITEM_URL = "https://avito.ru/moskva/mebel/stul_77"


def case(kind: Any = "u2i", application: ApplicationFacts | None = None, **replies: Reply) -> Case:
    chat = Chat(f"{kind}-x", chat_type=kind)
    made = Case(chat, application)
    for method, reply in replies.items():
        key = chat.chat_id if method == "chat" else "77"
        made.replies[Ask(method, key)] = reply  # type: ignore[arg-type]
    return made


def about(owner: int | None, url: str | None = ITEM_URL, item: int | None = 77) -> ChatFacts:
    return ChatFacts(item_id=item, item_owner=owner, item_url=url)


def applied(**change: Any) -> ApplicationFacts:
    return ApplicationFacts(**{"id": "a", "chat_id": "u2i-x", "created": 1.0, **change})


def test_avitos_own_chats_need_no_request() -> None:
    found = way(case("a2u"), RULES, None)
    assert isinstance(found, Ends)
    assert found.outcome == "not_candidate"


def test_an_application_comes_first() -> None:
    known = case(application=applied(resume_id="5"), chat=about(8, RESUME_URL))
    assert way(known, RULES, named="6") == Leads("application", "5")


def test_an_application_without_a_resume() -> None:
    found = way(case(application=applied()), RULES, None)
    assert found == Open(Ends("no_resume", "the candidate applied without a resume"))
    assert way(case(application=applied()), RULES, "9") == Leads("contacts", "9")


def test_an_application_that_cannot_be_read_is_a_failure() -> None:
    found = way(case(application=applied(resume_known=False)), RULES, None)
    assert isinstance(found, Ends)
    assert found.outcome == "failed"
    # another one, not read, may have had a resume
    found = way(case(application=applied()), BROKEN_INDEX, None)
    assert isinstance(found, Open)
    assert (found.otherwise.outcome, "503" in found.otherwise.reason) == ("failed", True)


@pytest.mark.parametrize("kind", ["u2i", "u2u"])
def test_then_the_chat_is_asked_for(kind: str) -> None:
    assert way(case(kind), RULES, "5") == Ask("chat", f"{kind}-x")


@pytest.mark.parametrize("rules", [RULES, BROKEN_INDEX])
def test_somebodys_resume_in_the_chat(rules: Rules) -> None:
    assert way(case(chat=about(8, RESUME_URL)), rules, None) == Leads("chat_item", "77")


@pytest.mark.parametrize(("owner", "company"), [(ACCOUNT, None), (ACCOUNT, 5), (5, 5)])
def test_our_own_item_is_no_resume_of_a_candidate(owner: int, company: int | None) -> None:
    rules = replace(RULES, employee_of=company)
    found = way(case(chat=about(owner, RESUME_URL)), rules, None)
    assert isinstance(found, Open)
    assert found.otherwise.outcome == "no_resume"
    assert "since 2025-11-24" in found.otherwise.reason
    assert "our own vacancy" in found.otherwise.reason


@pytest.mark.parametrize("url", [ITEM_URL, None, "https://avito.ru/x/vakansii/rezume_77"])
def test_somebodys_item_is_asked_whether_it_is_a_resume(url: str | None) -> None:
    assert way(case(chat=about(8, url)), RULES, None) == Ask("resumes", "77")
    proved = case(chat=about(8, url), resumes=ResumeFacts("77"))
    assert way(proved, RULES, None) == Leads("chat_item", "77")
    unsure = way(case(chat=about(8, url), resumes=Failure("no answer")), RULES, None)
    assert isinstance(unsure, Ends)
    assert unsure.outcome == "failed"


def test_somebodys_item_of_another_category_is_no_candidates() -> None:
    found = way(case(chat=about(8), resumes=NotFound()), RULES, "9")
    assert found == Ends("not_candidate", "about somebody's item that is no resume")


@pytest.mark.parametrize("url", [None, "", "https://avito.ru/77", "https://[x/a/b/c_77"])
def test_what_was_taken_down_may_have_been_a_resume(url: str | None) -> None:
    taken_down = case(chat=about(8, url), resumes=NotFound())
    found = way(taken_down, RULES, None)
    assert isinstance(found, Open)
    assert found.otherwise.outcome == "no_resume"
    assert "whether the chat is about a resume is not known" in found.otherwise.reason
    assert way(taken_down, RULES, "9") == Leads("contacts", "9")
    found = way(taken_down, BROKEN_INDEX, None)
    assert isinstance(found, Open)
    assert found.otherwise.outcome == "failed"


def test_without_an_owner_the_item_must_prove_itself() -> None:
    assert way(case(chat=about(None, RESUME_URL)), RULES, None) == Ask("resumes", "77")
    assert way(case(chat=about(None, RESUME_URL), resumes=ResumeFacts("77")), RULES, None) == Leads(
        "chat_item", "77"
    )
    assert isinstance(way(case(chat=about(None), resumes=NotFound()), RULES, None), Open)


def test_contacts_come_last() -> None:
    assert way(case(chat=about(ACCOUNT)), RULES, "9") == Leads("contacts", "9")
    assert way(case(chat=about(None, item=None)), RULES, "9") == Leads("contacts", "9")
    assert way(case(chat=about(8, RESUME_URL)), RULES, "9") == Leads("chat_item", "77")


@pytest.mark.parametrize(
    ("kind", "rules", "outcome"),
    [
        ("u2i", RULES, "no_resume"),
        ("u2u", RULES, "not_candidate"),
        ("u2i", BROKEN_INDEX, "failed"),
        ("u2u", BROKEN_INDEX, "failed"),
    ],
)
def test_nothing_leads_anywhere(kind: str, rules: Rules, outcome: str) -> None:
    found = way(case(kind, chat=about(None, item=None)), rules, None)
    assert isinstance(found, Open)
    assert found.otherwise.outcome == outcome


@pytest.mark.parametrize(
    ("kind", "reply", "outcome"),
    [
        ("u2u", NotFound(), "not_candidate"),
        ("u2i", NotFound(), "failed"),
        ("u2i", Failure("no answer within 15 s (10 tries)"), "failed"),
    ],
)
def test_no_chat(kind: str, reply: Reply, outcome: str) -> None:
    found = way(case(kind, chat=reply), RULES, None)
    assert isinstance(found, Ends)
    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://avito.ru/moskva/rezume/povar_358696_2143065041", True),
        ("https://www.avito.ru/tver/rezume/voditel_1?x=1", True),
        ("/moskva/resume/cook_1", True),
        ("https://avito.ru/moskva/kantselyariya/papka_dlya_rezume_1", False),
        ("https://avito.ru/moskva/vakansii/podbor_rezume_1", False),
        ("https://rezume.example/moskva/vakansii/x_1", False),
        ("https://avito.ru/moskva/vakansii/x_1?from=/rezume/", False),
        ("rezume", False),
        ("", False),
        (None, False),
    ],
)
def test_the_address_of_a_resume(url: str | None, is_one: bool) -> None:
    assert is_resume_page(url) is is_one


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://avito.ru/moskva/avtomobili/mazda_3_2008_1768287444", True),
        ("/moskva/vakansii/povar_1/?x=1", True),
        ("/moskva/vakansii/podbor_rezume_1", True),
        ("/moskva/predlozheniya_uslug/remont/pod_klyuch_1", True),
        ("/moskva/rezume/povar_1", False),
        ("/moskva/povar_1", False),
        ("/user/db65c00c/profile", False),
        ("https://avito.ru/1768287444", False),
        ("https://[x/moskva/vakansii/povar_1", False),
        ("", False),
        (None, False),
    ],
)
def test_the_address_of_something_else(url: str | None, is_one: bool) -> None:
    assert is_other_page(url) is is_one
