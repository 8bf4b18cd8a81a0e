"""The answers of the API methods, as far as the project reads them (messenger: its own file).

Fields and their kinds are those of Avito's published documents; what is observed only is said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, field_validator

from avito_scrapy.avito.answer_model import Answer, Day, Whole
from avito_scrapy.avito.messenger_models import ChatAnswer as ChatAnswer
from avito_scrapy.avito.messenger_models import Message as Message
from avito_scrapy.avito.messenger_models import Messages as Messages


def _for_header(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        raise ValueError("would end the header")
    return text


HeaderText = Annotated[str, AfterValidator(_for_header)]
"""What may stand in a header: with a line break in it, it would begin another."""


class TokenAnswer(Answer):
    """``POST /token``. ``expires_in`` in seconds. ``error`` where there is no token."""

    access_token: HeaderText | None = None
    expires_in: float | None = None
    error: str | None = None


class SelfAnswer(Answer):
    """``GET /core/v1/accounts/self``."""

    id: Whole | None
    name: str | None = None


class ApplicationId(Answer):
    """An entry of ``get_ids``."""

    id: str | None
    updated_at: AwareDatetime | None = None


class ApplicationIds(Answer):
    """``GET /job/v1/applications/get_ids``: newest first, 100 a page."""

    applies: list[ApplicationId | None] | None

    @classmethod
    def shaped(cls, data: Any) -> Any:
        """The object; an example in Avito's document (of ``cursor``) is the array alone."""
        return _applies(data)


def _applies(data: Any) -> Any:
    return {"applies": data} if isinstance(data, list) else data


class FullName(Answer):
    """A name in parts."""

    first_name: str | None = None
    last_name: str | None = None
    patronymic: str | None = None

    def joined(self) -> str | None:
        """Surname first, as Avito writes ``name``; None when all parts are empty."""
        parts = [self.last_name, self.first_name, self.patronymic]
        return " ".join(part.strip() for part in parts if part and part.strip()) or None


class ApplicantData(Answer):
    """The candidate's own data; everything may be absent or null."""

    name: str | None = None
    full_name: FullName | None = None
    birthday: Day | None = None
    citizenship: str | None = None
    education: str | None = None
    gender: str | None = None


class Applicant(Answer):
    """Who applied. ``resume_id`` is a string by the document and a number in its example; null or
    absent when there is none."""

    resume_id: str | None = None
    data: ApplicantData | None = None


class ApplicationChat(Answer):
    """The chat that belongs to an application; an empty object is none."""

    value: str | None = None


class Phone(Answer):
    """A phone; its other fields are not read."""

    value: str | None


class ApplicationContacts(Answer):
    """Contacts that come with an application; one that came by phone may have a chat as well."""

    chat: ApplicationChat | None = None
    phones: list[Phone | None] | None = None

    @field_validator("chat", mode="before")
    @classmethod
    def _empty(cls, chat: Any) -> Any:
        """An empty object written as an empty array, as some languages do."""
        return None if chat == [] else chat


class EnrichedText(Answer):
    """A value that Avito collected."""

    value: str | None = None


class EnrichedNumber(Answer):
    """A number that Avito collected."""

    value: Whole | None = None


class Enriched(Answer):
    """What Avito collected about the candidate."""

    age: EnrichedNumber | None = None
    phone: EnrichedText | None = None
    full_name: EnrichedText | None = None


class Application(Answer):
    """An entry of ``POST /job/v1/applications/get_by_ids``."""

    id: str | None
    applicant: Applicant | None
    contacts: ApplicationContacts | None = None
    vacancy_id: Whole | None
    created_at: AwareDatetime | None
    updated_at: AwareDatetime | None = None
    enriched_properties: Enriched | None = None


class Applications(Answer):
    """``POST /job/v1/applications/get_by_ids``; entries are read one by one."""

    applies: list[Any] | None

    @classmethod
    def shaped(cls, data: Any) -> Any:
        """The object; taken as an array alone too, as the ids are."""
        return _applies(data)


class Job(Answer):
    """A place of work; no ``work_finish``: until now."""

    work_start: Day | None = None
    work_finish: Day | None = None


class ResumeParams(Answer):
    """Everything optional or null."""

    address: str | None = None
    age: Whole | None = None
    education: str | None = None
    experience_list: list[Job | None] | None = None
    moving: str | None = None
    nationality: str | None = None
    pol: str | None = None
    schedule: str | None = None


class AddressDetails(Answer):
    """The address in parts."""

    address: str | None = None
    location: str | None = None


class Resume(Answer):
    """``GET /job/v2/resumes/{resume_id}``."""

    id: Whole | None
    title: str | None
    url: str | None
    update_time: datetime | None
    is_purchased: bool | None
    is_active: bool | None = None
    salary: Whole | None = None
    params: ResumeParams | None = None
    address_details: AddressDetails | None = None


class Contact(Answer):
    """``type``: phone, e-mail or chat_id; a phone may come as a number."""

    type: str | None
    value: str | None


class Contacts(Answer):
    """``GET /job/v1/resumes/{resume_id}/contacts/``."""

    contacts: list[Contact | None] | None
    name: str | None = None
    full_name: FullName | None = None
