"""What became of each chat: the newest outcome by account and chat."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import fields
from typing import Any, get_args, get_type_hints

from sqlalchemy import Select, bindparam, select

from avito_scrapy.avito.text import whole_text
from avito_scrapy.errors import printable
from avito_scrapy.items import ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.store.database import Database, StoreTables
from avito_scrapy.store.runs import Runs
from avito_scrapy.store.schema import outcomes, upserts
from avito_scrapy.times import iso_to_seconds

logger = logging.getLogger(__name__)

_FIELDS = [f.name for f in fields(ChatResume)]
_PUT = upserts(outcomes)
_ALL = select(outcomes.c.chat_id, outcomes.c.record)
# Made once: building a statement costs more than running it, and there is one for each chat.
_GET = _ALL.where(
    outcomes.c.account_id == bindparam("account"),
    outcomes.c.chat_id.in_(bindparam("chats", expanding=True)),
)
_MOST_POSITION = 2**31 - 1  # PostgreSQL's INTEGER


class UnreadableRecord(ValueError):
    """A record of the store is not of the form it must have."""


class Outcomes(StoreTables):
    """The table of outcomes: the whole record, and beside it the columns that are asked for."""

    def __init__(self, database: Database, runs: Runs) -> None:
        super().__init__(database)
        self._runs = runs

    def put(self, run_id: int, record: ChatResume) -> None:
        """Keep ``record`` as what this run knows of its chat, in place of what was known before.

        Raises:
            LookupError: the run has no account yet.
        """
        row = {
            "account_id": self._runs.account(run_id),
            "chat_id": record.chat_id,
            "run_id": run_id,
            "position": _position(record.position),
            "outcome": record.outcome,
            "resume_id": _column(record.resume_id),
            "phone": _column(record.phone),
            "last_message_at": iso_to_seconds(record.last_message_at),
            "fetched_at": iso_to_seconds(record.fetched_at),
            "record": json.dumps(
                {name: getattr(record, name) for name in _FIELDS}, default=Reason.packed
            ),
        }
        with self._database.write() as connection:
            connection.execute(_PUT[connection.dialect.name], row)

    def get(self, account_id: int, chat_id: str) -> ChatResume | None:
        """What is known of a chat, from whichever run; None when nothing is."""
        return self.get_some(account_id, [chat_id]).get(chat_id)

    def get_some(self, account_id: int, chat_ids: Sequence[str]) -> dict[str, ChatResume]:
        """What is known of some hundred chats, in one question; those it can tell nothing of are
        left out."""
        rows = self._database.rows(_GET, {"account": account_id, "chats": chat_ids})
        found = {chat_id: _readable(chat_id, text) for chat_id, text in rows}
        return {chat_id: record for chat_id, record in found.items() if record is not None}

    def fetched(self, account_id: int) -> dict[str, tuple[int, float | None]]:
        """By chat of the account the run that put it last, and when it was fetched."""
        wanted = select(outcomes.c.chat_id, outcomes.c.run_id, outcomes.c.fetched_at)
        rows = self._database.stream(wanted.where(outcomes.c.account_id == account_id))
        return {chat_id: (run_id, at) for chat_id, run_id, at in rows}

    def of_run(self, run_id: int) -> Generator[ChatResume, None, None]:
        """The records that ``run_id`` was the last to put, by position; read as they are asked for.

        A chat that a later run has put as well belongs to that one.
        """
        order = (outcomes.c.position.is_(None), outcomes.c.position, outcomes.c.chat_id)
        return self._records(_ALL.where(outcomes.c.run_id == run_id).order_by(*order))

    def of_account(self, account_id: int) -> Generator[ChatResume, None, None]:
        """Everything that is known of the account's chats; read as it is asked for."""
        return self._records(_ALL.where(outcomes.c.account_id == account_id))

    def _records(self, wanted: Select[Any]) -> Generator[ChatResume, None, None]:
        with closing(self._database.stream(wanted)) as rows:
            for chat_id, text in rows:
                yield _readable(chat_id, text) or ChatResume(
                    chat_id, outcome="failed", reason=Reason("stored_unreadable")
                )

    def unreadable(self) -> int:
        count = 0
        for (text,) in self._database.stream(select(outcomes.c.record)):
            try:
                load(text)
            except UnreadableRecord:
                count += 1
        return count


def _readable(chat_id: str, text: str) -> ChatResume | None:
    try:
        return load(text)
    except UnreadableRecord:
        logger.warning("The store's record of chat %s cannot be read", printable(chat_id))
        return None


def load(text: str) -> ChatResume:
    """Load the record that was kept as ``text``, as ``to_record`` takes it.

    Raises:
        UnreadableRecord: it is no JSON, or names no chat.
    """
    try:
        kept = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableRecord from None
    if not (isinstance(kept, dict) and isinstance(kept.get("chat_id"), str)):
        raise UnreadableRecord
    return to_record(kept)


def to_record(values: Mapping[str, Any]) -> ChatResume:
    """Make a record of what a file or a store holds.

    A field that today's code does not know, or whose value is not of its kind (a whole number
    beyond 64 bits, say), is left out: it must not cost the record, nor the others theirs.
    """
    known = {name: value for name, value in values.items() if _fits(name, value)}
    known["reason"] = Reason.unpacked(values.get("reason"))
    known["replies"] = [
        (pair[0], pair[1])
        for pair in _list(values.get("replies"))
        if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)
    ]
    named = _list(values.get("named_chats"))
    known["named_chats"] = [chat for chat in named if isinstance(chat, str)]
    return ChatResume(**known)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _fits(name: str, value: object) -> bool:
    if name not in _KINDS:
        return False
    kinds, words = _KINDS[name]
    if words and isinstance(value, str):
        return value in words
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _LARGEST:
        return False
    return type(value) in kinds


def _kinds(hint: Any) -> tuple[set[type], set[str]]:
    """The types that a field may have, and the words when only some are allowed."""
    alternatives = get_args(hint) or (hint,)
    parts = [part for one in alternatives for part in get_args(one) or (one,)]
    kinds = {part for part in parts if isinstance(part, type)}
    return kinds, {part for part in parts if isinstance(part, str)}


_LARGEST = 2**63 - 1
_KINDS = {
    name: _kinds(hint)
    for name, hint in get_type_hints(ChatResume).items()
    if name not in ("reason", "replies", "named_chats")
}


def _column(value: str | None) -> str | None:
    # What a database refuses (NUL, half a surrogate pair) must not cost the record.
    return value and whole_text(value.replace("\0", ""))


def _position(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= _MOST_POSITION else None
