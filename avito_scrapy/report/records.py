"""The records of one report: made showable, kept in a private database on the disk while it is put
together, and told which of them are one person.

SQLite deletes the file the moment it opens it (an empty name asks for that), so that nothing is
left of it however the run ends, and keeps no more than its cache in memory.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from operator import itemgetter
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from avito_scrapy.avito.phones import normalise
from avito_scrapy.avito.text import whole_text
from avito_scrapy.items import RESUME_FIELDS, ChatResume, Note
from avito_scrapy.reasons import Reason

_MOST = 2**63 - 1
"""The largest whole number that the database takes."""
_LONGEST_REPLY = 10 * 366 * 86_400
_HINTS = get_type_hints(ChatResume)
_USUAL = {f.name: f.default for f in fields(ChatResume)}
_PHONE = RESUME_FIELDS.index("phone")
_REASON = RESUME_FIELDS.index("reason")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_SAME_RESUME = """
UPDATE chat SET person = first.no
FROM (SELECT resume_id, min(no) AS no FROM chat WHERE candidate AND resume_id IS NOT NULL
      GROUP BY resume_id HAVING count(*) > 1) AS first
WHERE chat.candidate AND chat.resume_id = first.resume_id
"""
_SHARED_PHONES = """
SELECT phone, person, coalesce(full_name, user_name) FROM chat
WHERE candidate AND phone IN (SELECT phone FROM chat WHERE candidate AND phone IS NOT NULL
                              GROUP BY phone HAVING count(DISTINCT person) > 1)
ORDER BY phone, no
"""
_WORD = re.compile(r"[^\W\d_]+")
Name = frozenset[str]


@dataclass
class AccountRecord(ChatResume):
    """A record with the name of its account, which a workbook of several accounts shows."""

    account: str | None = None


def of_account(record: ChatResume, account: str) -> AccountRecord:
    """Make a record of ``account`` out of ``record``."""
    return AccountRecord(**vars(record), account=account)


def account_of(record: ChatResume) -> str | None:
    """The name of a record's account; None in a workbook of one account."""
    return record.account if isinstance(record, AccountRecord) else None


def account_key(account: str, key: str) -> str:
    """What a person's note is kept under in a workbook of several accounts."""
    return f"{account}\n{key}"


def put_together(notes: Sequence[Note]) -> Note:
    """One note out of those that several accounts hold of a person: all comments, of the rest what
    was written last."""
    latest = sorted(notes, key=lambda note: -(note.made_at or 0))
    comments = dict.fromkeys(note.comment for note in notes if note.comment)
    return replace(
        latest[0],
        outcome=next((note.outcome for note in latest if note.outcome), None),
        comment=" / ".join(comments) or None,
        next_call=next((note.next_call for note in latest if note.next_call), None),
    )


def is_candidate(record: ChatResume) -> bool:
    """Whether there is a candidate behind a chat.

    A chat that failed counts only when an application, a resume or a phone shows one: a failure
    is never turned into a fact.
    """
    if record.outcome in ("found", "resume_removed", "no_resume"):
        return True
    known = record.resume_id or record.application_id or record.phone
    return record.outcome != "not_candidate" and known is not None


def showable(record: ChatResume) -> ChatResume:
    """``record`` itself, or what of it can be shown: failed, with a reason that names the fields
    whose values cannot be."""
    odd = [name for name, fits in _CHECKS.items() if not fits(getattr(record, name))]
    kept: Any = record.replies
    replies = list(filter(_is_reply, kept)) if isinstance(kept, list) else []
    if not odd:
        # A record without an outcome was written by no run that ended well.
        outcome = record.outcome or "failed"
        same = (outcome, replies) == (record.outcome, record.replies)
        return record if same else replace(record, outcome=outcome, replies=replies)
    values: dict[str, Any] = {name: _USUAL[name] for name in odd}
    if "chat_id" in odd or not record.chat_id:
        values["chat_id"] = repr(record.chat_id)[:100]
    values |= {"outcome": "failed", "reason": Reason("not_showable", fields=", ".join(odd))}
    return replace(record, **values, replies=replies)


