"""The connection: what is set once for SQLite and PostgreSQL, and how a transaction is held."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from avito_scrapy.store.errors import DAMAGED, StoreProblem, translated, where

_ALLOWED = "allowed: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
_IN_PASSWORDS = "in a password write %40 for @, %3A for :, %2F for /, %25 for %"
BUSY_S = 30
CONNECT_S = 10


def parse_url(text: str) -> URL:
    """The address of the store with its driver filled in (psycopg 3 for PostgreSQL).

    Raises:
        StoreProblem: not an address, another kind of database, or one that would not outlive
            the run (SQLite in memory).
    """
    try:
        url = make_url(text)
        kind = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):  # their texts repeat the password
        raise StoreProblem(
            f"AVITO_STORE_URL: not the address of a store; {_ALLOWED}; {_IN_PASSWORDS}"
        ) from None
    if "@" in (url.host or "") or not 0 <= (url.port or 0) < 65536 or "\0" in (url.database or ""):
        raise StoreProblem(
            f"AVITO_STORE_URL: wrong host, port or path; {_ALLOWED}; {_IN_PASSWORDS}"
        )
    if kind == "sqlite" and url.database and ":memory:" not in url.database:
        return url.set(drivername="sqlite+pysqlite")
    if kind == "postgresql" and url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise StoreProblem(f"AVITO_STORE_URL: {url.drivername} is no store; {_ALLOWED}")


class Database:
    """Transactions on the store; every error comes out as a StoreProblem.

    Args:
        url: as ``parse_url`` gives it.
    """

    def __init__(self, url: URL) -> None:
        self.place = where(url)
        self._sqlite = url.get_backend_name() == "sqlite"
        self._engine = _engine(url)

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, rolled back on an error.

        What is committed survives the death of the process. ``durable`` also waits for the disk,
        so that it survives that of the machine (PostgreSQL always does).
        """
        with translated(self.place), self._engine.connect() as connection:
            if durable and self._sqlite:
                _pragma(connection, "synchronous=FULL")
            try:
                with connection.begin():
                    yield connection
            finally:
                if durable and self._sqlite:
                    _pragma(connection, "synchronous=NORMAL")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store and keeps no writer waiting."""
        with (
            translated(self.place),
            self._engine.connect() as connection,
            connection.execution_options(reads_only=True).begin(),
        ):
            yield connection

    def compact(self) -> None:
        """Write the SQLite file anew, so that nothing deleted can be found in it."""
        if self._sqlite:
            with translated(self.place), self._engine.connect() as connection:
                _pragma(connection, "wal_checkpoint(TRUNCATE)")
                _driver(connection).execute("VACUUM")
                _pragma(connection, "wal_checkpoint(TRUNCATE)")

    def check(self) -> None:
        """Look for damaged pages of a SQLite file; a server looks after its own.

        Raises:
            StoreProblem: there are some.
        """
        if self._sqlite:
            with translated(self.place), self._engine.connect() as connection:
                [(found,)] = _driver(connection).execute("PRAGMA quick_check(1)").fetchall()
            if found != "ok":
                raise StoreProblem(f"store: {self.place} {DAMAGED}")

    def close(self) -> None:
        """End the connections; SQLite folds its -wal into the file."""
        self._engine.dispose()


def _engine(url: URL) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    connect: dict[str, Any] = {"timeout": BUSY_S} if sqlite else {"connect_timeout": CONNECT_S}
    try:
        # Parameters are people's data: they stay out of the exceptions' text.
        engine = create_engine(url, connect_args=connect, hide_parameters=True)
    except ModuleNotFoundError:
        raise StoreProblem(
            "AVITO_STORE_URL: PostgreSQL needs its driver: pip install 'psycopg[binary]'"
        ) from None
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # Python's module would begin transactions by its own rules, and none before DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    _to_wal(cursor)
    for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _to_wal(cursor: Any) -> None:
    # A new file is turned over to WAL once. Of two that try at the same time SQLite tells one that
    # the file is locked, at once: its busy timeout does not count here.
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    # A writer asks for the lock at once: waiting for it later may end in a deadlock.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _pragma(connection: Connection, text: str) -> None:
    # Past SQLAlchemy, which would begin a transaction: these are refused inside of one.
    _driver(connection).execute(f"PRAGMA {text}").close()
