"""Records of the sandbox's data; no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any]
DEEP = "@deep@"
"""Stands for a value nested 200,000 deep until it is written out."""
Direction = Literal["in", "out"]

ChatKind = Literal[
    "application",  # the candidate answered a vacancy; an application names the chat
    "purchased",  # the context is a resume that the employer bought
    "by_contacts",  # only the contacts of a purchased resume name the chat
    "unpurchased",  # the context is somebody's resume that nobody has paid for
    "own_vacancy",  # about our vacancy, but there is no application
    "avito",  # Avito's own chat (a2u)
    "private_user",  # user to user, no item
    "private_item",  # about somebody's thing that is no resume
]


@dataclass(slots=True)
class Person:
    """A made-up candidate."""

    user_id: int
    first: str
    last: str
    patronymic: str | None
    gender: Literal["male", "female"]
    phone: str  # E.164
    email: str | None
    birthday: str
    citizenship: str

    @property
    def full_name(self) -> str:
        """Surname, first name and patronymic, joined by single spaces."""
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)


@dataclass(slots=True)
class Item:
    """What a chat is about: a vacancy, a resume or any other advertisement."""

    id: int
    title: str
    url: str
    owner_id: int
    price: str | None = None


@dataclass(slots=True)
class Contacts:
    """What the contacts method tells of one resume, and the truth behind it."""

    body: JSON
    name: str | None
    phone: str | None
    email: str | None


@dataclass(slots=True)
class Resume:
    """A resume as it stands on Avito."""

    id: int
    person: Person
    body: JSON
    contacts: Contacts
    purchased: bool
    removed: bool = False
    from_application: bool = False


@dataclass(slots=True)
class Application:
    """A candidate's answer to a vacancy."""

    id: str
    created: int  # Unix seconds
    updated: int
    body: JSON
    chat_id: str | None
    resume: Resume | None
    vacancy: Item
    name: str | None
    phone: str | None


@dataclass(slots=True)
class Message:
    """One message; `ns` is its time in Unix nanoseconds, as the web page gives it."""

    id: str
    author_id: int
    direction: Direction
    type: str
    content: JSON
    ns: int
    read: int | None  # Unix seconds
    notice: bool = False  # Avito's own, whatever its type

    @property
    def text(self) -> str:
        """The text a person would see, empty for what has none."""
        return str(self.content.get("text") or "")

    @property
    def human(self) -> bool:
        """Written by a person and still there."""
        return self.of_person and self.type != "deleted"

    @property
    def of_person(self) -> bool:
        """Written by a person."""
        return self.type != "system" and not self.notice


@dataclass(slots=True)
class Chat:
    """A chat of the employer's account, with what is true about it."""

    id: str
    kind: ChatKind
    user_id: int
    user_name: str
    created_ns: int
    item: Item | None = None  # what the context shows
    resume: Resume | None = None
    application: Application | None = None
    is_read: bool = True
    messages: list[Message] = field(default_factory=list)  # oldest first
    sort_ns: int = 0

    @property
    def last(self) -> Message | None:
        """The last message of any kind."""
        return self.messages[-1] if self.messages else None
