"""Parses the answers of the API's methods into the results that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import urljoin

from avito_scrapy.avito import phones
from avito_scrapy.avito.answer_model import Answer as Answer
from avito_scrapy.avito.answer_model import load_json as load_json
from avito_scrapy.avito.answer_model import read as read
from avito_scrapy.avito.chat_status import talk_facts, text_of, written_by_nobody
from avito_scrapy.avito.job_models import (
    ChatAnswer,
    Contacts,
    Job,
    Message,
    Messages,
    Resume,
    TokenAnswer,
)
from avito_scrapy.avito.notices import is_stub
from avito_scrapy.avito.results import ChatFacts, ContactsFacts, Failure, Reply, ResumeFacts
from avito_scrapy.avito.words import citizenship_in_words, education_in_words, gender_in_words
from avito_scrapy.reasons import Reason
from avito_scrapy.times import to_iso

Drifts = tuple[str, ...]
# Without these nobody knows what a chat is about; "not told" must not become "about nothing".
_VITAL = frozenset(("", "context", "context.type", "context.value", "context.value.id"))
LAST_OFFSET = 1000
"""Furthest that messages can be read back (Avito's document)."""


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with zone, None when there is no time."""
    return None if moment is None else to_iso(moment)


def said(text: str | None) -> str | None:
    """``text`` as it is, None when it is blank."""
    return text if text and text.strip() else None


def clean(text: str | None) -> str | None:
    """``text`` without space around it, None when nothing is left: for ids and addresses."""
    return (text or "").strip() or None


# A token


class GrantedToken(NamedTuple):
    """A token, and for how many seconds if Avito says so."""

    value: str
    seconds: float | None


def read_token(status: int, data: Any) -> tuple[GrantedToken | Failure, Drifts]:
    """The answer to ``token_request`` and the names of its drifted fields.

    A ``Failure`` when it holds no token; with a status when Avito gives none for these keys.
    """
    # Looked for before it is read: an error of another kind than documented is one too.
    error = data.get("error") if isinstance(data, dict) else None
    answer, drifts = read(TokenAnswer, data)
    if answer.access_token:
        return GrantedToken(answer.access_token, answer.expires_in), drifts
    refused = 400 <= status < 500 or error is not None
    return Failure(Reason("no_token", status=status), status if refused else None), drifts


# A chat


def read_chat(chat_id: str, data: Any, account_id: int, tz: tzinfo) -> tuple[Reply, Drifts]:
    """The answer about ``chat_id`` and the names of its drifted fields."""
    chat, drifts = read(ChatAnswer, data)
    if chat.id not in (None, chat_id):
        return Failure(Reason("other_chat")), drifts
    has_content = any(
        part is not None for part in (chat.id, chat.users, chat.context, chat.last_message)
    )
    if not has_content or _VITAL.intersection(drifts):
        return Failure(Reason("chat_odd")), drifts
    return chat_facts(chat, account_id, tz), drifts


def chat_facts(chat: ChatAnswer, account_id: int, tz: tzinfo) -> ChatFacts:
    """Context item, other side and last message of a chat; ``tz`` for the time of the latter."""
    item = chat.context.value if chat.context else None
    others = [user for user in chat.users or () if user and user.id not in (None, account_id)]
    last = chat.last_message
    hidden = is_stub(text_of(last))
    person = last if last and not hidden and not written_by_nobody(last) else None
    return ChatFacts(
        item_id=item.id if item else None,
        item_owner=item.user_id if item else None,
        item_url=item.url if item else None,
        item_title=said(item.title) if item else None,
        user_name=said(others[0].name) if len(others) == 1 else None,
        last_message=text_of(person),
        last_message_at=datetime.fromtimestamp(last.created, tz).isoformat()
        if last and last.created
        else None,
        last_message_direction=person.direction if person else None,
        texts_hidden=hidden,
    )


# Messages


class MessagePage(NamedTuple):
    """A page of messages; ``has_more``: whether it says that others follow, None when it does not
    say."""

    messages: list[Message | None]
    has_more: bool | None


def read_messages(data: Any) -> tuple[MessagePage | Failure, Drifts]:
    """A page of messages and the names of drifted fields."""
    page, drifts = read(Messages, data)
    names = tuple(name.removeprefix("messages.") for name in drifts)
    if page.messages is None:
        return Failure(Reason("no_messages_in_answer")), names
    return MessagePage(page.messages, page.meta.has_more if page.meta else None), names


def next_offset(page: MessagePage, offset: int) -> int | None:
    """Where the next page of messages begins; None when there is none or it cannot be asked.

    A page may be shorter than asked while others follow: only an empty one, or one that says so,
    is the last.
    """
    following = offset + len(page.messages)
    ends = page.has_more is False or not page.messages
    return None if ends or following > LAST_OFFSET else following


def read_talk(
    messages: Sequence[Message | None], tz: tzinfo, *, has_more: bool | None = None
) -> Reply:
    """What all of a chat's messages say that can be read; ``has_more``: as the last page said."""
    return talk_facts(messages, tz, cut=has_more is not False and len(messages) > LAST_OFFSET)


# A resume and its contacts


def read_resume(resume_id: str, data: Any, web_url: str, today: date) -> tuple[Reply, Drifts]:
    """The answer about ``resume_id`` and the names of its drifted fields."""
    resume, drifts = read(Resume, data)
    if "" in drifts or not (resume.id or resume.title or resume.url):
        return Failure(Reason("no_resume_in_answer")), drifts
    if resume.id is not None and str(resume.id) != resume_id:
        return Failure(Reason("other_resume")), drifts
    return resume_facts(resume, resume_id, web_url, today), drifts


def resume_facts(resume: Resume, resume_id: str, web_url: str, today: date) -> ResumeFacts:
    """The item fields of ``resume``.

    Args:
        resume: the answer.
        resume_id: the id that was asked for.
        web_url: address that a relative link of the resume starts from.
        today: the day that "until now" means in places of work.
    """
    params, details = resume.params, resume.address_details
    address = said(params.address) if params else None
    if address is None and details:
        address = said(details.address) or said(details.location)
    link = clean(resume.url)
    return ResumeFacts(
        resume_id=resume_id,
        resume_url=urljoin(f"{web_url}/", link) if link else None,
        title=said(resume.title),
        age=params.age if params else None,
        gender=gender_in_words(params.pol) if params else None,
        address=address,
        citizenship=citizenship_in_words(params.nationality) if params else None,
        salary=resume.salary,
        schedule=said(params.schedule) if params else None,
        education=education_in_words(params.education) if params else None,
        experience_months=experience_months(params.experience_list or (), today)
        if params
        else None,
        moving=said(params.moving) if params else None,
        is_purchased=resume.is_purchased,
        resume_updated_at=iso(resume.update_time),
        is_active=resume.is_active,
    )


def experience_months(jobs: Iterable[Job | None], today: date) -> int | None:
    """Months of work in all, those of places that overlap once; None when no place has a start."""
    spans = sorted(
        (_month(job.work_start), _month(job.work_finish or today))
        for job in jobs
        if job and job.work_start
    )
    if not spans:
        return None
    months, reached = 0, spans[0][0]
    for start, finish in spans:
        months += max(0, finish - max(start, reached))
        reached = max(reached, finish)
    return months


def _month(day: date) -> int:
    return day.year * 12 + day.month


def read_contacts(data: Any) -> tuple[Reply, Drifts]:
    """The contacts of a resume and the names of drifted fields."""
    contacts, drifts = read(Contacts, data)
    if contacts.contacts is None:
        return Failure(Reason("no_contacts_in_answer")), drifts
    return contacts_facts(contacts), drifts


def contacts_facts(contacts: Contacts) -> ContactsFacts:
    """Name, first valid phone, e-mail and named chats of a resume's contacts."""
    entries = [
        (contact.type, clean(contact.value)) for contact in contacts.contacts or () if contact
    ]
    numbers = [phones.normalise(value) for kind, value in entries if kind == "phone"]
    mails = [value for kind, value in entries if kind in ("e-mail", "email")]
    full = contacts.full_name.joined() if contacts.full_name else None
    return ContactsFacts(
        name=full or said(contacts.name),
        phone=next((number for number in numbers if number), None),
        email=next((mail for mail in mails if mail), None),
        chat_ids=[value for kind, value in entries if kind == "chat_id" and value],
    )
