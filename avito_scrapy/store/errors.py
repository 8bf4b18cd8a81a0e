"""What can go wrong with the store, each in one line without its password or anybody's data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from avito_scrapy.errors import UsageError

DAMAGED = "is damaged; move it away, or restore it from a copy"

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
    ("malformed", DAMAGED),
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
    except DBAPIError as error:
        message = str(error.orig).lower()
        for fragment, meaning in _MEANINGS:
            if fragment in message:
                raise StoreProblem(f"store: {place} {meaning}") from None
        kind = type(error.orig).__name__
        raise StoreProblem(f"store: {place} failed ({kind})") from None
    except SQLAlchemyError as error:
        raise StoreProblem(f"store: {place} failed ({type(error).__name__})") from None
