"""One person out of all their chats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType

from avito_scrapy.avito.phrases import quiet_kind
from avito_scrapy.items import ChatResume, ChatStatus, Direction, Note, note_key
from avito_scrapy.report.records import account_key, account_of, agree, put_together, words
from avito_scrapy.times import parse_iso

_LONG_AGO = float("-inf")


@dataclass(frozen=True)
class Person:
    """A row of the workbook: what is known of one person from all their chats.

    Attributes:
        chats: all of them, the one with the freshest message first.
        best: the chat whose resume tells most, the freshest first.
        status: of the person: who waits for us in one chat waits, whatever the others say.
        waits: the chat of the latest message that waits for our answer, or None; one that asks
            nothing («Ок») stands back behind one that may.
        phones: E.164, the best resume's first.
        keys: what the recruiter's notes are kept by, the first being today's (see ``items.Note``).
            They are nobody else's: a note under a phone that several have belongs to nobody known.
        joined: ``resume``, ``phone``, ``both`` or None for a single chat.
        shared: names of others with the same phone, who were not joined.
        note: what the recruiter wrote about the person, under whatever they were known by then.
    """

    no: int
    chats: Sequence[ChatResume]
    best: ChatResume
    status: ChatStatus
    waits: ChatResume | None
    name: str | None
    phones: Sequence[str]
    keys: Sequence[str]
    joined: str | None
    shared: str | None
    note: Note

    @property
    def last(self) -> ChatResume:
        """The chat with the freshest message."""
        return self.chats[0]

    @property
    def shown(self) -> ChatResume:
        """The chat whose message is shown: the one that waits for an answer, if any does."""
        return self.waits or self.last

    @property
    def phone(self) -> str | None:
        """The phone to call."""
        return self.phones[0] if self.phones else None


def merge(
    no: int,
    shared: str | None,
    chats: Sequence[ChatResume],
    tz: tzinfo | None,
    notes: Mapping[str, Note] = MappingProxyType({}),
) -> Person:
    """Make one person of ``chats``; ``no`` is the person's number in this report.

    Args:
        notes: the recruiter's, by any key; none where they are read later.
    """

    def asks(chat: ChatResume) -> tuple[bool, float]:
        return quiet_kind(chat.last_message) is None, _when(chat.waiting_since, tz)

    fresh = sorted(chats, key=lambda chat: -_when(chat.last_message_at or chat.applied_at, tz))
    best = min(
        fresh,
        key=lambda chat: (chat.outcome != "found", -_when(chat.resume_updated_at, tz)),
    )
    ranked = [best, *(chat for chat in fresh if chat is not best)]
    status = _status(fresh)
    waiting = [chat for chat in fresh if chat.waiting_since and status != "refused"]
    phones = unique(chat.phone for chat in ranked)
    resumes = unique(chat.resume_id for chat in ranked)
    chat_ids = [chat.chat_id for chat in chats]
    # A phone that another person has too would mix up their notes.
    keys = [*(() if shared else phones), *resumes, *chat_ids]
    return Person(
        no=no,
        chats=fresh,
        best=best,
        status=status,
        waits=max(waiting, key=asks, default=None),
        name=_name(ranked),
        phones=phones,
        keys=keys,
        joined=_joined(chats),
        shared=shared,
        note=_note(fresh, keys, notes),
    )


def stored_keys(chats: Iterable[ChatResume], keys: Sequence[str]) -> Sequence[Sequence[str]]:
    """What notes under ``keys`` of a person are stored by, for each account of their ``chats``."""
    accounts = unique(map(account_of, chats))
    if not accounts:
        return [keys]
    return [[account_key(account, key) for key in keys] for account in accounts]


def _note(chats: Sequence[ChatResume], keys: Sequence[str], notes: Mapping[str, Note]) -> Note:
    places = (note_key(notes, stored) for stored in stored_keys(chats, keys))
    found = [Note() if place is None else notes[place] for place in places]
    return found[0] if len(found) == 1 else put_together(found)


def other_names(person: Person) -> list[str]:
    """Names of the same resume that do not agree with the one shown."""
    shown = words(person.name)
    names = unique(chat.full_name for chat in person.chats if chat.full_name != person.name)
    return [name for name in names if not agree(words(name), shown)]


def candidate_message(person: Person) -> str | None:
    """The message that waits for our answer, else the last that the candidate wrote."""
    if person.waits is not None and person.waits.last_message_direction == "in":
        return person.waits.last_message
    return last_message(person, "in")


def last_message(person: Person, direction: Direction) -> str | None:
    """The last that the candidate (``in``) or we (``out``) wrote, where a chat ends with it."""
    said = (one.last_message for one in person.chats if one.last_message_direction == direction)
    return next(said, None)


def unique(values: Iterable[str | None]) -> list[str]:
    """What is there, each once, in its order."""
    return [value for value in dict.fromkeys(values) if value]


def changed_at(person: Person, tz: tzinfo | None) -> list[tuple[datetime, str]]:
    """(when, what) happened in the person's chats, the latest first.

    What: ``message`` or ``ours``, ``applied``, ``resume``.
    """
    events: list[tuple[datetime, str]] = []
    for chat in person.chats:
        said = "ours" if chat.last_message_direction == "out" else "message"
        for value, what in (
            (chat.last_message_at, said),
            (chat.applied_at, "applied"),
            (chat.resume_updated_at, "resume"),
        ):
            when = parse_iso(value, tz)
            if when is not None:
                events.append((when, what))
    return sorted(events, reverse=True)


def _when(value: str | None, tz: tzinfo | None) -> float:
    when = parse_iso(value, tz)
    return _LONG_AGO if when is None else when.timestamp()


def _name(ranked: Sequence[ChatResume]) -> str | None:
    full = unique(chat.full_name for chat in ranked)
    return next(iter(full or unique(chat.user_name for chat in ranked)), None)


def _joined(chats: Sequence[ChatResume]) -> str | None:
    if len(chats) == 1:
        return None
    resumes = [chat.resume_id for chat in chats]
    by_resume = any(one is not None and resumes.count(one) > 1 for one in resumes)
    by_phone = None in resumes or len(set(resumes)) > 1
    return "both" if by_resume and by_phone else "resume" if by_resume else "phone"


def _status(fresh: Sequence[ChatResume]) -> ChatStatus:
    """The status of a person with several chats, the freshest first.

    A refusal counts when it is the last that was heard. Never written to is only who was not
    written to in any chat, all of which were read.
    """
    if len(fresh) == 1:
        return fresh[0].chat_status
    statuses = [chat.chat_status for chat in fresh]
    known = [status for status in statuses if status != "unknown"]
    if not known:
        return "unknown"
    if known[0] == "refused":
        return "refused"
    if set(statuses) == {"never_written"}:
        return "never_written"
    if any(chat.waiting_since for chat in fresh):
        return "awaits_us"
    written: list[ChatStatus] = [
        status for status in known if status not in ("refused", "never_written")
    ]
    if written:
        return written[0]
    return "unknown" if "unknown" in statuses else "refused"