def _check(hint: Any) -> Callable[[object], bool]:
    """What tells whether a value is of the type ``hint``."""
    if NoneType in get_args(hint):
        [check] = [_check(one) for one in get_args(hint) if one is not NoneType]
        return lambda value: value is None or check(value)
    if get_origin(hint) is Literal:
        allowed = get_args(hint)
        return lambda value: isinstance(value, str) and value in allowed
    if hint is int:
        return lambda value: isinstance(value, int) and abs(value) <= _MOST
    if hint is bool:
        return lambda value: value in (True, False)
    return lambda value: isinstance(value, hint)


# Made once: there are forty fields in each of many records.
_CHECKS = {
    f.name: _check(_HINTS[f.name])
    for f in fields(ChatResume)
    if get_origin(_HINTS[f.name]) is not list
}


def _is_reply(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (int, float))
        and 0 <= value[1] <= _LONGEST_REPLY
    )


def words(name: str | None) -> Name:
    """The words of ``name``, without case, order, marks and the dots of ё."""
    return frozenset(_WORD.findall((name or "").casefold().replace("ё", "е")))


def agree(one: Name, other: Name) -> bool:
    """Whether every word of the shorter name is in the longer one; an initial stands for its word.

    «Иван» agrees with «Иванов Иван» and «Иванов И.», not with «Иванова Мария». No name agrees with
    every name: it contradicts none.
    """
    short, long = sorted((one, other), key=len)
    left = set(long)
    for word in sorted(short, key=len, reverse=True):
        found = word if word in left else next((o for o in left if _initial(word, o)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _initial(one: str, other: str) -> bool:
    return (len(one) == 1 or len(other) == 1) and one[0] == other[0]


def same_people(named: Iterable[tuple[int, Name]]) -> list[set[int]]:
    """Sort (person, name) that share one phone into groups of the same person.

    A name that would fit two groups («Иван» beside «Иванов Иван» and «Петров Иван») fits neither
    for certain: it stays alone.
    """
    groups: list[tuple[set[int], list[Name]]] = []
    for person, name in sorted(named, key=lambda pair: (-len(pair[1]), pair[0])):
        fits = [group for group in groups if all(agree(name, other) for other in group[1])]
        if len(fits) == 1:
            fits[0][0].add(person)
            fits[0][1].append(name)
        else:
            groups.append(({person}, [name]))
    return [people for people, _ in groups]


class Joined(NamedTuple):
    """The chats of one person, and their place on the sheet that was asked for.

    Attributes:
        number: the person's.
        shared: names of others with the same phone.
        why: the reason for the place, in words; ``block`` is that of the call list.
    """

    number: int
    shared: str | None
    chats: Sequence[ChatResume]
    why: str | None
    block: str | None


class StagingDatabase:
    """Chats, and which of them are one person."""

    def __init__(self) -> None:
        # One connection, used by one call of write_workbook only.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;"
            "PRAGMA temp_store = FILE;"
            f"CREATE TABLE chat (no INTEGER PRIMARY KEY, person INTEGER, candidate INTEGER,"
            f" {', '.join(RESUME_FIELDS)}, account);"
            "CREATE TABLE place (person INTEGER, sheet TEXT, sort TEXT, why TEXT, block TEXT);"
            "CREATE INDEX place_order ON place (sheet, sort, person);"
            "CREATE TABLE shared (person INTEGER PRIMARY KEY, names TEXT);"
            "BEGIN"
        )
        holes = ", ".join("?" * (len(RESUME_FIELDS) + 4))
        self._insert = f"INSERT INTO chat VALUES ({holes})"  # noqa: S608
        self._columns = ", ".join(f"chat.{name}" for name in (*RESUME_FIELDS, "account"))
        self._count = 0

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def add(self, record: ChatResume) -> None:
        """Keep one chat."""
        self._count += 1
        values = [getattr(record, name) for name in RESUME_FIELDS]
        if values[_PHONE] is not None and not _E164.fullmatch(values[_PHONE]):
            values[_PHONE] = normalise(values[_PHONE]) or values[_PHONE]
        if record.reason is not None:
            values[_REASON] = json.dumps(record.reason.packed())
        row = [self._count, self._count, is_candidate(record), *values, account_of(record)]
        try:
            self._db.execute(self._insert, row)
        except UnicodeEncodeError:  # half a surrogate pair: UTF-8 has no form for it
            whole = [whole_text(value) if isinstance(value, str) else value for value in row]
            self._db.execute(self._insert, whole)

    def join(self) -> None:
        """Find out which chats are one person: the same resume, then the same phone and name."""
        self._db.execute("CREATE INDEX chat_resume ON chat (resume_id) WHERE candidate")
        self._db.execute("CREATE INDEX chat_phone ON chat (phone) WHERE candidate")
        self._db.execute(_SAME_RESUME)
        leader: dict[int, int] = {}

        def lead(person: int) -> int:
            while person in leader:
                person = leader[person]
            return person

        shared: dict[int, set[str]] = defaultdict(set)
        for _, rows in groupby(self._db.execute(_SHARED_PHONES), key=lambda row: row[0]):
            names: dict[int, str | None] = {}
            for _, person, name in rows:
                names[person] = names.get(person) or name
            groups = same_people((person, words(name)) for person, name in names.items())
            for group in groups:
                first, *others = sorted({lead(person) for person in group})
                leader.update(dict.fromkeys(others, first))
                for person in group if len(groups) > 1 else ():
                    shared[person] |= {names[o] or "?" for o in names.keys() - group}
        moved = [(lead(person), person) for person in leader]
        self._db.execute("CREATE INDEX chat_person ON chat (person, no)")
        self._db.executemany("UPDATE chat SET person = ? WHERE person = ?", moved)
        self._db.executemany(
            "INSERT OR REPLACE INTO shared VALUES (?, ?)",
            [(lead(person), ", ".join(sorted(names))) for person, names in shared.items()],
        )

    def people(self, sheet: str | None = None) -> Iterator[Joined]:
        """The people, one at a time.

        All of them in the order of the messenger, or those placed on ``sheet`` in its order.
        """
        query = (
            f"SELECT chat.person, shared.names, NULL, NULL, {self._columns} FROM chat"  # noqa: S608
            " LEFT JOIN shared ON shared.person = chat.person"
            " WHERE candidate ORDER BY chat.person, chat.no"
            if sheet is None
            else "SELECT place.person, shared.names, place.why, place.block,"  # noqa: S608
            f" {self._columns} FROM place"
            " CROSS JOIN chat ON chat.person = place.person AND chat.candidate"
            " LEFT JOIN shared ON shared.person = place.person"
            " WHERE place.sheet = ? ORDER BY place.sort, place.person, chat.no"
        )
        rows = self._db.execute(query, () if sheet is None else (sheet,))
        for person, group in groupby(rows, key=itemgetter(0)):
            found = list(group)
            _, shared, why, block = found[0][:4]
            yield Joined(person, shared, [_record(row[4:]) for row in found], why, block)

    def chats(self, *outcomes: str) -> Iterator[ChatResume]:
        """The chats with one of ``outcomes``, in the order of the messenger."""
        holes = ", ".join("?" * len(outcomes))
        query = f"SELECT {self._columns} FROM chat WHERE outcome IN ({holes}) ORDER BY no"  # noqa: S608
        for row in self._db.execute(query, outcomes):
            yield _record(row)

    def place(
        self, person: int, sheet: str, sort: str, why: str = "", block: str | None = None
    ) -> None:
        """Put a person on a sheet, whose rows are in the order of ``sort``."""
        self._db.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?)",
            (person, sheet, sort, whole_text(why), block),
        )

    def phones(self) -> set[str]:
        """Every phone of a candidate."""
        query = "SELECT DISTINCT phone FROM chat WHERE phone IS NOT NULL"
        return {phone for (phone,) in self._db.execute(query)}


def _record(row: Sequence[Any]) -> ChatResume:
    *values, account = row
    record = AccountRecord(*values)
    record.account = account
    kept: str | None = row[_REASON]
    record.reason = None if kept is None else Reason.unpacked(json.loads(kept))
    return record
