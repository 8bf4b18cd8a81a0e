"""Whom to forget, as it was typed, and which chats are theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from avito_scrapy.avito import chat_ids, phones
from avito_scrapy.errors import UsageError
from avito_scrapy.files import chat_lines
from avito_scrapy.store import Store
from avito_scrapy.times import iso_to_seconds

_DAYS = re.compile(r"([1-9]\d{0,4})d", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """One of: a chat, the person with a phone (E.164), everybody not heard of since ``before``."""

    chat_id: str | None = None
    phone: str | None = None
    before: float | None = None

    @classmethod
    def parse(cls, older_than: str | None, chat: str | None, person: str | None) -> Selection:
        """Check what was typed.

        Raises:
            UsageError: not exactly one of the three, or not of its kind; never repeats it.
        """
        if sum(text is not None for text in (older_than, chat, person)) != 1:
            raise UsageError("say one of --older-than 180d, --chat ID, --person PHONE")
        if chat is not None:
            if chat_ids.parse(chat) is None:
                raise UsageError("--chat must be a chat id as in chats.jl, like u2i-...")
            return cls(chat_id=chat)
        if person is not None:
            phone = phones.normalise(person)
            if phone is None:
                raise UsageError("--person must be a phone number like +7 9XX XXX-XX-XX")
            return cls(phone=phone)
        days = _DAYS.fullmatch(older_than or "")
        if days is None:
            raise UsageError("--older-than must be a number of days, like 180d")
        now = datetime.now(timezone.utc)
        return cls(before=(now - timedelta(days=int(days[1]))).timestamp())

    @property
    def words(self) -> Collection[str]:
        """What gives the person away in a line that cannot be read."""
        return [self.phone] if self.phone else []

    def chats(self, store: Store, files: Sequence[Path]) -> set[str]:
        """The ids of their chats, from the store and from ``files`` (.jl)."""
        if self.chat_id is not None:
            return {self.chat_id}
        if self.phone is not None:
            return _of_phone(self.phone, store, files)
        assert self.before is not None
        return set(_older(self.before, store, files))


def _of_phone(phone: str, store: Store, files: Sequence[Path]) -> set[str]:
    chats, resumes = store.people.of_phone(phone)
    known = [
        (line["chat_id"], str(line.get("resume_id") or ""), line.get("phone"))
        for path in files
        for line in chat_lines(path)
    ]
    resumes |= {resume for _, resume, theirs in known if resume and theirs == phone}
    return chats | {chat for chat, resume, theirs in known if theirs == phone or resume in resumes}


def _older(before: float, store: Store, files: Sequence[Path]) -> Iterator[str]:
    """Chats whose last message, or else what else is known of them, was ``before``.

    The newest word on a chat counts: a file may know of a message that the store does not.
    """
    messages: dict[str, float] = {}
    seen: dict[str, float] = {}

    def note(known: dict[str, float], chat: str, when: float | None) -> None:
        if when is not None:
            known[chat] = max(when, known.get(chat, when))

    for chat, message, fetched in store.people.last_seen():
        note(messages, chat, message)
        note(seen, chat, fetched)
    for path in files:
        for line in chat_lines(path):
            note(messages, line["chat_id"], iso_to_seconds(line.get("last_message_at")))
            for name in ("fetched_at", "collected_at"):
                note(seen, line["chat_id"], iso_to_seconds(line.get(name)))
    return (chat for chat, when in {**seen, **messages}.items() if when < before)
