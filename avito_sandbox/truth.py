"""What is true of every chat: what a perfect run with `contacts=free` would write.

Worked out from the world as it stands at the moment of asking, never from what was answered.
"""

from __future__ import annotations

from typing import Any

from avito_sandbox.data.words import FIELD_REFUSALS, REFUSALS
from avito_sandbox.dates import iso_ns
from avito_sandbox.model import Chat

_MATCH = {
    "application": "application",
    "purchased": "chat_item",
    "unpurchased": "chat_item",
    "by_contacts": "contacts",
}
_OUTSIDE = ("avito", "private_user", "private_item")


def chat_status(chat: Chat) -> str:
    """The status, of human messages alone: neither system's nor deleted ones count.

    In this order: refused, never_written, awaits_us, unread, replied, read_no_reply.
    """
    human = [message for message in chat.messages if message.human]
    ours = [n for n, message in enumerate(human) if message.direction == "out"]
    theirs = [n for n, message in enumerate(human) if message.direction == "in"]
    if theirs and human[theirs[-1]].text.rstrip("\ud83d") in (*REFUSALS, *FIELD_REFUSALS):
        return "refused"
    if not ours:
        return "never_written"
    last = human[-1]
    if last.direction == "in":
        return "awaits_us"
    if last.read is None:
        return "unread"
    if theirs and theirs[-1] > ours[0]:
        return "replied"
    return "read_no_reply"


def outcome(chat: Chat) -> tuple[str, str | None]:
    """Outcome and match."""
    if chat.kind in _OUTSIDE:
        return "not_candidate", None
    if chat.resume is None:
        return "no_resume", None
    return "resume_removed" if chat.resume.removed else "found", _MATCH[chat.kind]


def _person(chat: Chat) -> tuple[str | None, str | None, str | None]:
    """Name, phone and e-mail as far as they can be known without buying.

    The application comes first; what it leaves out the contacts tell, if they are free.
    """
    name = phone = email = None
    if chat.application:
        name, phone = chat.application.name, chat.application.phone
    resume = chat.resume
    if resume and not resume.removed and (resume.purchased or resume.from_application):
        told = resume.contacts
        name, phone, email = name or told.name, phone or told.phone, told.email
    return name, phone, email


def entry(chat: Chat) -> dict[str, Any]:
    """All that is true of one chat; ids are strings."""
    result, match = outcome(chat)
    name, phone, email = _person(chat)
    applied = chat.application
    written = chat.last if chat.last and chat.last.of_person else None
    return {
        "chat_id": chat.id,
        "chat_type": chat.id.split("-")[0],
        "kind": chat.kind,
        "outcome": result,
        "match": match,
        "resume_id": str(chat.resume.id) if chat.resume else None,
        "is_active": chat.resume.body["is_active"] if chat.resume and result == "found" else None,
        "full_name": name,
        "phone": phone,
        "email": email,
        "vacancy_id": str(applied.vacancy.id) if applied else None,
        "application_id": applied.id if applied else None,
        "chat_status": chat_status(chat),
        "last_message": (written.text or None) if written else None,
        "last_message_at": iso_ns(chat.last.ns) if chat.last else None,
        "last_message_direction": written.direction if written else None,
        "user_name": chat.user_name,
        "item_id": str(chat.item.id) if chat.item else None,
        "item_title": chat.item.title if chat.item else None,
        "is_unread": not chat.is_read,
    }
