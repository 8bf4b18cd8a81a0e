"""Parsed answers of Avito, which can be stored as JSON arrays.

Times are ISO 8601 with their zone; not known is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

from avito_scrapy.items import ChatStatus, Direction
from avito_scrapy.reasons import Reason


class ApplicationFacts(NamedTuple):
    """An application (отклик) that came through a chat. ``created``, ``updated``: Unix seconds.

    ``resume_known`` False: what Avito says of the resume could not be read, so that a None in
    ``resume_id`` does not mean that there is none.
    """

    id: str
    chat_id: str
    created: float
    resume_id: str | None = None
    resume_known: bool = True
    vacancy_id: int | None = None
    applied_at: str | None = None
    name: str | None = None
    phone: str | None = None
    age: int | None = None
    gender: str | None = None
    citizenship: str | None = None
    education: str | None = None
    updated: float = 0.0


class ListedApplication(NamedTuple):
    """An application as its list tells it. ``updated``: Unix seconds, 0 when it does not say."""

    id: str
    updated: float = 0.0


class ChatFacts(NamedTuple):
    """A chat as the API shows it. ``item_*``: what it is about; ``user_name``: the other side.

    ``last_message`` and its direction are a person's; Avito's own notices have neither.
    ``texts_hidden``: Avito shows this account no texts (it lacks the messenger's subscription).
    """

    item_id: int | None = None
    item_owner: int | None = None
    item_url: str | None = None
    item_title: str | None = None
    user_name: str | None = None
    last_message: str | None = None
    last_message_at: str | None = None
    last_message_direction: Direction | None = None
    texts_hidden: bool = False


class TalkFacts(NamedTuple):
    """What the messages of a chat say. ``replies``: (when, seconds after the first message).

    The last message is the last that a person wrote; ``last_message_at`` is that of Avito's own
    notice where there is no other. ``texts_hidden``: as in ``ChatFacts``; nothing is known then.
    """

    status: ChatStatus
    waiting_since: str | None = None
    replies: Sequence[tuple[str, int]] = ()
    last_message: str | None = None
    last_message_at: str | None = None
    last_message_direction: Direction | None = None
    texts_hidden: bool = False


class ResumeFacts(NamedTuple):
    """A resume, in the fields of ``resumes.jl``."""

    resume_id: str
    resume_url: str | None = None
    title: str | None = None
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
    is_active: bool | None = None


class ContactsFacts(NamedTuple):
    """The contacts of a resume; ``chat_ids``: the chats that they name."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    chat_ids: Sequence[str] = ()


class NotFound(NamedTuple):
    """Avito answered 404."""


class Failure(NamedTuple):
    """A request that failed. ``status``: of HTTP, where trying again would not help."""

    reason: Reason
    status: int | None = None


Known = ChatFacts | TalkFacts | ResumeFacts | ContactsFacts | NotFound
"""An answer that stays true for the run and its continuation."""
Reply = Known | Failure

_KINDS: dict[str, type[Known]] = {kind.__name__: kind for kind in get_args(Known)}


def pack(fact: Known) -> list[Any]:
    """``fact`` as a JSON array."""
    return [type(fact).__name__, *fact]


def unpack(packed: Any) -> Known | None:
    """Reverse ``pack``; None when ``packed`` has another form."""
    try:
        kind, *values = packed
        return _KINDS[kind](*values)
    except (TypeError, ValueError, KeyError):
        return None
