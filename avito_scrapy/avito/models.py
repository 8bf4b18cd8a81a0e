"""The answers of the API's methods, as far as the project reads them.

Fields and their kinds are those of Avito's published documents; what is observed only is said.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, field_validator, model_validator

from avito_scrapy.avito.answer_model import Answer, Day, ReadFlag, UnixSeconds, Whole


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


class OwnItem(Answer):
    id: Whole | None


class OwnItems(Answer):
    """``GET /core/v1/items``."""

    resources: list[OwnItem | None] | None


# The messenger


class Item(Answer):
    """What a chat is about. ``user_id``: the item's owner."""

    id: Whole | None
    title: str | None
    url: str | None
    user_id: Whole | None


class Context(Answer):
    """Of a chat; only ``type`` "item" has a ``value`` that is known."""

    type: str | None
    value: Item | None

    @model_validator(mode="before")
    @classmethod
    def _item_only(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("type") not in ("item", None):
            return {"type": data["type"], "value": None}
        return data


class User(Answer):
    """Who takes part in a chat."""

    id: Whole | None
    name: str | None


class Content(Answer):
    """Of a message; ``flow_id`` names the bot that wrote it."""

    text: str | None = None
    flow_id: str | None = None


class LastMessage(Answer):
    """The last message of a chat. ``author_id`` 0 or 1: Avito itself, as seen in the field."""

    author_id: Whole | None = None
    created: UnixSeconds | None
    direction: Literal["in", "out"] | None
    type: str | None
    content: Content | None = None


class Message(LastMessage):
    """A message. ``read``: by the other side."""

    read: ReadFlag = None


class MessagesMeta(Answer):
    """As seen in the field. ``has_more``: further pages follow, however short this one is."""

    has_more: bool | None = None


class Messages(Answer):
    """``GET /messenger/v3/accounts/{user_id}/chats/{chat_id}/messages/``.

    An array by Avito's document, an object with the array in the field.
    """

    array = "messages"

    messages: list[Message | None] | None
    meta: MessagesMeta | None = None


class ChatAnswer(Answer):
    """``GET /messenger/v2/accounts/{user_id}/chats/{chat_id}``."""

    id: str | None = None
    users: list[User | None] | None
    context: Context | None = None
    last_message: LastMessage | None = None

    @field_validator("context", mode="before")
    @classmethod
    def _about_nothing(cls, context: Any) -> Any:
        return None if context == {} else context


class ListedChatAnswer(ChatAnswer):
    """An entry of the list; ``updated`` is what it is sorted by, as far as has been seen."""

    updated: UnixSeconds | None = None


class ChatListAnswer(Answer):
    """``GET /messenger/v2/accounts/{user_id}/chats``; entries are read one by one."""

    chats: list[Any] | None


# Applications


class ApplicationId(Answer):
    id: str | None
    updated_at: AwareDatetime | None = None


class ApplicationIds(Answer):
    """``GET /job/v1/applications/get_ids``: newest first, 100 a page.

    An example in Avito's document (of ``cursor``) is the array alone.
    """

    array = "applies"

    applies: list[ApplicationId | None] | None


class FullName(Answer):
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


class TextValue(Answer):
    """The chat of an application (an empty object is none), or what Avito collected."""

    value: str | None = None


class NumberValue(Answer):
    value: Whole | None = None


class Phone(Answer):
    value: str | None


class ApplicationContacts(Answer):
    """Contacts that come with an application; one that came by phone may have a chat as well."""

    chat: TextValue | None = None
    phones: list[Phone | None] | None = None

    @field_validator("chat", mode="before")
    @classmethod
    def _empty(cls, chat: Any) -> Any:
        """An empty object written as an empty array, as some languages do."""
        return None if chat == [] else chat


class Enriched(Answer):
    """What Avito collected about the candidate."""

    age: NumberValue | None = None
    phone: TextValue | None = None
    full_name: TextValue | None = None


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
    """``POST /job/v1/applications/get_by_ids``; entries are read one by one. Taken as an array
    alone too, as the ids are."""

    array = "applies"

    applies: list[Any] | None


# Resumes


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
