"""Builds a line of ``resumes.jl`` from the answers about a chat."""

from __future__ import annotations

from dataclasses import dataclass

from avito_scrapy.avito.chat_status import heard
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    ContactsFacts,
    Failure,
    Reply,
    ResumeFacts,
    TalkFacts,
)
from avito_scrapy.items import Chat, ChatResume, MatchedBy, OutcomeName
from avito_scrapy.reasons import Reason
from avito_scrapy.times import now_iso

# Fields of a line that an application fills, and their names there.
_OF_APPLICATION = {
    "application_id": "id",
    "applied_at": "applied_at",
    "vacancy_id": "vacancy_id",
    "full_name": "name",
    "phone": "phone",
    "age": "age",
    "gender": "gender",
    "citizenship": "citizenship",
    "education": "education",
}


@dataclass(frozen=True)
class Match:
    """The chat leads to a resume."""

    by: MatchedBy
    resume_id: str


@dataclass(frozen=True)
class NoMatch:
    """The chat leads to no resume, and why."""

    outcome: OutcomeName
    reason: Reason


@dataclass
class Answers:
    """Avito's answers about a chat; None: not requested."""

    application: ApplicationFacts | None = None
    chat: Reply | None = None
    messages: Reply | None = None
    resume: Reply | None = None
    contacts: Reply | None = None
    bought: bool = False
    """The contacts were paid for in this run."""


def failed_item(chat: Chat, reason: Reason) -> ChatResume:
    """The line of a chat that failed altogether."""
    return build_item(chat, NoMatch("failed", reason), Answers())


def build_item(chat: Chat, match: Match | NoMatch, answers: Answers) -> ChatResume:
    item = ChatResume(**vars(chat))
    item.fetched_at = now_iso()
    _fill(item, answers.chat, ("user_name", "item_title"))
    talk = answers.messages
    if isinstance(talk, TalkFacts):
        item.chat_status, item.waiting_since = talk.status, talk.waiting_since
        item.replies = [(when, seconds) for when, seconds in talk.replies]
    for facts in (talk, answers.chat):
        # Avito's own notice at the end of a chat has a time and nobody's words.
        if item.last_message is None and item.last_message_direction is None:
            _fill(item, facts, ("last_message", "last_message_at", "last_message_direction"))
    item.chat_status = heard(item, talk)
    if answers.application:
        _add_application(item, answers.application)
    if isinstance(match, NoMatch):
        item.outcome, item.reason = match.outcome, match.reason
        return item
    item.match, item.resume_id = match.by, match.resume_id
    _add_resume(item, answers)
    _add_contacts(item, answers)
    return item


def _add_application(item: ChatResume, application: ApplicationFacts) -> None:
    for name, told in _OF_APPLICATION.items():
        setattr(item, name, getattr(application, told))


def application_of(line: ChatResume) -> ApplicationFacts | None:
    """The application that a stored line without a resume was made of; None: of none."""
    if line.application_id is None:
        return None
    told = {told: getattr(line, name) for name, told in _OF_APPLICATION.items()}
    return ApplicationFacts(chat_id=line.chat_id, created=0.0, **told)


def _add_resume(item: ChatResume, answers: Answers) -> None:
    resume = answers.resume
    if isinstance(resume, Failure):
        item.outcome = "failed"
        item.reason = Reason("resume_unreadable", cause=resume.reason)
    elif isinstance(resume, ResumeFacts):
        item.outcome = "found"
        for name, value in resume._asdict().items():
            if value is not None:
                setattr(item, name, value)
    else:
        item.outcome, item.reason = "resume_removed", Reason("resume_removed")


def _add_contacts(item: ChatResume, answers: Answers) -> None:
    contacts = answers.contacts
    if isinstance(contacts, ContactsFacts):
        item.full_name = item.full_name or contacts.name
        item.phone = item.phone or contacts.phone
        item.email = contacts.email
        item.named_chats = list(contacts.chat_ids)
        item.is_purchased = item.is_purchased or answers.bought
    elif contacts is not None and item.outcome == "found":
        cause = contacts.reason if isinstance(contacts, Failure) else Reason("gone")
        item.reason = Reason("contacts_unreadable", cause=cause)
        if isinstance(contacts, Failure) and answers.bought and contacts.status is None:
            item.is_purchased = None  # the money may have been taken: to be asked anew


def _fill(item: ChatResume, said: object, names: tuple[str, ...]) -> None:
    """Fill the fields that the input left empty."""
    if isinstance(said, (ChatFacts, TalkFacts)):
        for name in names:
            if getattr(item, name) is None:
                setattr(item, name, getattr(said, name))
