"""Parses the answers of the API's methods into the results that are kept.

Each reader gives the result, or a ``Failure``, and the names of the fields that drifted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import urljoin

from avito_scrapy.avito import phones
from avito_scrapy.avito.answer_model import Drifts, read
from avito_scrapy.avito.chat_status import text_of, written_by_nobody
from avito_scrapy.avito.models import (
    AddressDetails,
    ApplicantData,
    Application,
    ApplicationIds,
    Applications,
    ChatAnswer,
    Contacts,
    Job,
    OwnItems,
    Resume,
    ResumeParams,
    SelfAnswer,
    TokenAnswer,
)
from avito_scrapy.avito.phrases import is_stub
from avito_scrapy.avito.results import (
    ApplicationFacts,
    ChatFacts,
    ContactsFacts,
    Failure,
    ListedApplication,
    Reply,
    ResumeFacts,
)
from avito_scrapy.avito.words import citizenship_in_words, education_in_words, gender_in_words
from avito_scrapy.reasons import Reason
from avito_scrapy.times import to_iso

# Without these nobody knows what a chat is about; "not told" must not become "about nothing".
_VITAL = frozenset(("", "context", "context.type", "context.value", "context.value.id"))
# Where an application names its chat.
_CHAT = frozenset(("contacts", "contacts.chat", "contacts.chat.value"))


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 with zone, None when there is no time."""
    return None if moment is None else to_iso(moment)


def said(text: str | None) -> str | None:
    """``text`` as it is, None when it is blank."""
    return text if text and text.strip() else None


def clean(text: str | None) -> str | None:
    """``text`` without space around it, None when nothing is left: for ids and addresses."""
    return (text or "").strip() or None


# The account


class GrantedToken(NamedTuple):
    """A token, and for how many seconds if Avito says so."""

    value: str
    seconds: float | None


def read_token(status: int, data: Any) -> tuple[GrantedToken | Failure, Drifts]:
    """The answer to ``token_request``; a ``Failure`` has a status when Avito gives none for these
    keys."""
    # Looked for before it is read: an error of another kind than documented is one too.
    error = data.get("error") if isinstance(data, dict) else None
    answer, drifts = read(TokenAnswer, data)
    if answer.access_token:
        return GrantedToken(answer.access_token, answer.expires_in), drifts
    refused = 400 <= status < 500 or error is not None
    return Failure(Reason("no_token", status=status), status if refused else None), drifts


def read_account(data: Any) -> tuple[tuple[int, str | None] | Failure, Drifts]:
    """The account's number and name."""
    answer, drifts = read(SelfAnswer, data)
    if answer.id is None:
        return Failure(Reason("no_account_in_answer")), drifts
    return (answer.id, answer.name), drifts


def read_own_items(data: Any) -> tuple[list[int | None] | Failure, Drifts]:
    """Ids of a page's items, None for an odd one."""
    page, drifts = read(OwnItems, data)
    if page.resources is None:
        return Failure(Reason("answer_unreadable", kind="items")), drifts
    return [None if one is None else one.id for one in page.resources], drifts


# A chat


def read_chat(chat_id: str, data: Any, account_id: int, tz: tzinfo) -> tuple[Reply, Drifts]:
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


# A resume and its contacts


def read_resume(resume_id: str, data: Any, web_url: str, today: date) -> tuple[Reply, Drifts]:
    """The answer about a resume.

    Args:
        resume_id: the id that was asked for.
        data: the answer.
        web_url: address that a relative link of the resume starts from.
        today: the day that "until now" means in places of work.
    """
    resume, drifts = read(Resume, data)
    if "" in drifts or not (resume.id or resume.title or resume.url):
        return Failure(Reason("no_resume_in_answer")), drifts
    if resume.id is not None and str(resume.id) != resume_id:
        return Failure(Reason("other_resume")), drifts
    params = resume.params or ResumeParams()
    details = resume.address_details or AddressDetails()
    link = clean(resume.url)
    facts = ResumeFacts(
        resume_id=resume_id,
        resume_url=urljoin(f"{web_url}/", link) if link else None,
        title=said(resume.title),
        age=params.age,
        gender=gender_in_words(params.pol),
        address=said(params.address) or said(details.address) or said(details.location),
        citizenship=citizenship_in_words(params.nationality),
        salary=resume.salary,
        schedule=said(params.schedule),
        education=education_in_words(params.education),
        experience_months=experience_months(params.experience_list or (), today),
        moving=said(params.moving),
        is_purchased=resume.is_purchased,
        resume_updated_at=iso(resume.update_time),
        is_active=resume.is_active,
    )
    return facts, drifts


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
    """Name, first valid phone, e-mail and named chats of a resume's contacts."""
    answer, drifts = read(Contacts, data)
    if answer.contacts is None:
        return Failure(Reason("no_contacts_in_answer")), drifts
    entries = [(one.type, clean(one.value)) for one in answer.contacts if one]
    numbers = [phones.normalise(value) for kind, value in entries if kind == "phone"]
    mails = [value for kind, value in entries if kind in ("e-mail", "email")]
    full = answer.full_name.joined() if answer.full_name else None
    facts = ContactsFacts(
        name=full or said(answer.name),
        phone=next((number for number in numbers if number), None),
        email=next((mail for mail in mails if mail), None),
        chat_ids=[value for kind, value in entries if kind == "chat_id" and value],
    )
    return facts, drifts


