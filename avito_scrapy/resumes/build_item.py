"""From a case to its line of ``resumes.jl``."""

from __future__ import annotations

from dataclasses import fields

from avito_scrapy.avito.case import Case, Ends, Leads, Rules
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    ContactsFacts,
    Failure,
    ResumeFacts,
    TalkFacts,
)
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.times import now_iso

_OWN = [f.name for f in fields(Chat)]


def start(chat: Chat) -> ChatResume:
    """A line that holds the chat's own fields."""
    return ChatResume(**{name: getattr(chat, name) for name in _OWN})


def failed(chat: Chat, reason: str) -> ChatResume:
    """A line for a chat that nothing was learnt about."""
    line = start(chat)
    line.outcome, line.reason, line.fetched_at = "failed", reason, now_iso()
    return line


def record(case: Case, end: Leads | Ends, rules: Rules) -> ChatResume:
    """The line of a case that has come to its end; nothing in it is more than was answered."""
    line = start(case.chat)
    line.fetched_at = now_iso()
    _fill(line, case.reply("chat", line.chat_id), ("user_name", "item_title"))
    talk = case.reply("messages", line.chat_id)
    if isinstance(talk, TalkFacts):
        line.chat_status, line.waiting_since = talk.status, talk.waiting_since
        line.replies = [(when, seconds) for when, seconds in talk.replies]
    for said in (talk, case.reply("chat", line.chat_id)):
        if line.last_message_at is None and line.last_message is None:
            _fill(line, said, ("last_message", "last_message_at", "last_message_direction"))
    if case.application:
        _application(line, case.application)
    if isinstance(end, Ends):
        line.outcome, line.reason = end
        return line
    line.match, line.resume_id = end
    _resume(line, case, end)
    return line


def _application(line: ChatResume, one: ApplicationFacts) -> None:
    line.application_id, line.applied_at, line.vacancy_id = one.id, one.applied_at, one.vacancy_id
    line.full_name, line.phone = one.name, one.phone
    line.age, line.gender = one.age, one.gender
    line.citizenship, line.education = one.citizenship, one.education


def _resume(line: ChatResume, case: Case, leads: Leads) -> None:
    resume = case.reply("resumes", leads.resume_id)
    if isinstance(resume, Failure):
        line.outcome, line.reason = "failed", f"the resume could not be read: {resume.reason}"
    elif isinstance(resume, ResumeFacts):
        line.outcome = "found"
        for name, value in resume._asdict().items():
            if value is not None:
                setattr(line, name, value)
    else:
        line.outcome, line.reason = "resume_removed", "the candidate has taken the resume down"
    contacts = case.reply("contacts", leads.resume_id)
    if isinstance(contacts, ContactsFacts):
        line.full_name = line.full_name or contacts.name
        line.phone = line.phone or contacts.phone
        line.email = contacts.email
        line.named_chats = list(contacts.chat_ids)
        line.is_purchased = line.is_purchased or case.bought
    elif isinstance(contacts, Failure) and case.bought and contacts.status is None:
        line.is_purchased = None  # the money may have been taken: to be asked anew


def _fill(line: ChatResume, said: object, names: tuple[str, ...]) -> None:
    """Put what was said where the input had nothing."""
    if isinstance(said, (ChatFacts, TalkFacts)):
        for name in names:
            if getattr(line, name) is None:
                setattr(line, name, getattr(said, name))
