"""Every way from a chat to a resume, and every way it ends before one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from avito_scrapy.avito.endpoints import is_other_page, is_resume_page
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    Failure,
    NotFound,
    Reply,
    ResumeFacts,
)
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.resolver import Options
from tests.unit.resumes.fake_avito import ACCOUNT, OPTIONS, ResolverRun, run

DOWN = Failure(Reason("tries", cause=Reason("status", status=503), tries=10))
RESUME_URL = "https://avito.ru/moskva/rezume/povar_77"
ITEM_URL = "https://avito.ru/moskva/mebel/stul_77"


def resolve(
    kind: Any = "u2i",
    application: ApplicationFacts | None = None,
    *,
    options: Options = OPTIONS,
    incomplete: bool = False,
    named: str | None = None,
    **replies: Reply,
) -> ChatResume:
    """The line of a chat; ``named``: the resume whose contacts name it."""
    chat = Chat(f"{kind}-1", chat_type=kind)
    keys = {"chat": chat.chat_id, "resumes": "77"}
    started = ResolverRun(
        {(method, keys[method]): reply for method, reply in replies.items()}, options
    )
    started.index.incomplete = DOWN.reason if incomplete else None
    if application is not None:
        started.index.add([application])
    if named is not None:
        started.take_stored(2, resume_id=named, named_chats=["u2i-1"], outcome="found")
    line = run(started.resolver.resolve(chat))
    if line is None:
        started.finish()
        line = started.lines[chat.chat_id]
    return line


def matched(line: ChatResume) -> tuple[str | None, str | None]:
    return (line.match, line.resume_id)


def about(owner: int | None, url: str | None = ITEM_URL, item: int | None = 77) -> ChatFacts:
    return ChatFacts(item_id=item, item_owner=owner, item_url=url)


def applied(**change: Any) -> ApplicationFacts:
    return ApplicationFacts(**{"id": "a", "chat_id": "u2i-1", "created": 1.0, **change})


def test_avitos_own_chats_need_no_request() -> None:
    assert resolve("a2u").outcome == "not_candidate"


def test_an_application_comes_first() -> None:
    line = resolve(application=applied(resume_id="5"), chat=about(8, RESUME_URL), named="6")
    assert matched(line) == ("application", "5")


def test_an_application_without_a_resume() -> None:
    line = resolve(application=applied())
    assert (line.outcome, str(line.reason)) == (
        "no_resume", "the candidate applied without a resume",
    )  # fmt: skip
    assert matched(resolve(application=applied(), named="9")) == ("contacts", "9")


def test_an_application_that_cannot_be_read_is_a_failure() -> None:
    assert resolve(application=applied(resume_known=False)).outcome == "failed"
    # another one, not read, may have had a resume
    line = resolve(application=applied(), incomplete=True)
    assert (line.outcome, "503" in str(line.reason)) == ("failed", True)


@pytest.mark.parametrize("incomplete", [False, True])
def test_somebodys_resume_in_the_chat(incomplete: bool) -> None:
    line = resolve(chat=about(8, RESUME_URL), incomplete=incomplete)
    assert matched(line) == ("chat_item", "77")


@pytest.mark.parametrize(("owner", "company"), [(ACCOUNT, None), (ACCOUNT, 5), (5, 5)])
def test_our_own_item_is_no_resume_of_a_candidate(owner: int, company: int | None) -> None:
    options = replace(OPTIONS, employee_of=company)
    line = resolve(options=options, chat=about(owner, RESUME_URL))
    assert line.outcome == "no_resume"
    assert "since 2025-11-24" in str(line.reason)
    assert "our own vacancy" in str(line.reason)


@pytest.mark.parametrize("url", [ITEM_URL, None, "https://avito.ru/x/vakansii/rezume_77"])
def test_somebodys_item_is_asked_whether_it_is_a_resume(url: str | None) -> None:
    assert matched(resolve(chat=about(8, url), resumes=ResumeFacts("77"))) == ("chat_item", "77")
    assert resolve(chat=about(8, url), resumes=DOWN).outcome == "failed"


def test_somebodys_item_of_another_category_is_no_candidates() -> None:
    line = resolve(chat=about(8), resumes=NotFound(), named="9")
    assert (line.outcome, str(line.reason)) == (
        "not_candidate", "about somebody's item that is no resume",
    )  # fmt: skip


@pytest.mark.parametrize("url", [None, "", "https://avito.ru/77", "https://[x/a/b/c_77"])
def test_what_was_taken_down_may_have_been_a_resume(url: str | None) -> None:
    line = resolve(chat=about(8, url), resumes=NotFound())
    assert line.outcome == "no_resume"
    assert "whether the chat is about a resume is not known" in str(line.reason)
    assert matched(resolve(chat=about(8, url), resumes=NotFound(), named="9")) == ("contacts", "9")
    assert resolve(chat=about(8, url), resumes=NotFound(), incomplete=True).outcome == "failed"


def test_without_an_owner_the_item_must_prove_itself() -> None:
    line = resolve(chat=about(None, RESUME_URL), resumes=ResumeFacts("77"))
    assert matched(line) == ("chat_item", "77")
    assert resolve(chat=about(None, RESUME_URL), resumes=NotFound()).outcome == "no_resume"
    assert resolve(chat=about(None), resumes=NotFound()).outcome == "no_resume"


def test_contacts_come_last() -> None:
    assert matched(resolve(chat=about(ACCOUNT), named="9")) == ("contacts", "9")
    assert matched(resolve(chat=about(None, item=None), named="9")) == ("contacts", "9")
    assert matched(resolve(chat=about(8, RESUME_URL), named="9")) == ("chat_item", "77")


@pytest.mark.parametrize(
    ("kind", "incomplete", "outcome"),
    [
        ("u2i", False, "no_resume"),
        ("u2u", False, "not_candidate"),
        ("u2i", True, "failed"),
        ("u2u", True, "failed"),
    ],
)
def test_nothing_leads_anywhere(kind: str, incomplete: bool, outcome: str) -> None:
    line = resolve(kind, chat=about(None, item=None), incomplete=incomplete)
    assert line.outcome == outcome


@pytest.mark.parametrize(
    ("kind", "reply", "outcome"),
    [("u2u", NotFound(), "not_candidate"), ("u2i", NotFound(), "failed"), ("u2i", DOWN, "failed")],
)
def test_no_chat(kind: str, reply: Reply, outcome: str) -> None:
    assert resolve(kind, chat=reply).outcome == outcome


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
