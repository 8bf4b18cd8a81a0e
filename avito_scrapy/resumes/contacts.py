"""Collects which chats the contacts name, and whether contacts can be read at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from avito_scrapy.avito.endpoints import REFUSALS_BELIEVED
from avito_scrapy.avito.results import ContactsFacts, Failure, Reply
from avito_scrapy.reasons import Reason


class ContactsSoFar:
    """Which chats contacts name, and what could not be read.

    Attributes:
        unread: why some contacts were not read; they may have named any chat.
        refused_to_all: the status with which contacts of every resume are refused.
    """

    def __init__(self, chats: Collection[str]) -> None:
        self.unread: Reason | None = None
        self.refused_to_all: int | None = None
        self._chats = chats
        self._named: dict[str, str | None] = {}
        self._refused: set[str] = set()
        self._granted = False

    def take(self, resume_id: str, contacts: Reply) -> None:
        """Take in the answer about a resume's contacts."""
        self.note_failure(contacts)
        if isinstance(contacts, ContactsFacts):
            self._granted = True
            self.name(resume_id, contacts.chat_ids)
        elif isinstance(contacts, Failure) and contacts.status in (402, 403):
            self._refused.add(resume_id)
            if len(self._refused) >= REFUSALS_BELIEVED and not self._granted:
                # The employer is not verified, say: no contacts can be read, free or not.
                self.refused_to_all = contacts.status

    def note_failure(self, reply: Reply) -> None:
        """Remember that contacts, or the resume they belong to, were not read."""
        if isinstance(reply, Failure) and not reply.status:
            self.unread = reply.reason

    def name(self, resume_id: str, chat_ids: Iterable[str]) -> None:
        """Note that a resume's contacts name these chats."""
        for chat_id in chat_ids:
            if chat_id in self._chats and self._named.setdefault(chat_id, resume_id) != resume_id:
                self._named[chat_id] = None  # two resumes name it: neither is known to be right

    def naming(self, chat_id: str) -> str | None:
        """The resume whose contacts name a chat, if exactly one is known to."""
        return self._named.get(chat_id)
