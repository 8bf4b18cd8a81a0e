"""Why a chat has no resume, or something of it is missing: a code and values, shown in a language.

``ENGLISH`` is what ``resumes.jl`` and the log show; the workbook has a table of its own with the
same codes (``report/texts.py``). A new reason is a line in both.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, Union

Value = Union[str, int, float, "Reason"]

ENGLISH: dict[str, str] = {
    # what the chat is
    "avito_chat": "Avito and its assistants write here",
    "unknown_chat_form": "a chat id of a form that is not known",
    "private_chat": "a private chat: no application and no item",
    "private_chat_gone": "a private chat that Avito no longer has",
    "other_item": "about somebody's item that is no resume",
    "applied_without_resume": "the candidate applied without a resume",
    "resume_removed": "the candidate has taken the resume down",
    "no_application": "no application since {since} and {about}",
    "no_application_of_those_received": (
        "no application since {since} ({missing} that Avito lists it does not tell of) and {about}"
    ),
    "no_item": "the chat names no item",
    "no_item_owner": "Avito does not say whose item the chat is about",
    "own_vacancy": "the chat is about our own vacancy",
    "item_of_unknown_kind": "whether the chat is about a resume is not known",
    # what could not be read
    "chat_unreadable": "the chat could not be read: {cause}",
    "chat_not_found": "Avito knows no such chat in this account (404)",
    "resume_unreadable": "the resume could not be read: {cause}",
    "contacts_unreadable": "the contacts could not be read: {cause}",
    "naming_contacts_unreadable": "contacts that may name the chat: {cause}",
    "item_unreadable": "whether the chat is about a resume is not known: {cause}",
    "applications_unreadable": "applications could not be read: {cause}",
    "applications_too_soon": "newer applications are not known yet: the next run asks for them",
    "applications_missing": "Avito lists applications that it does not tell of",
    "applications_endless": "Avito's list of applications does not end",
    "application_ids_odd": "Avito's answer does not tell the applications' ids",
    "application_chats_odd": "some applications do not tell their chat in a known form",
    "application_resume_odd": "the application does not tell its resume in a form that is known",
    "not_showable": "values that cannot be shown: {fields}",
    "chat_failed": "something unexpected happened with this chat ({kind})",
    "stored_unreadable": "what the store holds of this chat cannot be read; run with refresh=yes",
    # why an answer is none
    "status": "Avito answered {status}",
    "gone": "Avito no longer has them (404)",
    "no_route": "Avito's API does not know this address (404)",
    "other_chat": "Avito answered with another chat",
    "other_resume": "Avito answered with another resume",
    "chat_odd": "Avito's answer does not tell in a known form what it is about",
    "no_resume_in_answer": "Avito's answer was no resume",
    "no_contacts_in_answer": "Avito's answer held no contacts",
    "no_messages_in_answer": "no messages in it",
    "no_account_in_answer": "Avito does not tell its number",
    "answer_unreadable": "its answer could not be read ({kind})",
    "chat_list_cut": "a page of Avito's list of chats could not be had",
    "refused_to_all": "Avito refuses them for every resume ({status})",
    # why no answer came
    "not_sent": "the request could not be sent ({kind})",
    "unreachable": "Avito could not be reached",
    "connection_lost": "the connection was lost",
    "silence": "no answer within {seconds} s",
    "too_large": "Avito's answer did not end",
    "no_json": "Avito's answer was no whole JSON",
    "limited": "Avito's limit of requests let nothing through for half an hour (429)",
    "no_token": "the token request was answered with {status} and no token",
    "tries": "{cause} ({tries} tries)",
    # written by version 0.1.0, which knew no codes
    "text": "{text}",
}


class Reason:
    """A reason; ``str()`` gives its English. ``values`` fill the text in, and may be reasons."""

    __slots__ = ("code", "values")

    def __init__(self, code: str, /, **values: Value) -> None:
        self.code = code
        self.values = values

    def render(self, texts: Mapping[str, str]) -> str:
        """The reason in the language of ``texts``; a code that is not in it stands for itself."""
        filled = {
            name: value.render(texts) if isinstance(value, Reason) else value
            for name, value in self.values.items()
        }
        return _Lenient().vformat(texts.get(self.code, self.code), (), filled)

    def packed(self) -> list[Any]:
        return [
            self.code,
            {k: v.packed() if isinstance(v, Reason) else v for k, v in self.values.items()},
        ]

    @classmethod
    def unpacked(cls, kept: Any) -> Reason | None:
        """The reason that ``packed`` made JSON of; a plain text stays what it is."""
        match kept:
            case None | "":
                return None
            case [str(code), dict(values)]:
                return cls(code, **{str(k): _value(v) for k, v in values.items()})
            case _:
                return cls("text", text=str(kept))

    def __str__(self) -> str:
        return self.render(ENGLISH)

    def __repr__(self) -> str:
        return f"Reason({self.code!r}, {self.values})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reason):
            return NotImplemented
        return (self.code, self.values) == (other.code, other.values)


def _value(kept: Any) -> Value:
    if isinstance(kept, list):
        return Reason.unpacked(kept) or ""
    return kept if isinstance(kept, (str, int, float)) else ""


class _Lenient(string.Formatter):
    """Leaves a place open for which a reason of another version has no value."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(key, "?")
