"""Whom to call first, and why, in words.

Who waits for our answer comes first: those of the last hour before all others, because in mass
hiring a first contact after an hour loses many of them; then those of the last day, of three days,
and the rest. Within a group: ready to start, then a phone at hand, then the longest wait; of those
who have waited for more than three days, the shortest: the others have found something by now.
After them, who applied and was never written to; who has not read us (a call reaches them); who
has read and keeps silent; whose turn it is; whose messages could not be read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from avito_scrapy.report.people import Person, changed_at
from avito_scrapy.report.texts import Texts
from avito_scrapy.times import parse_iso

HOUR = 3600.0
WAIT_GROUPS: Sequence[float] = (HOUR, 24 * HOUR, 72 * HOUR)
_AFTER = {"never_written": 4, "unread": 5, "read_no_reply": 6, "replied": 7, "unknown": 8}
_WHY = {"unread": "unread", "read_no_reply": "read", "replied": "replied", "unknown": "unknown"}
_READY = re.compile(
    r"\bготова? (?:\w+ )?(?:выйти|приступить|начать|работать|хоть)"
    r"|\bмогу (?:\w+ )?(?:выйти|приступить|начать)"
    r"|\bкогда (?:можно )?(?:выходить|выйти|приступать|приступить)",
    re.IGNORECASE,
)
_NOT_READY = re.compile(r"\bне (?:готов|могу|смогу)", re.IGNORECASE)


@dataclass(frozen=True)
class Ranked:
    """A place on a sheet: ``sort`` orders the rows as text, ``why`` is shown."""

    sort: str
    why: str


def is_ready(person: Person) -> bool:
    """Whether the person's own last words say that they can start."""
    return any(
        chat.last_message_direction == "in"
        and _READY.search(chat.last_message or "") is not None
        and _NOT_READY.search(chat.last_message or "") is None
        for chat in person.chats
    )


def waited(person: Person, now: datetime) -> float | None:
    """Seconds for which the person has waited for our answer; None when they do not."""
    since = person.waits and parse_iso(
        person.waits.waiting_since, now.tzinfo or now.astimezone().tzinfo
    )
    return max((now - since).total_seconds(), 0.0) if since else None


def call(person: Person, now: datetime, texts: Texts) -> Ranked | None:
    """The person's place among those to call now.

    None for who refused, and for who neither waits nor can be reached by phone.
    """
    wait = waited(person, now)
    if person.status == "refused" or (wait is None and person.phone is None):
        return None
    ready = is_ready(person)
    if wait is not None:
        group = sum(wait > limit for limit in WAIT_GROUPS)
        first = "call.waiting_new" if person.status == "never_written" else "call.waiting"
        why = [texts(first, time=texts.duration(wait))]
        order = 1e12 - wait if group < len(WAIT_GROUPS) else wait
    else:
        group = _AFTER.get(person.status, 8)
        applied, why = _not_waiting(person, now, texts)
        order = applied
    removed = person.best.outcome == "resume_removed"
    why += [texts("call.ready")] if ready else []
    why += [texts("call.phone" if person.phone else "call.no_phone")]
    why += [texts("call.removed")] if removed else []
    sort = f"{group}{int(not ready)}{int(not person.phone)}{int(removed)}{order:016.2f}"
    return Ranked(sort, "; ".join(why))


def _not_waiting(person: Person, now: datetime, texts: Texts) -> tuple[float, list[str]]:
    """(what to order by: the freshest first, why)."""
    latest = changed_at(person, now.tzinfo)
    age = (now - latest[0][0]).total_seconds() if latest else 1e11
    if person.status != "never_written":
        return age + 1e11, [texts(f"call.{_WHY.get(person.status, 'unknown')}")]
    applied = max((when for when, what in latest if what == "applied"), default=None)
    if applied is None:
        return age + 1e11, [texts("call.never")]
    since = (now - applied).total_seconds()
    return since + 1e11, [texts("call.applied", time=texts.duration(since))]


def today(person: Person, now: datetime, texts: Texts) -> Ranked | None:
    """The person's place among those who did something in the last 24 hours."""
    events = [
        (when, what)
        for when, what in changed_at(person, now.tzinfo)
        if what != "ours" and now - timedelta(days=1) <= when <= now
    ]
    if not events:
        return None
    what = list(dict.fromkeys(what for _, what in events))
    return Ranked(_latest_first(events[0][0]), "; ".join(texts(f"today.{one}") for one in what))


def never_written(person: Person, now: datetime, texts: Texts) -> Ranked | None:
    """The person's place among those to whom nobody of ours has written, the freshest first."""
    if person.status != "never_written":
        return None
    wait = waited(person, now)
    why = [texts("never.why")]
    if wait is not None:
        why.append(texts("call.waiting_new", time=texts.duration(wait)))
    events = changed_at(person, now.tzinfo)
    return Ranked(_latest_first(events[0][0]) if events else "~", "; ".join(why))


def _latest_first(when: datetime) -> str:
    return f"{1e12 - when.timestamp():016.2f}"
