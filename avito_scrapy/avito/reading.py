"""From the parsed answer of a method to what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Any

from avito_scrapy.avito.chat_fields import chat_facts
from avito_scrapy.avito.chat_status import READ_UNTOLD, talk_facts
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.job_models import ChatAnswer, Contacts, Message, Messages, Resume
from avito_scrapy.avito.parsing import read
from avito_scrapy.avito.results import Failure, Reply
from avito_scrapy.avito.resume_fields import contacts_facts, resume_facts
from avito_scrapy.reasons import Reason

Drifts = tuple[str, ...]
# Without these nobody knows what a chat is about; "not told" must not become "about nothing".
_VITAL = frozenset(("", "context", "context.type", "context.value", "context.value.id"))
LAST_OFFSET = 1000
"""Furthest that messages can be read back (Avito's document)."""


def read_chat(chat_id: str, data: Any, account_id: int, tz: tzinfo) -> tuple[Reply, Drifts]:
    """The answer about ``chat_id`` and the names of its drifted fields."""
    chat, drifts = read(ChatAnswer, data)
    if chat.id not in (None, chat_id):
        return Failure(Reason("other_chat")), drifts
    told = any(part is not None for part in (chat.id, chat.users, chat.context, chat.last_message))
    if not told or _VITAL.intersection(drifts):
        return Failure(Reason("chat_odd")), drifts
    return chat_facts(chat, account_id, tz), drifts


def read_resume(resume_id: str, data: Any, web_url: str, today: date) -> tuple[Reply, Drifts]:
    """The answer about ``resume_id`` and the names of its drifted fields."""
    resume, drifts = read(Resume, data)
    if "" in drifts or not (resume.id or resume.title or resume.url):
        return Failure(Reason("no_resume_in_answer")), drifts
    if resume.id is not None and str(resume.id) != resume_id:
        return Failure(Reason("other_resume")), drifts
    return resume_facts(resume, resume_id, web_url, today), drifts


def read_contacts(data: Any) -> tuple[Reply, Drifts]:
    """The contacts of a resume and the names of drifted fields."""
    contacts, drifts = read(Contacts, data)
    if contacts.contacts is None:
        return Failure(Reason("no_contacts_in_answer")), drifts
    return contacts_facts(contacts), drifts


def read_messages(data: Any) -> tuple[list[Message | None] | Failure, Drifts]:
    """A page of messages and the names of drifted fields."""
    marked = _marked(data)
    page, drifts = read(Messages, data)
    names = tuple(name.removeprefix("messages.") for name in drifts)
    if page.messages is None:
        return Failure(Reason("no_messages_in_answer")), names
    return [_honest(one, said) for one, said in zip(page.messages, marked, strict=True)], names


def _marked(data: Any) -> list[bool]:
    """Of each message, whether it says anything in ``read``: a mistyped one is read as None."""
    shaped = Messages.shaped(data)
    entries = shaped.get("messages") if isinstance(shaped, dict) else None
    listed = entries if isinstance(entries, list) else []
    return [isinstance(one, dict) and one.get("read") is not None for one in listed]


def _honest(one: Message | None, marked: bool) -> Message | None:
    """None in ``read`` means that nobody has read it, so it must not come from a mistyped one."""
    if one is not None and marked and one.read is None:
        return one.model_copy(update={"read": READ_UNTOLD})
    return one


def next_offset(page: Sequence[Message | None], offset: int) -> int | None:
    """Where the next page of messages begins; None when there is none or it cannot be asked."""
    following = offset + PAGE
    return following if len(page) >= PAGE and following <= LAST_OFFSET else None


def read_talk(messages: Sequence[Message | None], tz: tzinfo) -> Reply:
    """What all of a chat's messages say that can be read."""
    return talk_facts(messages, tz, cut=len(messages) >= LAST_OFFSET + PAGE)
