"""Whom to call, when, and why, in words: the rules of the call list, the only place for them.

A person is in one of three blocks, or off the list. What the recruiter wrote decides first:

1. A «Следующий звонок» that is due stands on top; one of later today is in «Сегодня»; until an
   agreed day comes, the person is off. A time that had passed when the note was written is done,
   unless its outcome says «в назначенное время».
2. Whoever wrote or applied after the note was made comes back as if there was none, with the note.
3. Else the outcome decides (``call_outcomes``): off; back after some hours; called at an agreed
   time; stays, among «Остальные». Words of one's own count as the last.

Without such a note: who waits for our answer comes first: those of the last hour before all others,
because in mass hiring a first contact after an hour loses many of them; then those of the last day;
then who applied within a day and was never written to. «Сегодня» are those of the last three days,
and whose message asks nothing (``avito.phrases``). «Остальные» are the rest: who has waited
longer, the shortest first; who was never written to; who has not read us (a call reaches them); who
has read and keeps silent; whose turn it is; whose messages could not be read. Within a group: ready
to start, then a phone at hand, then the longest wait.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from avito_scrapy.avito.phrases import Quiet, quiet_kind
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.call_outcomes import CallOutcome, CallOutcomes
from avito_scrapy.report.people import Person, changed_at
from avito_scrapy.report.texts import Texts
from avito_scrapy.times import parse_iso

Block = Literal["now", "today", "rest"]
BLOCKS: Sequence[Block] = ("now", "today", "rest")
HOUR = 3600.0
DAY = 24 * HOUR
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
# Groups within a block, in their order.
_AGREED, _BACK, _HOUR, _DAY, _THREE_DAYS, _APPLIED, _QUIET, _LONGER = range(8)
_AFTER = {"never_written": 8, "unread": 9, "read_no_reply": 10, "replied": 11, "unknown": 12}
_STAYS = 13
_READY = re.compile(
    r"\bготова? (?:\w+ )?(?:выйти|приступить|начать|работать|хоть)"
    r"|\bмогу (?:\w+ )?(?:выйти|приступить|начать)"
    r"|\bкогда (?:можно )?(?:выходить|выйти|приступать|приступить)",
    re.IGNORECASE,
)
_NOT_READY = re.compile(r"\bне (?:готов|могу|смогу)", re.IGNORECASE)


@dataclass(frozen=True)
class Ranked:
    """A place on a sheet: ``sort`` orders the rows as text, ``why`` is shown; ``block`` is that of
    the call list."""

    sort: str
    why: str
    block: Block | None = None


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


def next_call(note: Note) -> datetime | str | None:
    """«Следующий звонок»: a date without a zone if it is one, else what was typed."""
    if note.next_call and _DATE.fullmatch(note.next_call):
        with suppress(ValueError):  # the 31st of February
            return datetime.fromisoformat(note.next_call)
    return note.next_call


def call(
    person: Person, note: Note, now: datetime, outcomes: CallOutcomes, texts: Texts
) -> Ranked | None:
    """The person's place on the call list; None: off it.

    Off is also who refused, and who neither waits nor can be reached by phone.

    Args:
        note: what the recruiter wrote about the person; an empty one for nothing.
        now: with the zone in which dates were typed.
    """
    outcome = outcomes.find(note.outcome)
    agreed = _agreed(note, outcome, now)
    if agreed is not None:
        if agreed > now and agreed.date() != now.date():
            return None
        due, time = agreed <= now, f"{agreed:%d.%m.%Y %H:%M}".removesuffix(" 00:00")
        why = [texts("call.due" if due else "call.agreed", time=time)]
        return _ranked(person, "now" if due else "today", _AGREED, agreed.timestamp(), why, texts)
    if person.status == "refused":
        return None
    again: list[str] = []
    if note.outcome or note.next_call:
        if not _has_news(person, note, now):
            return _by_outcome(person, note, outcome, now, texts)
        again = [texts("call.again", outcome=note.outcome or note.next_call)]
    wait = waited(person, now)
    if wait is not None:
        return _waiting(person, wait, again, texts)
    if person.phone is None:
        return None
    return _not_waiting(person, now, again, texts)


def _agreed(note: Note, outcome: CallOutcome | None, now: datetime) -> datetime | None:
    """When the recruiter agreed to call; None: nothing that still counts."""
    typed = next_call(note)
    if not isinstance(typed, datetime):
        return None
    when = typed.replace(tzinfo=now.tzinfo)
    if note.outcome is None or (outcome is not None and outcome.effect == "at_time"):
        return when
    made = now.timestamp() if note.made_at is None else note.made_at
    return when if when.timestamp() > made else None


def _has_news(person: Person, note: Note, now: datetime) -> bool:
    """Whether the person wrote or applied after the note's author last saw their chats."""
    seen = note.made_at if note.seen_at is None else note.seen_at
    if seen is None:
        return False
    return any(
        what in ("message", "applied") and when.timestamp() > seen
        for when, what in changed_at(person, now.tzinfo)
    )


