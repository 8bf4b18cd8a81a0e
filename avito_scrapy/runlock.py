"""One run at a time: on one data folder, and on an account on whichever machine."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import private_folder, read_json, write_private
from avito_scrapy.store.database import CONNECT_S, parse_url, translated, where
from avito_scrapy.times import now_iso

SPIDERS = ("chats", "resumes")
_NAMELESS = "a process that has not said its name"
_APPLICATION_NAME_LENGTH = 63
_HOLDER = text(
    """
    SELECT a.application_name,
           to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND ((l.classid::bigint << 32) | l.objid::bigint) = :key
    """
)
# A machine that lost its power closes no connection: its lock is free after a minute.
_KEEPALIVE = (
    "tcp_keepalives_idle = 30",
    "tcp_keepalives_interval = 10",
    "tcp_keepalives_count = 3",
)


class RunLock:
    """Holds the data folder for as long as a run lasts; freed by the system if the run is killed.

    Args:
        folder: the private folder (``.avito``); made, for the owner only, if it is not there.
        who: what runs, as the second run will be told.

    Raises:
        UsageError: on entering, when another run holds the folder (says which, since when and
            its pid) or the folder cannot be written.
    """

    def __init__(self, folder: Path, who: str) -> None:
        self._folder = folder
        self._lock = FileLock(folder / "run.lock", mode=0o600)
        # Beside the lock and not in it: whoever tries the lock empties its file.
        self._holder = folder / "run.json"
        self._who = who

    def __enter__(self) -> RunLock:
        held = {"run": self._who, "pid": os.getpid(), "since": now_iso()}
        try:
            private_folder(self._folder)
            self._lock.acquire(timeout=0)
            self._holder.unlink(missing_ok=True)  # of a run that was killed
            write_private(self._holder, json.dumps(held))
        except Timeout:
            raise UsageError(
                f"another run holds {self._folder.parent}: {self._read()}; wait for its end"
            ) from None
        except OSError as error:
            self._lock.release()
            raise UsageError(
                f"AVITO_DATA_DIR: {self._folder.parent} cannot be written ({describe(error)})"
            ) from None
        return self

    def __exit__(self, *_: object) -> None:
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _read(self) -> str:
        try:
            held = read_json(self._holder)
            return f"`{held['run']}`, pid {held['pid']}, since {held['since']}"
        except (UsageError, KeyError, TypeError):
            return _NAMELESS


class AccountLock:
    """Holds an account for one spider or for all; freed by the server when the connection ends.

    Does nothing where the store is a SQLite file: the folder's own lock is enough there.

    Args:
        url: AVITO_STORE_URL.
        spider: what runs.
        account: what tells the account from others; empty: nothing to lock.
        alone: hold it for the other spider as well, which then cannot run beside.

    Raises:
        UsageError: on acquiring, when another run holds the account (says where and since when).
        StoreProblem: on acquiring, when the server cannot be reached.
    """

    def __init__(self, url: str, spider: str, account: str, *, alone: bool = False) -> None:
        self._url = parse_url(url)
        self._spider = spider
        self._held = SPIDERS if alone else (spider,)
        self._account = account
        self._connection: Connection | None = None

    def __enter__(self) -> AccountLock:
        self.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Free the account; may be called twice."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def acquire(self) -> None:
        """Lock the account, or raise at once."""
        if not self._account or self._url.get_backend_name() != "postgresql":
            return
        # Read by the run that comes second. Whole words only: a cut pid would name another.
        tail = f" pid {os.getpid()}"
        name = f"avito {self._spider} on {socket.gethostname()}"
        engine = create_engine(
            self._url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_S,
                "application_name": name[: _APPLICATION_NAME_LENGTH - len(tail)] + tail,
            },
        )
        with translated(where(self._url)):
            connection = engine.connect()
            try:
                for option in _KEEPALIVE:
                    connection.execute(text(f"SET {option}"))
                for spider in self._held:
                    self._lock(connection, spider)
            except BaseException:
                connection.close()
                raise
        self._connection = connection

    def _lock(self, connection: Connection, spider: str) -> None:
        digest = hashlib.sha256(f"{spider}\n{self._account}".encode()).digest()
        key = int.from_bytes(digest[:8], "big", signed=True)
        locked = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
        if not locked.scalar_one():
            raise UsageError(
                "another run is at work on this account: "
                f"{_holder(connection, key)}; wait for its end"
            )


def _holder(connection: Connection, key: int) -> str:
    row = connection.execute(_HOLDER, {"key": key}).first()
    if row is None or not row[0]:
        return _NAMELESS
    return f"{row[0]}, since {row[1]}"
