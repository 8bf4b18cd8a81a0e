"""The columns of each kind of sheet: what they are called, how wide, and what stands in them.

A new column is one line here and its heading, ``col.KEY``, in each language.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from avito_scrapy.items import ChatResume
from avito_scrapy.report.formatting import Formatter
from avito_scrapy.report.local_time import readable_phone
from avito_scrapy.report.people import Person, candidate_message, last_message, unique
from avito_scrapy.report.ranking import next_call
from avito_scrapy.report.records import account_of
from avito_scrapy.report.row_marks import Theirs, mark
from avito_scrapy.report.sheet import Column, Row, Styled, Value
from avito_scrapy.report.stoplist import Entry
from avito_scrapy.store import NoteVersion


@dataclass(frozen=True)
class Call:
    """A row of a call sheet: whom to call, and why."""

    number: int
    person: Person
    why: str | None
    block: str | None


@dataclass(frozen=True)
class Stopped:
    """A row of «Исключено_по_стоплисту»: who is left out, and the line of the list."""

    person: Person
    entry: Entry


def _own_columns(
    show: Formatter,
    person: Callable[[Row], Person],
    message: Callable[[Person], str | None],
    theirs: Callable[[Person], Theirs],
) -> Sequence[Column[Row]]:
    """What the recruiter writes, wherever the person stands; ``message``: as the row shows it."""

    def told(one: Person) -> str:
        seen = (one.name, readable_phone(one.phone), show.vacancies(one), message(one))
        return mark(one.note, "\n".join(one.keys), seen, theirs(one))

    return [
        Column("call_outcome", 13, "own", lambda row: person(row).note.outcome),
        Column("comment", 18, "own", lambda row: person(row).note.comment),
        Column("next_call", 17, "own_date", lambda row: next_call(person(row).note)),
        # Amid the others: whatever range a person sorts or copies, these go with it.
        Column("key", 4, "code", lambda row: "\n".join(person(row).keys), hidden=True),
        Column("mark", 4, "code", lambda row: told(person(row)), hidden=True),
    ]


@dataclass(frozen=True)
class PastNote:
    """A row of «История»: what was written about a person, and who it was then."""

    name: str | None
    phone: str | None
    version: NoteVersion


def history_columns(show: Formatter) -> Sequence[Column[PastNote]]:
    """«История»."""
    return [
        Column("name", 26, "long", lambda row: row.name),
        Column("phone", 17, "code", lambda row: readable_phone(row.phone)),
        Column("made_at", 17, "date", lambda row: show.moment(row.version.note.made_at)),
        Column("author", 22, "text", lambda row: row.version.note.author),
        Column("source", 16, "text", lambda row: show.name("source", row.version.source)),
        Column("told_outcome", 20, "text", lambda row: row.version.note.outcome),
        Column("told_comment", 50, "long", lambda row: row.version.note.comment),
        Column("told_call", 17, "date", lambda row: next_call(row.version.note)),
    ]


def _joint(show: Formatter, value: Callable[[Row], str | None]) -> Sequence[Column[Row]]:
    """The account's column, in a workbook of several accounts."""
    return [Column("account", 16, "text", value)] if show.options.joint else []


def people_columns(show: Formatter, theirs: Callable[[Person], Theirs]) -> Sequence[Column[Person]]:
    """«Кандидаты»."""
    return [
        Column("name", 22, "long", lambda person: person.name),
        Column("phone", 17, "code", lambda person: readable_phone(person.phone)),
        *_own_columns(
            show, lambda person: person, lambda person: person.shown.last_message, theirs
        ),
        Column("status", 25, "text", lambda person: show.status(person.status)),
        Column(
            "waiting_since", 17, "date",
            lambda person: show.time(person.waits.waiting_since if person.waits else None),
        ),
        Column("last_message", 40, "long", lambda person: person.shown.last_message),
        Column("last_at", 17, "date", lambda person: show.time(person.shown.last_message_at)),
        Column(
            "last_by", 11, "text",
            lambda person: show.name("by", person.shown.last_message_direction),
        ),
        Column("vacancies", 30, "long", show.vacancies),
        *_joint(show, lambda person: show.accounts(person)),
        Column("chat", 17, "link", lambda person: show.chat(person.shown)),
        Column("resume", 16, "link", lambda person: show.resume(person.best)),
        Column(
            "email", 29, "code",
            lambda person: next(
                iter(unique(chat.email for chat in (person.best, *person.chats))), None
            ),
        ),
        Column("title", 24, "long", lambda person: person.best.title),
        Column("age", 9, "number", lambda person: person.best.age),
        Column("gender", 10, "text", lambda person: show.name("gender", person.best.gender)),
        Column("citizenship", 14, "text", lambda person: person.best.citizenship),
        Column("city", 18, "text", show.city),
        Column("address", 28, "long", lambda person: person.best.address),
        Column("salary", 12, "number", lambda person: person.best.salary),
        Column("schedule", 14, "text", lambda person: show.name("schedule", person.best.schedule)),
        Column("education", 16, "text", lambda person: person.best.education),
        Column("experience", 9, "number", lambda person: person.best.experience_months),
        Column("moving", 13, "text", lambda person: person.best.moving),
        Column(
            "applied_at", 17, "date",
            lambda person: show.latest(chat.applied_at for chat in person.chats),
        ),
        Column("resume_at", 17, "date", lambda person: show.time(person.best.resume_updated_at)),
        Column("outcome", 21, "text", lambda person: show.name("outcome", person.best.outcome)),
        Column("match", 23, "text", lambda person: show.name("match", person.best.match)),
        Column("active", 11, "text", lambda person: show.yes_no(person.best.is_active)),
        Column("purchased", 11, "text", lambda person: show.yes_no(person.best.is_purchased)),
        Column("chats", 8, "number", lambda person: len(person.chats)),
        Column("joined", 18, "text", lambda person: show.name("joined", person.joined)),
        Column("remark", 40, "long", show.remark),
        Column("resume_id", 15, "code", lambda person: person.best.resume_id),
        Column(
            "chat_ids", 32, "code",
            lambda person: "\n".join(chat.chat_id for chat in person.chats),
        ),
        Column("fetched_at", 17, "date", lambda person: show.time(person.shown.fetched_at)),
    ]  # fmt: skip


