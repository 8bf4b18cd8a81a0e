"""From the parsed answer of a method to what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from avito_scrapy.avito.case import Ask, Rules
from avito_scrapy.avito.chat_fields import chat_facts
from avito_scrapy.avito.chat_status import READ_UNTOLD, talk_facts
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.job_models import ChatAnswer, Contacts, Message, Messages, Resume
from avito_scrapy.avito.parsing import read
from avito_scrapy.avito.results import Failure, Reply
from avito_scrapy.avito.resume_fields import contacts_facts, resume_facts

Drifts = tuple[str, ...]
# Without these nobody knows what a chat is about; "not told" must not become "about nothing".
_VITAL = frozenset(("", "context", "context.type", "context.value", "context.value.id"))
LAST_OFFSET = 1000
"""Furthest that messages can be read back (Avito's document)."""


def read_reply(ask: Ask, data: Any, rules: Rules) -> tuple[Reply, Drifts]:
    """The answer to ``ask`` (any but messages) and the names of its drifted fields."""
    if ask.method == "chat":
        return _chat(ask.key, data, rules)
    if ask.method == "resumes":
        resume, drifts = read(Resume, data)
        if "" in drifts or not (resume.id or resume.title or resume.url):
            return Failure("Avito's answer was no resume"), drifts
        if resume.id is not None and str(resume.id) != ask.key:
            return Failure("Avito answered with another resume"), drifts
        today = datetime.now(rules.tz).date()
        return resume_facts(resume, ask.key, rules.web_url, today), drifts
    contacts, drifts = read(Contacts, data)
    if contacts.contacts is None:
        return Failure("Avito's answer held no contacts"), drifts
    return contacts_facts(contacts), drifts


def _chat(chat_id: str, data: Any, rules: Rules) -> tuple[Reply, Drifts]:
    chat, drifts = read(ChatAnswer, data)
    if chat.id not in (None, chat_id):
        return Failure("Avito answered with another chat"), drifts
    told = any(part is not None for part in (chat.id, chat.users, chat.context, chat.last_message))
    if not told or _VITAL.intersection(drifts):
        return Failure("Avito's answer does not tell in a known form what it is about"), drifts
    return chat_facts(chat, rules.account_id, rules.tz), drifts


def read_messages(data: Any) -> tuple[list[Message | None] | Failure, Drifts]:
    """A page of messages and the names of drifted fields."""
    marked = _marked(data)
    page, drifts = read(Messages, data)
    names = tuple(name.removeprefix("messages.") for name in drifts)
    if page.messages is None:
        return Failure("no messages in it"), names
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


def read_talk(messages: Sequence[Message | None], rules: Rules) -> Reply:
    """What all of a chat's messages say that can be read."""
    return talk_facts(messages, rules.tz, cut=len(messages) >= LAST_OFFSET + PAGE)
