"""What the recruiter writes into the workbook about a person, and who a person is."""

from __future__ import annotations

from dataclasses import dataclass

from avito_scrapy.items import ChatResume


@dataclass(frozen=True)
class Note:
    """The recruiter's own columns for one person, as they were typed.

    ``outcome`` is «Исход звонка», ``comment`` «Комментарий», ``next_call`` «Следующий звонок»
    (a date is written as YYYY-MM-DD, with the time after a space if it has one). None: empty.
    """

    outcome: str | None = None
    comment: str | None = None
    next_call: str | None = None

    def __bool__(self) -> bool:
        """Whether anything was written."""
        return any((self.outcome, self.comment, self.next_call))


def person_key(record: ChatResume) -> str:
    """What a person is known by in the store: the phone, else the resume's id, else the chat's."""
    return record.phone or record.resume_id or record.chat_id
