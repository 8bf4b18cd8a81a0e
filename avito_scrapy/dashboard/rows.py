"""The rows of the call list and how they are filtered: plain values, without pages and store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

from avito_scrapy.items import ChatResume, Note, note_key
from avito_scrapy.report import ranking
from avito_scrapy.report.call_outcomes import CallOutcomes
from avito_scrapy.report.local_time import city
from avito_scrapy.report.people import Person, unique
from avito_scrapy.report.statistics import funnel_step
from avito_scrapy.report.texts import Texts
from avito_scrapy.store.notes import Taken
from avito_scrapy.times import parse_iso

Field = Literal["outcome", "comment", "next_call"]


@dataclass(frozen=True)
class CallRow:
    """A person as the list shows them.

    Attributes:
        id: one of their chats, the same for as long as the person has these chats.
        note_key: what their note is kept by, ``note`` what it says.
        place: their place among those to call; None: they are on no list of calls.
        applied: the days of their applications.
        answered: the Mondays of the weeks of our first answers to them.
        step: how far they got in the funnel, in their best chat.
        found_by: what a search looks through.
    """

    id: str
    person: Person
    note_key: str
    note: Note
    taken: Taken | None
    place: ranking.Ranked | None
    wait_s: float | None
    city: str | None
    vacancies: Sequence[str]
    applied: frozenset[date]
    answered: frozenset[date]
    step: int
    found_by: str


@dataclass(frozen=True)
class Filters:
    """What of the list is wanted; an empty value wants everything. Addresses have these names."""

    search: str = ""
    vacancy: str | None = None
    status: str | None = None
    city: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    hours: float | None = None
    """Who waits longer than this."""
    block: ranking.Block | None = None
    outcome: str | None = None
    day: date | None = None
    week: date | None = None
    step: int = 0
    everybody: bool = False
    """Those too who are on no list of calls."""


def make_row(
    person: Person,
    notes: Mapping[str, Note],
    taken: Mapping[str, Taken],
    weeks: Mapping[str, date],
    now: datetime,
    outcomes: CallOutcomes,
    texts: Texts,
) -> CallRow:
    """Make the row of ``person`` as of ``now``.

    Args:
        weeks: by chat, the Monday of the week of our first answer.
    """
    kept_by, note, holder = _written(person, notes, taken)
    vacancies = unique(chat.item_title for chat in person.chats)
    applied = (parse_iso(chat.applied_at, now.tzinfo) for chat in person.chats)
    words = [person.name, *person.phones, *vacancies, person.best.title, note.comment,
             person.best.address, *(chat.last_message for chat in person.chats)]  # fmt: skip
    return CallRow(
        id=min(chat.chat_id for chat in person.chats),
        person=person,
        note_key=kept_by,
        note=note,
        taken=holder,
        place=ranking.call(person, note, now, outcomes, texts),
        wait_s=ranking.waited(person, now),
        city=city(person.best.address),
        vacancies=vacancies,
        applied=frozenset(when.date() for when in applied if when),
        answered=frozenset(weeks[chat.chat_id] for chat in person.chats if chat.chat_id in weeks),
        step=max(map(funnel_step, person.chats)),
        found_by="\n".join(filter(None, words)).casefold(),
    )


def is_as_written(row: CallRow, notes: Mapping[str, Note], taken: Mapping[str, Taken]) -> bool:
    """Whether the row shows the person's note and who has taken them."""
    key, note, holder = _written(row.person, notes, taken)
    shown = (row.note_key, row.note, row.note.made_at, row.taken)
    return (key, note, note.made_at, holder) == shown


def _written(
    person: Person, notes: Mapping[str, Note], taken: Mapping[str, Taken]
) -> tuple[str, Note, Taken | None]:
    key = note_key(notes, person.keys) or person.keys[0]
    holder = next((taken[one] for one in person.keys if one in taken), None)
    return key, notes.get(key, Note()), holder


def ordered(rows: Iterable[CallRow]) -> list[CallRow]:
    """The rows in the order of the call list, those without a place last."""
    return sorted(rows, key=lambda row: (row.place.sort if row.place else "~", row.person.no))