def _by_outcome(
    person: Person, note: Note, outcome: CallOutcome | None, now: datetime, texts: Texts
) -> Ranked | None:
    name = note.outcome or ""
    effect = outcome.effect if outcome else "stays" if note.outcome else "at_time"
    if effect == "off":
        return None
    if effect == "later":
        assert outcome is not None
        made = now.timestamp() if note.made_at is None else note.made_at
        back = datetime.fromtimestamp(made, now.tzinfo) + timedelta(hours=outcome.hours)
        due, shown = back <= now, f"{back:%d.%m %H:%M}"
        why = [texts("call.back" if due else "call.later", outcome=name, time=shown)]
        return _ranked(person, "now" if due else "today", _BACK, back.timestamp(), why, texts)
    if effect == "at_time":
        key = "call.words" if note.next_call else "call.no_time"
        why = [texts(key, outcome=name, words=note.next_call)]
        return _ranked(person, "today", _BACK, 1e12, why, texts)
    why = [texts("call.stays", outcome=name)]
    return _ranked(person, "rest", _STAYS, -(note.made_at or 0), why, texts)


def _waiting(person: Person, wait: float, again: list[str], texts: Texts) -> Ranked:
    first = "call.waiting_new" if person.status == "never_written" else "call.waiting"
    why = [*again, texts(first, time=texts.duration(wait))]
    kind = only_courtesy(person)
    if kind is not None:
        block: Block = "today" if wait <= 3 * DAY else "rest"
        return _ranked(person, block, _QUIET, wait, [*why, texts(f"call.{kind}")], texts)
    if wait > 3 * DAY:
        # The others have found something by now.
        return _ranked(person, "rest", _LONGER, wait, why, texts)
    group = _HOUR if wait <= HOUR else _DAY if wait <= DAY else _THREE_DAYS
    block = "now" if wait <= DAY else "today"
    return _ranked(person, block, group, -wait, why, texts)


def only_courtesy(person: Person) -> Quiet | None:
    """What kind of message the person waits with, when it asks nothing; None: it may ask.

    Only the last message of a chat is known: when more of them wait, the others may ask.
    """
    kinds = [
        quiet_kind(chat.last_message) if is_single(chat) else None
        for chat in person.chats
        if chat.waiting_since
    ]
    return kinds[0] if kinds and all(kinds) else None


def is_single(chat: ChatResume) -> bool:
    """Whether the last message of the chat is all that waits for an answer."""
    return chat.last_message_direction == "in" and chat.waiting_since == chat.last_message_at


def _not_waiting(person: Person, now: datetime, again: list[str], texts: Texts) -> Ranked:
    latest = changed_at(person, now.tzinfo)
    age = (now - latest[0][0]).total_seconds() if latest else 1e11
    status = person.status if person.status in _AFTER else "unknown"
    group = _AFTER[status]
    if status != "never_written":
        why = [*again, texts(f"call.{status}")]
        return _ranked(person, "rest", group, age, why, texts)
    applied = max((when for when, what in latest if what == "applied"), default=None)
    if applied is None:
        return _ranked(person, "rest", group, 1e11, [*again, texts("call.never")], texts)
    since = (now - applied).total_seconds()
    why = [*again, texts("call.applied", time=texts.duration(since))]
    block: Block = "now" if since <= DAY else "today" if since <= 3 * DAY else "rest"
    return _ranked(person, block, group if block == "rest" else _APPLIED, since, why, texts)


def _ranked(
    person: Person, block: Block, group: int, order: float, why: list[str], texts: Texts
) -> Ranked:
    """A place: the smaller ``order``, the earlier within its group."""
    ready = is_ready(person)
    removed = person.best.outcome == "resume_removed"
    reasons = [*why]
    reasons += [texts("call.ready")] if ready else []
    reasons += [texts("call.phone" if person.phone else "call.no_phone")]
    reasons += [texts("call.removed")] if removed else []
    # Who is to be called at a time is called then, ready or not.
    flags = "000" if group in (_AGREED, _BACK) else f"{not ready:d}{not person.phone:d}{removed:d}"
    sort = f"{BLOCKS.index(block)}{group:02d}{flags}{1e12 + order:016.2f}"
    return Ranked(sort, "; ".join(reasons), block)


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
