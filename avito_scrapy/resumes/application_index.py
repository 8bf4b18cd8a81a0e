"""The index of applications: which chat belongs to which, and to whose resume."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from avito_scrapy.avito import phones
from avito_scrapy.avito.job_models import ApplicantData, Application, Applications
from avito_scrapy.avito.parsing import clean, iso, read, said
from avito_scrapy.avito.results import ApplicationFacts
from avito_scrapy.avito.words import citizenship_in_words, education_in_words, gender_in_words
from avito_scrapy.items import ChatResume

# Where an application names its chat.
_CHAT = frozenset(("contacts", "contacts.chat", "contacts.chat.value"))


class Batch(NamedTuple):
    """What an answer of ``get_by_ids`` tells.

    ``found``: the applications of the wanted chats; of others only the resume, if there is one
    (``chat_id`` is empty then). ``ids``: those that the answer tells of. ``unreadable``: how many
    do not tell their chat though they may have one. ``drifts``: names of drifted fields.
    """

    found: list[ApplicationFacts]
    ids: set[str]
    unreadable: int
    drifts: tuple[str, ...]


def read_applications(data: Any, wanted: Collection[str], today: date) -> Batch:
    """The answer of ``get_by_ids``.

    Args:
        data: parsed JSON.
        wanted: chats that matter.
        today: for ages.
    """
    answer, names = read(Applications, data)
    drifts = dict.fromkeys(names)
    batch = Batch([], set(), 0, ())
    unreadable = 0
    for entry in answer.applies or ():
        one, drifted = read(Application, entry)
        drifts.update(dict.fromkeys(f"applies.{name}" if name else "applies" for name in drifted))
        if not one.id:
            continue  # whoever asked for it misses it
        batch.ids.add(one.id)
        if _CHAT.intersection(drifted) and one.type != "by_phone":
            unreadable += 1
            continue
        chat_id = one.contacts.chat.value if one.contacts and one.contacts.chat else None
        if chat_id and chat_id in wanted:
            known = not any(name in ("applicant", "applicant.resume_id") for name in drifted)
            batch.found.append(_facts(one, chat_id, known, today))
        elif resume_id := _resume_id(one):
            batch.found.append(ApplicationFacts(one.id, "", 0.0, resume_id))
    return batch._replace(unreadable=unreadable, drifts=tuple(drifts))


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
        created=one.created_at.timestamp() if one.created_at else 0.0,
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


class ApplicationIndex:
    """Applications by chat.

    Attributes:
        trouble: why the index is not whole, in one line; None when it is. With it, that a chat
            is not in the index does not mean that there is no application.
        untold: how many Avito lists and does not tell of.
        resumes: those that came with an application, whichever chat it belongs to.
    """

    def __init__(self) -> None:
        self.trouble: str | None = None
        self.untold = 0
        self.resumes: set[str] = set()
        self._by_chat: dict[str, ApplicationFacts] = {}

    def add(self, found: Iterable[ApplicationFacts]) -> None:
        """Take applications in, whatever their order: the newest with a resume counts."""
        for one in found:
            if one.resume_id:
                self.resumes.add(one.resume_id)
            if not one.chat_id:
                continue
            there = self._by_chat.get(one.chat_id)
            if there is None or self._rank(one) > self._rank(there):
                self._by_chat[one.chat_id] = one

    @staticmethod
    def _rank(one: ApplicationFacts) -> tuple[bool, float, str]:
        return (one.resume_id is not None, one.created, one.id)

    def get(self, chat_id: str) -> ApplicationFacts | None:
        """The application of a chat."""
        return self._by_chat.get(chat_id)

    def __len__(self) -> int:
        return len(self._by_chat)
