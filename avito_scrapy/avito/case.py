"""One chat on its way to a resume: what is known of it and what that means.

The order is that of Avito's notes on integration, each step exact: the application that names
the chat; the chat's own context item, if it is somebody else's resume; the contacts of a bought
resume that name the chat. Otherwise there is no known resume.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    Failure,
    Reply,
    ResumeFacts,
)
from avito_scrapy.items import Chat, Match, OutcomeName

# /<city>/<category>/<slug>_<number>
_ITEM_PAGE = re.compile(r"(/[^/]+){2,}/[^/]*_[0-9]+/?")
Asked = Literal["chat", "messages", "resumes", "contacts"]


class Ask(NamedTuple):
    """A question for Avito: a method, and the chat or resume it is about."""

    method: Asked
    key: str


@dataclass(frozen=True)
class Rules:
    """What holds for every chat of a run.

    ``index_trouble``: why applications could not be read to the end; then a chat without one
    is not known to have none. ``untold``: applications that Avito lists and tells nothing of; too
    few to doubt the others, and said in the reason. ``since``: the first day of the index.
    ``applied``: resumes that came with applications; their contacts cost nothing (Avito's
    document), whichever chat leads there. ``employee_of``: the company, where the account
    is that of an employee.
    """

    account_id: int
    since: date
    tz: tzinfo
    web_url: str
    contacts: Literal["free", "none", "all"] = "free"
    messages: bool = True
    index_trouble: str | None = None
    untold: int = 0
    applied: Collection[str] = frozenset()
    employee_of: int | None = None

    def ours(self, owner: int | None) -> bool:
        """Whether an item is ours; a company's may be in its own or in its employee's name."""
        return owner is not None and owner in (self.account_id, self.employee_of)


@dataclass(slots=True, eq=False)
class Case:
    """A chat and what Avito has answered about it so far.

    ``at_work``: it waits for answers. ``bought``: the contacts of its resume were paid for in
    this run.
    """

    chat: Chat
    application: ApplicationFacts | None = None
    at_work: bool = False
    bought: bool = False
    replies: dict[Ask, Reply] = field(default_factory=dict)

    def reply(self, method: Asked, key: str | None) -> Reply | None:
        """The answer to a question, None when there is none yet."""
        return None if key is None else self.replies.get(Ask(method, key))


class Leads(NamedTuple):
    """The chat leads to a resume."""

    match: Match
    resume_id: str


class Ends(NamedTuple):
    """It does not, and why."""

    outcome: OutcomeName
    reason: str


class Open(NamedTuple):
    """Only another resume's contacts can still tell; ``otherwise`` when none does."""

    otherwise: Ends


Way = Leads | Ends | Open | Ask
"""Where a case stands; an Ask: this must be known first."""


def way(case: Case, rules: Rules, named: str | None) -> Way:
    """Where ``case`` leads.

    Args:
        case: what is known.
        rules: of the run.
        named: the resume whose contacts name the chat, if exactly one is known to.
    """
    if case.chat.chat_type == "a2u":
        return Ends("not_candidate", "Avito and its assistants write here")
    if case.application:
        return _by_application(case.application, rules, named)
    chat = case.reply("chat", case.chat.chat_id)
    if chat is None:
        return Ask("chat", case.chat.chat_id)
    if isinstance(chat, Failure):
        return Ends("failed", f"the chat could not be read: {chat.reason}")
    if not isinstance(chat, ChatFacts):
        if case.chat.chat_type == "u2u":
            return Ends("not_candidate", "a private chat that Avito no longer has")
        return Ends("failed", "Avito knows no such chat in this account (404)")
    found = None if rules.ours(chat.item_owner) else _by_item(case, chat)
    if found:
        return found
    return Leads("contacts", named) if named else Open(_nothing(case, chat, rules))


def _by_application(one: ApplicationFacts, rules: Rules, named: str | None) -> Way:
    if one.resume_id:
        return Leads("application", one.resume_id)
    if not one.resume_known:
        return Ends("failed", "the application does not tell its resume in a form that is known")
    if named:
        return Leads("contacts", named)
    if rules.index_trouble:
        return Open(Ends("failed", f"applications could not be read: {rules.index_trouble}"))
    return Open(Ends("no_resume", "the candidate applied without a resume"))


def _by_item(case: Case, chat: ChatFacts) -> Way | None:
    """The item of the chat, which is not known to be ours: somebody's resume or not."""
    if chat.item_id is None:
        return None
    resume_id = str(chat.item_id)
    if chat.item_owner is not None and is_resume_page(chat.item_url):
        return Leads("chat_item", resume_id)
    resume = case.reply("resumes", resume_id)
    if resume is None:
        return Ask("resumes", resume_id)
    if isinstance(resume, Failure):
        return Ends("failed", f"whether the chat is about a resume is not known: {resume.reason}")
    if isinstance(resume, ResumeFacts):
        return Leads("chat_item", resume_id)
    # A resume that was taken down is answered with 404 too: only an address tells them apart.
    if chat.item_owner is None or not is_other_page(chat.item_url):
        return None
    return Ends("not_candidate", "about somebody's item that is no resume")


def _nothing(case: Case, chat: ChatFacts, rules: Rules) -> Ends:
    if rules.index_trouble:
        return Ends("failed", f"applications could not be read: {rules.index_trouble}")
    if case.chat.chat_type == "u2u":
        return Ends("not_candidate", "a private chat: no application and no item")
    if chat.item_id is None:
        about = "the chat names no item"
    elif chat.item_owner is None:
        about = "Avito does not say whose item the chat is about"
    elif rules.ours(chat.item_owner):
        about = "the chat is about our own vacancy"
    else:
        about = "whether the chat is about a resume is not known"
    day, untold = rules.since.isoformat(), rules.untold
    if untold:
        return Ends(
            "no_resume",
            f"no application since {day} ({untold} that Avito lists it does not tell of) "
            f"and {about}",
        )
    return Ends("no_resume", f"no application since {day} and {about}")


def is_resume_page(url: str | None) -> bool:
    """Whether an item's address is that of a resume: /<city>/rezume/<slug>_<number>.

    The word must be a part of the path by itself: vacancies and things may have it in their slug.
    """
    parts = _path(url).split("/")
    return "rezume" in parts[:-1] or "resume" in parts[:-1]


def is_other_page(url: str | None) -> bool:
    """Whether an item's address names a category, and not that of resumes."""
    return _ITEM_PAGE.fullmatch(_path(url)) is not None and not is_resume_page(url)


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""


def wants_contacts(leads: Leads, case: Case, resume: ResumeFacts, rules: Rules) -> bool:
    """Whether the contacts are wanted and cost nothing."""
    if rules.contacts == "none":
        return False
    if leads.match == "application" and case.application:
        return case.application.phone is None or case.application.name is None
    return resume.is_purchased is True or leads.resume_id in rules.applied


def may_be_bought(leads: Leads, case: Case, rules: Rules) -> bool:
    """Whether contacts are wanted, not there and for sale."""
    resume = case.reply("resumes", leads.resume_id)
    return (
        rules.contacts == "all"
        and leads.match != "application"
        and leads.resume_id not in rules.applied
        and isinstance(resume, ResumeFacts)
        and resume.is_purchased is False
        and case.reply("contacts", leads.resume_id) is None
    )