# Applications


@dataclass
class ApplicationBatch:
    """Applications that were asked for together.

    Attributes:
        found: those with a chat; of others (``chat_id`` is empty) only the resume, if there is one.
        unreadable: ids of those that do not tell their chat though they may have one.
        missing: how many were not told of.
        failure: why some of them could not be had.
    """

    found: list[ApplicationFacts] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)
    missing: int = 0
    failure: Failure | None = None


def read_applications(data: Any, today: date) -> tuple[ApplicationBatch, Drifts]:
    """The answer of ``get_by_ids``; ``today``: for ages."""
    answer, names = read(Applications, data)
    drifts = dict.fromkeys(names)
    batch = ApplicationBatch()
    for entry in answer.applies or ():
        application, drifted = read(Application, entry)
        drifts.update(dict.fromkeys(f"applies.{name}" if name else "applies" for name in drifted))
        if not application.id:
            continue  # whoever asked for it misses it
        if _CHAT.intersection(drifted):
            batch.unreadable.add(application.id)
        else:
            resume_known = not {"applicant", "applicant.resume_id"}.intersection(drifted)
            batch.found.append(_application_facts(application, application.id, resume_known, today))
    return batch, tuple(drifts)


def _application_facts(
    one: Application, application_id: str, resume_known: bool, today: date
) -> ApplicationFacts:
    chat_id = one.contacts.chat.value if one.contacts and one.contacts.chat else None
    resume_id = clean(one.applicant.resume_id) if one.applicant else None
    facts = ApplicationFacts(
        id=application_id,
        chat_id=chat_id or "",
        created=0.0,
        resume_id=None if resume_id == "0" else resume_id,
        updated=_seconds(one.updated_at),
    )
    if not chat_id:
        return facts
    data = (one.applicant.data if one.applicant else None) or ApplicantData()
    extra = one.enriched_properties
    numbers = [phone.value for phone in (one.contacts and one.contacts.phones) or () if phone]
    numbers.append(extra.phone.value if extra and extra.phone else None)
    name = data.full_name.joined() if data.full_name else None
    return facts._replace(
        created=_seconds(one.created_at),
        resume_known=resume_known,
        vacancy_id=one.vacancy_id,
        applied_at=iso(one.created_at),
        name=name
        or said(data.name)
        or said(extra.full_name.value if extra and extra.full_name else None),
        phone=next((good for good in map(phones.normalise, numbers) if good), None),
        age=_age(data.birthday, today) or (extra.age.value if extra and extra.age else None),
        gender=gender_in_words(data.gender),
        citizenship=citizenship_in_words(data.citizenship),
        education=education_in_words(data.education),
    )


def _seconds(moment: datetime | None) -> float:
    """Unix seconds; 0 when a moment is not known."""
    return moment.timestamp() if moment else 0.0


def _age(birthday: date | None, today: date) -> int | None:
    if birthday is None or birthday > today:
        return None
    passed = (today.month, today.day) >= (birthday.month, birthday.day)
    return today.year - birthday.year - (not passed)


def read_application_ids(data: Any) -> tuple[list[ListedApplication] | Failure, Drifts]:
    """What a page of ``get_ids`` lists."""
    answer, drifts = read(ApplicationIds, data)
    listed = [
        ListedApplication(entry.id, _seconds(entry.updated_at))
        for entry in answer.applies or ()
        if entry and entry.id
    ]
    if answer.applies is None or len(listed) < len(answer.applies):
        return Failure(Reason("application_ids_odd")), drifts
    return listed, drifts