def call_columns(show: Formatter, theirs: Callable[[Person], Theirs]) -> Sequence[Column[Call]]:
    """«Для_звонков», «На_сегодня», «Кому_не_писали»."""
    return [
        Column("name", 18, "long", lambda row: _in_block(row, row.person.name)),
        Column("phone", 17, "link", lambda row: show.phone(row.person)),
        Column("why", 24, "long", lambda row: row.why),
        Column("vacancies", 15, "long", lambda row: show.vacancies(row.person)),
        Column("waiting_hours", 7, "float", lambda row: show.waited(row.person)),
        Column("candidate_message", 30, "long", lambda row: candidate_message(row.person)),
        *_own_columns(show, lambda row: row.person, candidate_message, theirs),
        Column("block", 10, "text", lambda row: _in_block(row, show.name("block", row.block))),
        Column("local_time", 9, "text", lambda row: show.local_time(row.person)),
        Column("status", 24, "text", lambda row: show.status(row.person.status)),
        Column("our_message", 34, "long", lambda row: last_message(row.person, "out")),
        Column("last_at", 17, "date", lambda row: show.time(row.person.shown.last_message_at)),
        *_joint(show, lambda row: show.accounts(row.person)),
        Column("chat", 17, "link", lambda row: show.chat(row.person.shown)),
        Column("resume", 15, "link", lambda row: show.resume(row.person.best)),
        Column("whatsapp", 12, "link", lambda row: show.whatsapp(row.person), outline=1),
        Column("telegram", 12, "link", lambda row: show.telegram(row.person), outline=1),
        Column("age", 9, "number", lambda row: row.person.best.age),
        Column("city", 18, "text", lambda row: show.city(row.person)),
        Column("citizenship", 13, "text", lambda row: row.person.best.citizenship),
        Column("address", 22, "long", lambda row: row.person.best.address),
        Column("salary", 11, "number", lambda row: row.person.best.salary),
        Column("experience", 8, "number", lambda row: row.person.best.experience_months),
        Column("remark", 28, "long", lambda row: show.remark(row.person)),
        Column("no", 7, "number", lambda row: row.number),
    ]


def _in_block(row: Call, text: str | None) -> Value:
    """``text`` in the colour of the row's block: it stays with the row, however it is sorted."""
    return Styled(text, f"block.{row.block}") if text and row.block in ("now", "today") else text


def stopped_columns(show: Formatter) -> Sequence[Column[Stopped]]:
    """«Исключено_по_стоплисту»."""
    return [
        Column("name", 22, "long", lambda row: row.person.name),
        Column("phone", 17, "code", lambda row: show.stopped_phone(row.person, row.entry)),
        Column("list_file", 22, "long", lambda row: row.entry.file),
        Column("list_sheet", 14, "long", lambda row: row.entry.sheet),
        Column("list_row", 9, "number", lambda row: row.entry.row),
        Column("list_name", 22, "long", lambda row: row.entry.name),
        Column("list_comment", 30, "long", lambda row: row.entry.comment),
        Column("status", 25, "text", lambda row: show.status(row.person.status)),
        Column("last_at", 17, "date", lambda row: show.time(row.person.shown.last_message_at)),
        Column("vacancies", 30, "long", lambda row: show.vacancies(row.person)),
        *_joint(show, lambda row: show.accounts(row.person)),
        Column("chat", 17, "link", lambda row: show.chat(row.person.shown)),
        Column("resume", 16, "link", lambda row: show.resume(row.person.best)),
        Column("remark", 34, "long", lambda row: show.other_name(row.person, row.entry)),
    ]


def chat_columns(show: Formatter) -> Sequence[Column[ChatResume]]:
    """«Без_резюме», «Ошибки»."""
    return [
        Column("name", 20, "long", lambda record: record.full_name or record.user_name),
        Column("outcome", 20, "text", lambda record: show.name("outcome", record.outcome)),
        Column("reason", 30, "long", show.why_without),
        Column("phone", 17, "code", lambda record: readable_phone(record.phone)),
        Column("status", 25, "text", show.chat_status),
        Column("item", 18, "long", lambda record: record.item_title),
        *_joint(show, account_of),
        Column("last_message", 34, "long", lambda record: record.last_message),
        Column("last_at", 17, "date", lambda record: show.time(record.last_message_at)),
        Column(
            "last_by", 11, "text",
            lambda record: show.name("by", record.last_message_direction),
        ),
        Column("chat", 17, "link", show.chat),
        Column("chat_id", 30, "code", lambda record: record.chat_id),
        Column("resume_id", 15, "code", lambda record: record.resume_id),
        Column("fetched_at", 17, "date", lambda record: show.time(record.fetched_at)),
    ]  # fmt: skip
