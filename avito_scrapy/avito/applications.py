"""The index of applications: which chat belongs to which, and to whose resume."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from avito_scrapy.avito import phones
from avito_scrapy.avito.answers import read
from avito_scrapy.avito.facts import ApplicationFacts
from avito_scrapy.avito.models import ApplicantData, Application, Applications
from avito_scrapy.avito.resume_fields import clean, iso, said

# What applications write in codes, in the words that resumes use (both from the Job document).
_GENDER = {"male": "Мужской", "female": "Женский"}
_EDUCATION = {
    "higher": "Высшее",
    "unfinished-higher": "Незаконченное высшее",
    "secondary": "Среднее",
    "special-secondary": "Среднее специальное",
}


def read_applications(
    data: Any, wanted: Collection[str], today: date
) -> tuple[list[ApplicationFacts], int, tuple[str, ...]]:
    """The answer of ``get_by_ids``.

    Args:
        data: parsed JSON.
        wanted: chats that matter; applications of others are left out.
        today: for ages.

    Returns:
        the applications of those chats; how many entries do not tell their chat though they
        should (what they belong to is not known); names of drifted fields.
    """
    answer, names = read(Applications, data)
    drifts = dict.fromkeys(names)
    found: list[ApplicationFacts] = []
    unreadable = 1 if answer.applies is None else 0
    for entry in answer.applies or ():
        one, drifted = read(Application, entry)
        drifts.update(dict.fromkeys(f"applies.{name}" if name else "applies" for name in drifted))
        if any(name in ("", "id", "contacts", "contacts.chat") for name in drifted) or (
            "contacts.chat.value" in drifted
        ):
            unreadable += 1
            continue
        chat_id = one.contacts.chat.value if one.contacts and one.contacts.chat else None
        if chat_id is not None and chat_id in wanted:
            known = not any(name in ("applicant", "applicant.resume_id") for name in drifted)
            found.append(_facts(one, chat_id, known, today))
    return found, unreadable, tuple(drifts)


def _facts(one: Application, chat_id: str, known: bool, today: date) -> ApplicationFacts:
    data = (one.applicant.data if one.applicant else None) or ApplicantData()
    extra = one.enriched_properties
    numbers = [phone.value for phone in (one.contacts and one.contacts.phones) or () if phone]
    numbers.append(extra.phone.value if extra and extra.phone else None)
    name = data.full_name.joined() if data.full_name else None
    resume_id = clean(one.applicant.resume_id) if one.applicant else None
    return ApplicationFacts(
        id=one.id or "",
        chat_id=chat_id,
        created=one.created_at.timestamp() if one.created_at else 0.0,
        resume_id=None if resume_id == "0" else resume_id,
        resume_known=known,
        vacancy_id=one.vacancy_id,
        applied_at=iso(one.created_at),
        name=name
        or said(data.name)
        or said(extra.full_name.value if extra and extra.full_name else None),
        phone=next((good for good in map(phones.normalise, numbers) if good), None),
        age=_age(data.birthday, today) or (extra.age.value if extra and extra.age else None),
        gender=_GENDER.get(data.gender or "", said(data.gender)),
        citizenship=said(data.citizenship),
        education=_EDUCATION.get(data.education or "", said(data.education)),
    )


def _age(birthday: date | None, today: date) -> int | None:
    if birthday is None or birthday > today:
        return None
    passed = (today.month, today.day) >= (birthday.month, birthday.day)
    return today.year - birthday.year - (not passed)


class ApplicationIndex:
    """Applications by chat.

    Attributes:
        trouble: why the index is not whole, in one line; None when it is. With it, that a chat
            is not in the index does not mean that there is no application.
    """

    def __init__(self) -> None:
        self.trouble: str | None = None
        self._by_chat: dict[str, ApplicationFacts] = {}

    def add(self, found: Iterable[ApplicationFacts]) -> None:
        """Take applications in, whatever their order: the newest with a resume counts."""
        for one in found:
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
