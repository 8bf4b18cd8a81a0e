"""What became of each chat: the newest outcome by account and chat."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, bindparam, select

from avito_scrapy.avito.text import whole_text
from avito_scrapy.errors import printable
from avito_scrapy.items import ChatResume
from avito_scrapy.store.database import Database
from avito_scrapy.store.runs import Runs
from avito_scrapy.store.schema import outcomes
from avito_scrapy.store.upsert import upserts
from avito_scrapy.times import iso_to_seconds

logger = logging.getLogger(__name__)

_FIELDS = [f.name for f in fields(ChatResume)]
_PUT = upserts(outcomes)
# Made once: building a statement costs more than running it, and there is one for each chat.
_GET = select(outcomes.c.record).where(
    outcomes.c.account_id == bindparam("account"), outcomes.c.chat_id == bindparam("chat")
)
_CHUNK = 500
MOST = 2**63 - 1
_MOST_POSITION = 2**31 - 1  # PostgreSQL's INTEGER
_RECORD = TypeAdapter(ChatResume)
UNREADABLE = "what the store holds of this chat cannot be read; run again with refresh=yes"


class UnreadableRecord(ValueError):
    """A record of the store is not of the form it must have."""


class Outcomes:
    """The table of outcomes: the whole record, and beside it the columns that are asked for."""

    def __init__(self, database: Database, runs: Runs) -> None:
        self._database = database
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
            "record": json.dumps({name: getattr(record, name) for name in _FIELDS}),
        }
        with self._database.write() as connection:
            connection.execute(_PUT[connection.dialect.name], row)

    def get(self, account_id: int, chat_id: str) -> ChatResume | None:
        """What is known of a chat, from whichever run; None when nothing is."""
        with self._database.read() as connection:
            text = connection.execute(_GET, {"account": account_id, "chat": chat_id}).scalar()
        try:
            return None if text is None else load(text)
        except UnreadableRecord:
            _tell(chat_id)
            return None

    def of_run(self, run_id: int) -> Generator[ChatResume, None, None]:
        """The records that ``run_id`` was the last to put, by position; read as they are asked for.

        A chat that a later run has put as well belongs to that one.
        """
        wanted = (
            select(outcomes.c.chat_id, outcomes.c.record)
            .where(outcomes.c.run_id == run_id)
            .order_by(outcomes.c.position.is_(None), outcomes.c.position, outcomes.c.chat_id)
        )
        yield from self._records(wanted)

    def unreadable(self) -> int:
        """Count the records that cannot be read."""
        count = 0
        with self._database.read() as connection:
            for text in connection.execute(select(outcomes.c.record)).scalars():
                try:
                    load(text)
                except UnreadableRecord:
                    count += 1
        return count

    def _records(self, wanted: Select[Any]) -> Generator[ChatResume, None, None]:
        with (
            self._database.read() as connection,
            connection.execution_options(yield_per=_CHUNK).execute(wanted) as rows,
        ):
            for chat_id, text in rows:
                try:
                    yield load(text)
                except UnreadableRecord:
                    _tell(chat_id)
                    yield ChatResume(chat_id, outcome="failed", reason=UNREADABLE)


def _tell(chat_id: str) -> None:
    logger.warning("The store's record of chat %s cannot be read", printable(chat_id))


def load(text: str) -> ChatResume:
    """Read a record that was kept as ``text``; a field that today's code does not know is left out.

    Raises:
        UnreadableRecord: it is no JSON, or not of the form of a record.
    """
    try:
        kept = json.loads(text)
        known = {k: v for k, v in kept.items() if k in _FIELDS}
        if any(isinstance(v, int) and abs(v) > MOST for v in known.values()):
            raise UnreadableRecord
        return _RECORD.validate_python(known)
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise UnreadableRecord from None


def _column(value: str | None) -> str | None:
    # What a database refuses (NUL, half a surrogate pair) must not cost the record.
    return value and whole_text(value.replace("\0", ""))


def _position(value: int | None) -> int | None:
    return value if value is not None and 0 <= value <= _MOST_POSITION else None
