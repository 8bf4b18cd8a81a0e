"""What the spiders yield, as plain dataclasses that itemadapter takes; the recruiter's notes.

The order of the fields is the order in ``chats.jl`` and ``resumes.jl``. Times are ISO 8601
strings with their zone. Not known is ``None``, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal

from avito_scrapy.reasons import Reason

ChatType = Literal["u2i", "u2u", "a2u"]
Direction = Literal["in", "out"]
OutcomeName = Literal["found", "resume_removed", "no_resume", "not_candidate", "failed"]
MatchedBy = Literal["application", "chat_item", "contacts"]
ChatStatus = Literal[
    "awaits_us", "read_no_reply", "unread", "replied", "refused", "never_written", "unknown"
]


def _shown(reason: Reason | None) -> str | None:
    return None if reason is None else str(reason)


@dataclass
class Chat:
    """One chat of the messenger, as the page shows it: a line of ``chats.jl``."""

    chat_id: str
    chat_url: str | None = None
    chat_type: ChatType | None = None
    user_id: int | None = None
    """The other side, only where the id says so."""
    item_id: int | None = None
    """The item the chat is about, only where the id or Avito's own answer says so."""
    user_name: str | None = None
    item_title: str | None = None
    last_message: str | None = None
    last_message_at: str | None = None
    last_message_direction: Direction | None = None
    is_unread: bool | None = None
    position: int | None = None
    """Place in the list when first seen, from 1."""
    collected_at: str | None = None


@dataclass
class ChatResume(Chat):
    """A chat and the resume behind it: a line of ``resumes.jl``, one for each input chat."""

    outcome: OutcomeName | None = None
    reason: Reason | None = field(default=None, metadata={"serializer": _shown})
    """Why not ``found``, or why something is missing; English in ``resumes.jl``."""
    match: MatchedBy | None = None
    """How the chat led to the resume."""
    resume_id: str | None = None
    resume_url: str | None = None
    title: str | None = None
    full_name: str | None = None
    phone: str | None = None
    """E.164."""
    email: str | None = None
    age: int | None = None
    gender: str | None = None
    address: str | None = None
    citizenship: str | None = None
    salary: int | None = None
    schedule: str | None = None
    education: str | None = None
    experience_months: int | None = None
    moving: str | None = None
    is_purchased: bool | None = None
    resume_updated_at: str | None = None
    vacancy_id: int | None = None
    application_id: str | None = None
    applied_at: str | None = None
    chat_status: ChatStatus = "unknown"
    waiting_since: str | None = None
    """Since when the candidate has waited for our answer; None when nobody waits."""
    fetched_at: str | None = None
    from_store: bool = False
    """True when nothing was asked again for this chat."""
    is_active: bool | None = None
    """Whether Avito shows the resume to employers."""
    replies: list[tuple[str, int]] = field(default_factory=list)
    """Our answers: (when, seconds after the candidate's first message that it answers).
    For the figures of the workbook; not in ``resumes.jl``."""
    named_chats: list[str] = field(default_factory=list)
    """Chats that the resume's contacts name: they may be all that leads another chat to it.
    For later runs; not in ``resumes.jl``."""


CHAT_FIELDS: list[str] = [f.name for f in fields(Chat)]
NOT_WRITTEN = ("replies", "named_chats")
RESUME_FIELDS: list[str] = [f.name for f in fields(ChatResume) if f.name not in NOT_WRITTEN]


@dataclass(frozen=True)
class Note:
    """The recruiter's own columns for one person, as they were typed.

    ``outcome`` is «Исход звонка», ``comment`` «Комментарий», ``next_call`` «Следующий звонок»
    (a date is written as YYYY-MM-DD, with the time after a space if it has one). None: empty.

    ``author``, ``made_at`` (Unix seconds) and ``seen_at`` (up to when its author knew the chats: a
    message after it is news) do not count when notes are compared. None: not known.
    """

    outcome: str | None = None
    comment: str | None = None
    next_call: str | None = None
    author: str | None = field(default=None, compare=False)
    made_at: float | None = field(default=None, compare=False)
    seen_at: float | None = field(default=None, compare=False)

    def __bool__(self) -> bool:
        """Whether anything was written."""
        return any((self.outcome, self.comment, self.next_call))


def note_key(notes: Mapping[str, Note], keys: Iterable[str]) -> str | None:
    """Under which of a person's ``keys`` their note is kept, the latest of several; None: none."""
    known = [key for key in keys if key in notes]
    return max(known, key=lambda key: notes[key].made_at or 0.0, default=None)


def person_key(record: ChatResume) -> str:
    """What a person is known by in the store: the phone, else the resume's id, else the chat's."""
    return record.phone or record.resume_id or record.chat_id
