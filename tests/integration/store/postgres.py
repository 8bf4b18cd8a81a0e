"""A PostgreSQL server of the tests' own: a new cluster in a temporary folder, on a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

USER = "tester"
PASSWORD = "p@ss/word"


class Server:
    """A running server; databases are made as they are asked for."""

    def __init__(self, folder: Path, start: Callable[[], None], stop: Callable[[], None]) -> None:
        self.folder = folder
        self.start = start
        self.stop = stop
        self._numbers = count(1)

    def new_database(self) -> str:
        """The address of an empty database, as a person would write it."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(
            host=str(self.folder), user=USER, password=PASSWORD, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def url(self, name: str, password: str = PASSWORD) -> str:
        quoted = password.replace("@", "%40").replace("/", "%2F")
        return f"postgresql://{USER}:{quoted}@/{name}?host={self.folder}"


def binaries() -> Path | None:
    """The folder of initdb and pg_ctl: on PATH, or Debian's of the newest version."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    return found[-1].parent if found else None


def _version(path: Path) -> float:
    return float(path.parts[-3]) if path.parts[-3].replace(".", "", 1).isdigit() else 0.0


def binaries_or_skip() -> Path:
    found = binaries()
    if found is not None:
        return found
    missing = "PostgreSQL is not here (apt-get install postgresql): its tests are left out"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


@contextmanager
def server() -> Iterator[Server]:
    """Start a server, end it with the block; skipped, or failed in CI, where there is none."""
    programs = binaries_or_skip()
    owner = _unprivileged()
    # Not pytest's folder: the server's user may not enter it, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="avito-pg-"))

    def run(*command: str) -> None:
        done = subprocess.run(
            command,
            user=owner,
            group=None if owner is None else pwd.getpwnam(owner).pw_gid,
            extra_groups=None if owner is None else [],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=(log := (folder / "commands.log").open("a")),
            stderr=subprocess.STDOUT,
            check=False,
        )
        log.close()
        assert done.returncode == 0, (folder / "commands.log").read_text()

    secret = folder / "secret"
    secret.write_text(PASSWORD)
    if owner is not None:
        for path in (folder, secret):
            shutil.chown(path, owner)
        folder.chmod(0o711)
    data = folder / "data"
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    control = (str(programs / "pg_ctl"), "--pgdata", str(data), "--wait", "--timeout", "60")

    def start() -> None:
        run(*control, "--log", str(folder / "server.log"), "--options", options, "start")

    def stop() -> None:
        run(*control, "--mode", "immediate", "stop")

    try:
        run(
            str(programs / "initdb"), "--pgdata", str(data), "--username", USER,
            "--auth", "scram-sha-256", "--pwfile", str(secret), "--encoding", "UTF8", "--no-sync",
        )  # fmt: skip
        start()
        try:
            yield Server(folder, start, stop)
        finally:
            stop()
    finally:
        shutil.rmtree(folder)


def _unprivileged() -> str | None:
    """A user for the server when the tests run as root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
