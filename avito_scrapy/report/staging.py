"""The records of one report while it is being put together: a private database on the disk.

SQLite deletes the file the moment it opens it (an empty name asks for that), so that nothing is
left of it however the run ends, and keeps no more than its cache in memory.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

from avito_scrapy.avito.phones import normalise
from avito_scrapy.items import NOT_WRITTEN, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.report.names import same_people, words
from avito_scrapy.report.records import is_candidate

_FIELDS = [f.name for f in fields(ChatResume) if f.name not in NOT_WRITTEN]
_PHONE = _FIELDS.index("phone")
_REASON = _FIELDS.index("reason")
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


class StagingDatabase:
    """Chats, and which of them are one person."""

    def __init__(self) -> None:
        # One connection, used by one call of write_workbook only.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;"
            "PRAGMA temp_store = FILE;"
            f"CREATE TABLE chat (no INTEGER PRIMARY KEY, person INTEGER, candidate INTEGER,"
            f" {', '.join(_FIELDS)});"
            "CREATE TABLE place (person INTEGER, sheet TEXT, sort TEXT);"
            "CREATE INDEX place_order ON place (sheet, sort, person);"
            "CREATE TABLE shared (person INTEGER PRIMARY KEY, names TEXT);"
            "BEGIN"
        )
        holes = ", ".join("?" * (len(_FIELDS) + 3))
        self._insert = f"INSERT INTO chat VALUES ({holes})"  # noqa: S608
        self._columns = ", ".join(f"chat.{name}" for name in _FIELDS)
        self._count = 0

    def close(self) -> None:
        """Forget everything."""
        self._db.close()

    def add(self, record: ChatResume) -> None:
        """Keep one chat."""
        self._count += 1
        values = [getattr(record, name) for name in _FIELDS]
        if values[_PHONE] is not None and not _E164.fullmatch(values[_PHONE]):
            values[_PHONE] = normalise(values[_PHONE]) or values[_PHONE]
        if record.reason is not None:
            values[_REASON] = json.dumps(record.reason.packed())
        row = [self._count, self._count, is_candidate(record), *values]
        try:
            self._db.execute(self._insert, row)
        except UnicodeEncodeError:  # half a surrogate pair: UTF-8 has no form for it
            self._db.execute(self._insert, [_whole(value) for value in row])

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

    def people(
        self, sheet: str | None = None
    ) -> Iterator[tuple[int, str | None, list[ChatResume]]]:
        """(person, names that share their phone, their chats), one person at a time.

        All of them in the order of the messenger, or those placed on ``sheet`` in its order.
        """
        query = (
            f"SELECT chat.person, shared.names, {self._columns} FROM chat"  # noqa: S608
            " LEFT JOIN shared ON shared.person = chat.person"
            " WHERE candidate ORDER BY chat.person, chat.no"
            if sheet is None
            else f"SELECT place.person, shared.names, {self._columns} FROM place"  # noqa: S608
            " CROSS JOIN chat ON chat.person = place.person AND chat.candidate"
            " LEFT JOIN shared ON shared.person = place.person"
            " WHERE place.sheet = ? ORDER BY place.sort, place.person, chat.no"
        )
        rows = self._db.execute(query, () if sheet is None else (sheet,))
        for (person, names), group in groupby(rows, key=lambda row: (row[0], row[1])):
            yield person, names, [_record(row[2:]) for row in group]

    def chats(self, *outcomes: str) -> Iterator[ChatResume]:
        """The chats with one of ``outcomes``, in the order of the messenger."""
        holes = ", ".join("?" * len(outcomes))
        query = f"SELECT {self._columns} FROM chat WHERE outcome IN ({holes}) ORDER BY no"  # noqa: S608
        for row in self._db.execute(query, outcomes):
            yield _record(row)

    def place(self, places: Iterable[tuple[int, str, str]]) -> None:
        """Put a person on a sheet: (person, sheet, what to sort by)."""
        self._db.executemany("INSERT INTO place VALUES (?, ?, ?)", places)

    def phones(self) -> set[str]:
        """Every phone of a candidate."""
        query = "SELECT DISTINCT phone FROM chat WHERE phone IS NOT NULL"
        return {phone for (phone,) in self._db.execute(query)}


def _record(row: Sequence[Any]) -> ChatResume:
    record = ChatResume(*row)
    kept: str | None = row[_REASON]
    record.reason = None if kept is None else Reason.unpacked(json.loads(kept))
    return record


def _whole(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value