def matching(rows: Iterable[CallRow], wanted: Filters) -> list[CallRow]:
    """The rows that are wanted, in their order."""
    words = wanted.search.casefold().split()
    digits = re.sub(r"\D", "", wanted.search)
    # As it is typed: 8 903 …; kept as +7903….
    phone = (digits[1:] if digits[:1] in ("7", "8") else digits) if len(digits) >= 4 else ""
    rules: Sequence[tuple[object, Callable[[CallRow], object]]] = (
        (not wanted.everybody, lambda row: row.place),
        (wanted.block, lambda row: row.place and row.place.block == wanted.block),
        (wanted.status, lambda row: row.person.status == wanted.status),
        (wanted.vacancy, lambda row: wanted.vacancy in row.vacancies),
        (wanted.city, lambda row: row.city == wanted.city),
        (wanted.outcome, lambda row: row.note.outcome == wanted.outcome),
        (wanted.step, lambda row: row.step >= wanted.step),
        (wanted.day, lambda row: wanted.day in row.applied),
        (wanted.week, lambda row: wanted.week in row.answered),
        (wanted.hours, lambda row: (row.wait_s or 0) > (wanted.hours or 0) * 3600),
        # Whose age is not known is not wanted, whatever the bounds.
        (wanted.age_from is not None,
         lambda row: (row.person.best.age or -1) >= (wanted.age_from or 0)),
        (wanted.age_to is not None,
         lambda row: 0 < (row.person.best.age or 0) <= (wanted.age_to or 0)),
        (words, lambda row: all(word in row.found_by for word in words)
         or (phone and any(phone in number for number in row.person.phones))),
    )  # fmt: skip
    found = list(rows)
    for given, rule in rules:
        if given:
            found = list(filter(rule, found))
    return found


def most_frequent(values: Iterable[str]) -> list[str]:
    """Every value once, the most frequent first."""
    return [value for value, _ in Counter(values).most_common()]


def phone_links(phone: str | None) -> dict[str, str]:
    """Where to reach a phone (E.164); nothing for what is none."""
    if not phone or not re.fullmatch(r"\+\d{8,15}", phone):
        return {}
    return {
        "tel": f"tel:{phone}",
        "whatsapp": f"https://wa.me/{phone[1:]}",
        "telegram": f"https://t.me/{phone}",
    }


def chat_link(record: ChatResume, web_url: str) -> str:
    """The chat's page. To open it marks the chat as read, for good."""
    return f"{web_url}/profile/messenger/channel/{quote(record.chat_id, safe='~-._')}"


_AVITOS = re.compile(r"https://(?:[\w-]+\.)*avito\.ru/[^\s\\\x00-\x1f]*", re.ASCII)


def resume_link(record: ChatResume, web_url: str) -> str | None:
    """The resume's page; None when it is not known, or is not Avito's."""
    url = record.resume_url or ""
    own = url.startswith(f"{web_url}/") and not re.search(r"[\s\\\x00-\x1f]", url)
    return url if own or _AVITOS.fullmatch(url) else None


def grid_row(row: CallRow, texts: Texts) -> dict[str, Any]:
    """The row as the grid takes it. All keys are ours: NiceGUI runs what stands under a key that
    begins with a colon."""
    person, waits = row.person, row.person.waits or row.person.last
    return {
        "id": row.id,
        "name": person.name or "без имени",
        "block": row.place.block if row.place else "",
        "why": row.place.why if row.place else texts(f"status.{person.status}"),
        "phone": person.phone or "",
        "message": (waits.last_message or "")[:300],
        "vacancy": "; ".join(row.vacancies)[:200],
        "age": person.best.age,
        "city": row.city or "",
        "outcome": row.note.outcome or "",
        "comment": row.note.comment or "",
        "next_call": shown_cell("next_call", row.note.next_call or ""),
        "taken": row.taken.author if row.taken else "",
        **phone_links(person.phone),
    }


def shown_cell(field: Field, kept: str) -> str:
    """A cell of a note as it is shown: the next call's day as people write it, 05.12.2026 10:30,
    where 2026-12-05 10:30 is kept."""
    if field != "next_call":
        return kept
    return re.sub(r"\A(\d{4})-(\d\d)-(\d\d)((?: \d\d:\d\d)?)\Z", r"\3.\2.\1\4", kept)


def kept_cell(field: Field, shown: str) -> str:
    """What ``shown_cell`` was given."""
    if field != "next_call":
        return shown
    return re.sub(r"\A(\d\d)\.(\d\d)\.(\d{4})((?: \d\d:\d\d)?)\Z", r"\3-\2-\1\4", shown)


_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_WORDS = {"сегодня": 0, "завтра": 1, "послезавтра": 2}


def next_call_text(typed: str, today: date) -> str:
    """«Следующий звонок» as it is kept: «завтра 14:00» and «5.12» become a date, other words stay.

    Args:
        today: in the account's zone. A day without a year is the next one of that name.
    """
    words = typed.split()
    clock = _CLOCK.fullmatch(words[-1]) if words else None
    if clock:
        words = words[:-1] or ["сегодня"]
    day = _day(" ".join(words).casefold(), today)
    if day is None:
        return typed.strip()
    return f"{day} {int(clock[1]):02d}:{clock[2]}" if clock else day.isoformat()


def _day(text: str, today: date) -> date | None:
    if text in _WORDS:
        return today + timedelta(days=_WORDS[text])
    found = _DAY.fullmatch(text)
    try:
        if found is None:
            return date.fromisoformat(text)
        day, month = int(found[1]), int(found[2])
        if found[3]:
            return date(int(found[3]) + (2000 if len(found[3]) == 2 else 0), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None
