"""The connection: what is set once for SQLite and PostgreSQL, how a transaction is held, and what
can go wrong: in one line each, without the store's password or anybody's data."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Executable, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from avito_scrapy.errors import UsageError

_ALLOWED = "allowed: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
_IN_PASSWORDS = "in a password write %40 for @, %3A for :, %2F for /, %25 for %"
BUSY_S = 30
CONNECT_S = 10
_CHUNK = 500

_DAMAGED = "is damaged; move it away, or restore it from a copy"

# What the drivers say (SQLite's and libpq's fixed texts) and what it means for a person. Their own
# text is not passed on: it may hold values.
_MEANINGS = (
    ("disk is full", "has no room: the disk is full; free some space and run again"),
    ("no space left", "has no room: the disk is full; free some space and run again"),
    (
        "disk i/o error",
        "cannot be written or read (full disk, limit or fault); see to it, run again",
    ),
    ("not a database", "is not a database; move it away or name another"),
    ("malformed", _DAMAGED),
    ("readonly", "cannot be written (it or its folder is read-only)"),
    ("unable to open", "cannot be opened (is its folder there, and may you write to it?)"),
    ("is locked", "is held by another program; wait for its end"),
    ("password authentication failed", "refuses the user or the password"),
    ("no password supplied", "wants a password"),
    ("does not exist", "does not know this database or user"),
    ("permission denied", "does not allow this user to write"),
    ("connection refused", "cannot be reached: nobody listens there"),
    ("could not translate host", "cannot be reached: its host is not known"),
    ("failed to resolve host", "cannot be reached: its host is not known"),
    ("timeout expired", "cannot be reached: it does not answer"),
    ("no such file", "cannot be reached: nobody listens there"),
    ("server closed the connection", "ended the connection"),
    ("terminating connection", "ended the connection"),
)


class StoreProblem(UsageError):
    """The store cannot be opened, read or written.

    Raised by ``open_store`` and by every method of the store. One line; names the file or the
    server, never a password, a token or a person.
    """


def where(url: URL) -> str:
    """The store's place for a message: its file, or server and database."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    host = url.host or url.query.get("host") or "the local socket"
    return f"PostgreSQL at {host}{f':{url.port}' if url.port else ''}, database {url.database}"


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn whatever the database says inside into a StoreProblem about ``place``."""
    try:
        yield
    except SQLAlchemyError as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = str(cause).lower()
        meanings = (meaning for fragment, meaning in _MEANINGS if fragment in said)
        meaning = next(meanings, f"failed ({type(cause).__name__})")
        raise StoreProblem(f"store: {place} {meaning}") from None


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

    def rows(self, wanted: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """What a statement that only reads gives."""
        with self.read() as connection:
            return connection.execute(wanted, values).all()

    def stream(self, wanted: Executable) -> Generator[Any, None, None]:
        """The same, read as it is asked for. It holds a connection until its end, or is closed."""
        with (
            self.read() as connection,
            connection.execution_options(yield_per=_CHUNK).execute(wanted) as rows,
        ):
            yield from rows

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
                raise StoreProblem(f"store: {self.place} {_DAMAGED}")

    def close(self) -> None:
        """End the connections; SQLite folds its -wal into the file."""
        self._engine.dispose()


class StoreTables:
    """Base of what reads and writes some of the tables."""

    def __init__(self, database: Database) -> None:
        self._database = database


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
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
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
