"""From the parsed answer of a method to what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from avito_scrapy.avito.answers import read
from avito_scrapy.avito.case import Ask, Rules
from avito_scrapy.avito.chat_fields import chat_facts
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.facts import Reply, Trouble
from avito_scrapy.avito.models import ChatAnswer, Contacts, Message, Messages, Resume
from avito_scrapy.avito.resume_fields import contacts_facts, resume_facts
from avito_scrapy.avito.status import talk_facts

Drifts = tuple[str, ...]
# Without these nobody knows what a chat is about; "not told" must not become "about nothing".
_VITAL = frozenset(("", "context", "context.type", "context.value", "context.value.id"))
LAST_OFFSET = 1000
"""Furthest that messages can be read back (Avito's document)."""


def read_reply(ask: Ask, data: Any, rules: Rules) -> tuple[Reply, Drifts]:
    """The answer to ``ask`` (any but messages) and the names of its drifted fields."""
    if ask.method == "chat":
        return _chat(data, rules)
    if ask.method == "resumes":
        resume, drifts = read(Resume, data)
        if "" in drifts:
            return Trouble("Avito's answer was no resume"), drifts
        if resume.id is not None and str(resume.id) != ask.key:
            return Trouble("Avito answered with another resume"), drifts
        today = datetime.now(rules.tz).date()
        return resume_facts(resume, ask.key, rules.web_url, today), drifts
    contacts, drifts = read(Contacts, data)
    if contacts.contacts is None:
        return Trouble("Avito's answer held no contacts"), drifts
    return contacts_facts(contacts), drifts


def _chat(data: Any, rules: Rules) -> tuple[Reply, Drifts]:
    chat, drifts = read(ChatAnswer, data)
    if _VITAL.intersection(drifts):
        return Trouble("Avito's answer does not tell in a known form what it is about"), drifts
    return chat_facts(chat, rules.account_id, rules.tz), drifts


def read_messages(data: Any) -> tuple[list[Message | None] | Trouble, Drifts]:
    """A page of messages and the names of drifted fields."""
    page, drifts = read(Messages, data)
    names = tuple(name.removeprefix("messages.") for name in drifts)
    return (Trouble("no messages in it") if page.messages is None else page.messages), names


def next_offset(page: Sequence[Message | None], offset: int) -> int | None:
    """Where the next page of messages begins; None when there is none or it cannot be asked."""
    following = offset + PAGE
    return following if len(page) >= PAGE and following <= LAST_OFFSET else None


def read_talk(messages: Sequence[Message | None], rules: Rules) -> Reply:
    """What all of a chat's messages say."""
    return talk_facts(messages, rules.tz)
