"""The index of applications: by chat, with the resume of each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from avito_scrapy.avito import phones
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.job_models import ApplicantData, Application, ApplicationIds, Applications
from avito_scrapy.avito.parsing import clean, iso, read, said
from avito_scrapy.avito.results import ApplicationFacts, Failure, ListedApplication
from avito_scrapy.avito.words import citizenship_in_words, education_in_words, gender_in_words
from avito_scrapy.items import ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.times import iso_to_seconds

logger = logging.getLogger(__name__)
# Share of the listed applications that Avito may keep to itself (withdrawn meanwhile, say) before
# the others are doubted.
MOST_MISSING = 0.05
MOST_APPLICATIONS = 300_000
"""A list that goes on after so many does not end."""

# Where an application names its chat.
_CHAT = frozenset(("contacts", "contacts.chat", "contacts.chat.value"))


@dataclass
class ApplicationBatch:
    """A parsed answer of ``get_by_ids``.

    Attributes:
        found: those with a chat; of others (``chat_id`` is empty) only the resume, if there is one.
        ids: those that the answer tells of.
        unreadable: how many do not tell their chat though they may have one.
        missing: how many were asked for, twice, and not told of.
        drifts: names of drifted fields.
        failure: why some of them could not be had.
    """

    found: list[ApplicationFacts] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    unreadable: int = 0
    missing: int = 0
    drifts: tuple[str, ...] = ()
    failure: Failure | None = None

    def add(self, other: ApplicationBatch) -> None:
        """Take another answer in."""
        self.found += other.found
        self.ids |= other.ids
        self.unreadable += other.unreadable

    def packed(self) -> list[Any]:
        """A batch that tells of everything, as JSON."""
        return list(self.found)

    @classmethod
    def unpacked(cls, kept: Iterable[Sequence[Any]], ids: Iterable[str]) -> ApplicationBatch:
        """What ``packed`` made JSON of; ``ids``: all of the batch."""
        return cls([ApplicationFacts(*facts) for facts in kept], set(ids))


def read_applications(data: Any, today: date) -> ApplicationBatch:
    """The answer of ``get_by_ids``; ``today``: for ages."""
    answer, names = read(Applications, data)
    drifts = dict.fromkeys(names)
    batch = ApplicationBatch()
    for entry in answer.applies or ():
        application, drifted = read(Application, entry)
        drifts.update(dict.fromkeys(f"applies.{name}" if name else "applies" for name in drifted))
        if not application.id:
            continue  # whoever asked for it misses it
        batch.ids.add(application.id)
        if _CHAT.intersection(drifted):
            batch.unreadable += 1
            continue
        contacts = application.contacts
        chat_id = contacts.chat.value if contacts and contacts.chat else None
        if chat_id:
            known = not any(name in ("applicant", "applicant.resume_id") for name in drifted)
            batch.found.append(_facts(application, chat_id, known, today))
        else:
            resume_id, updated = _resume_id(application), seconds(application.updated_at)
            batch.found.append(
                ApplicationFacts(application.id, "", 0.0, resume_id, updated=updated)
            )
    batch.drifts = tuple(drifts)
    return batch


def _resume_id(one: Application) -> str | None:
    resume_id = clean(one.applicant.resume_id) if one.applicant else None
    return None if resume_id == "0" else resume_id


def _facts(one: Application, chat_id: str, known: bool, today: date) -> ApplicationFacts:
    data = (one.applicant.data if one.applicant else None) or ApplicantData()
    extra = one.enriched_properties
    numbers = [phone.value for phone in (one.contacts and one.contacts.phones) or () if phone]
    numbers.append(extra.phone.value if extra and extra.phone else None)
    name = data.full_name.joined() if data.full_name else None
    return ApplicationFacts(
        id=one.id or "",
        chat_id=chat_id,
        created=seconds(one.created_at),
        updated=seconds(one.updated_at),
        resume_id=_resume_id(one),
        resume_known=known,
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


def seconds(moment: datetime | None) -> float:
    """Unix seconds; 0 when a moment is not known."""
    return moment.timestamp() if moment else 0.0


def _age(birthday: date | None, today: date) -> int | None:
    if birthday is None or birthday > today:
        return None
    passed = (today.month, today.day) >= (birthday.month, birthday.day)
    return today.year - birthday.year - (not passed)


def application_of(line: ChatResume) -> ApplicationFacts | None:
    """The application that a stored line without a resume was made of; None: of none."""
    if line.application_id is None:
        return None
    return ApplicationFacts(
        id=line.application_id,
        chat_id=line.chat_id,
        created=0.0,
        vacancy_id=line.vacancy_id,
        applied_at=line.applied_at,
        name=line.full_name,
        phone=line.phone,
        age=line.age,
        gender=line.gender,
        citizenship=line.citizenship,
        education=line.education,
    )


ApplicationPage = list[ListedApplication] | Failure


def listed_applications(answer: ApplicationIds) -> ApplicationPage:
    """What a page of ``get_ids`` lists."""
    listed = [
        ListedApplication(entry.id, seconds(entry.updated_at))
        for entry in answer.applies or ()
        if entry and entry.id
    ]
    if answer.applies is None or len(listed) < len(answer.applies):
        return Failure(Reason("application_ids_odd"))
    return listed


class ApplicationIndex:
    """Applications by chat.

    Attributes:
        incomplete: why the index is not whole; None when it is. With it, that a chat is not in
            the index does not mean that there is no application.
        missing: how many Avito lists and does not return.
        as_of: when it was read, in Unix seconds of Avito's clock; None: now.
        resumes: those that came with an application, whichever chat it belongs to.
    """

    def __init__(self) -> None:
        self.incomplete: Reason | None = None
        self.missing = 0
        self.as_of: float | None = None
        self.resumes: set[str] = set()
        self._by_chat: dict[str, ApplicationFacts] = {}

    def add(self, applications: Iterable[ApplicationFacts]) -> None:
        """Take applications in, whatever their order: the newest with a resume counts."""
        for application in applications:
            if application.resume_id:
                self.resumes.add(application.resume_id)
            if not application.chat_id:
                continue
            there = self._by_chat.get(application.chat_id)
            if there is None or self._rank(application) > self._rank(there):
                self._by_chat[application.chat_id] = application

    @staticmethod
    def _rank(application: ApplicationFacts) -> tuple[bool, float, str]:
        return (application.resume_id is not None, application.created, application.id)

    def get(self, chat_id: str) -> ApplicationFacts | None:
        """The application of a chat."""
        return self._by_chat.get(chat_id)

    def unknown(self, *last_messages: str | None) -> Reason | None:
        """Why an application may be missing of a chat whose last message was then (the latest of
        several accounts of it counts); None: none is."""
        if self.incomplete:
            return Reason("applications_unreadable", cause=self.incomplete)
        if self.as_of is None:
            return None
        moments = [at for at in map(iso_to_seconds, last_messages) if at is not None]
        # The API tells whole seconds.
        if moments and max(moments) + 1.0 <= self.as_of:
            return None
        return Reason("applications_too_soon")

    def __len__(self) -> int:
        return len(self._by_chat)


class ApplicationsClient(Protocol):
    """Requests that the index needs."""

    async def application_ids(self, since: date, cursor: str = "") -> ApplicationPage:
        """A page of the list."""

    async def applications(self, ids: Sequence[str], today: date) -> ApplicationBatch | Failure:
        """The applications with these ids."""


async def read_index(
    client: ApplicationsClient,
    chats: Collection[str],
    since: date,
    today: date,
    keep: Callable[[list[ApplicationFacts]], None] = lambda found: None,
    known: Mapping[str, float] = {},
) -> ApplicationIndex:
    """The applications of ``chats``: ids page after page, the applications of each beside them.

    A page or a batch that cannot be had, or many applications that are listed and not told of,
    leave the index ``incomplete``.

    Args:
        client: requests them.
        chats: those that matter.
        since: first day of the index (by the applications' last change).
        today: for ages.
        keep: called with the applications of each answer, those of other chats too.
        known: last changes of applications, by id, that are not asked for unless they changed.
    """

    async def ask(ids: list[str]) -> ApplicationBatch | Failure:
        batch = await client.applications(ids, today)
        if not isinstance(batch, Failure):
            keep(batch.found)
            # Of other chats no more stays in memory than whose resumes came with an application.
            batch.found = [
                facts
                if facts.chat_id in chats
                else ApplicationFacts(facts.id, "", 0.0, facts.resume_id)
                for facts in batch.found
                if facts.chat_id in chats or facts.resume_id
            ]
        return batch

    index = ApplicationIndex()
    batches: list[asyncio.Task[ApplicationBatch | Failure]] = []
    listed: set[str] = set()
    waiting: list[str] = []
    cursor = ""
    try:
        while True:
            if len(listed) > MOST_APPLICATIONS:
                index.incomplete = Reason("applications_endless")
                break
            page = await client.application_ids(since, cursor)
            if isinstance(page, Failure):
                index.incomplete = page.reason
                break
            # A cursor that leads back to what is known ends the list like an empty page does.
            new = [one for one in page if one.id not in listed]
            if not new:
                break
            listed.update(one.id for one in new)
            cursor = page[-1].id
            # A day's changes on several pages of the list fit into one request.
            waiting += [
                one.id for one in new if not one.updated or known.get(one.id) != one.updated
            ]
            while len(waiting) >= PAGE:
                batches.append(asyncio.ensure_future(ask(waiting[:PAGE])))
                del waiting[:PAGE]
        if waiting:
            batches.append(asyncio.ensure_future(ask(waiting)))
        for batch in await asyncio.gather(*batches):
            if isinstance(batch, Failure):
                index.incomplete = batch.reason
                continue
            index.add(batch.found)
            if batch.failure is not None:
                index.incomplete = batch.failure.reason
            else:
                index.missing += batch.missing
                if batch.unreadable:
                    index.incomplete = Reason("application_chats_odd")
    finally:
        for task in batches:
            task.cancel()
    if index.missing > MOST_MISSING * len(listed):
        index.incomplete = Reason("applications_missing")
    elif index.missing:
        logger.warning("Avito lists %d applications that it does not tell of", index.missing)
    if index.incomplete:
        logger.error("Applications could not be read to the end: %s", index.incomplete)
    return index
