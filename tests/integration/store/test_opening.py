"""Stores that cannot be opened, each with its line, and whose files they are."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from avito_scrapy.store import StoreProblem, open_store
from tests.integration.store import postgres
from tests.integration.store.records import ACCOUNT, new_run, record
from tests.policy.imports import ROOT


def problem(url: str) -> str:
    with pytest.raises(StoreProblem) as caught:
        open_store(url)
    said = str(caught.value)
    assert "\n" not in said
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return said


def test_all_files_are_their_owners(tmp_path: Path) -> None:
    os.umask(0o022)
    folder = tmp_path / ".avito"
    with open_store(f"sqlite:///{folder}/store.db") as store:
        store.outcomes.put(new_run(store), record(1))
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in folder.iterdir()] == ["store.db"], "closed: all in one file"


def test_how_sqlite_is_set(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/store.db") as store:
        with store.database.read() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        assert found == {
            "journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 30_000,
        }  # fmt: skip


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = problem(f"sqlite:///{tmp_path}/file/store.db")
    assert said == f"AVITO_STORE_URL: {tmp_path}/file/store.db cannot be written (Not a directory)"
    assert "cannot be written" in problem("sqlite:////proc/nowhere/store.db")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    assert "cannot be written (Is a directory)" in problem(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("chat_id;phone\n" * 100)
    assert problem(f"sqlite:///{path}").startswith(f"store: {path} is not a database")
    assert path.read_text() == "chat_id;phone\n" * 100


def test_a_damaged_database(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}") as store:
        store.outcomes.put(new_run(store), record(1))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreProblem, match="is damaged"), open_store(f"sqlite:///{path}") as store:
        store.outcomes.get(ACCOUNT, "u2i-a")


def test_a_database_that_somebody_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avito_scrapy.store.database.BUSY_S", 0.05)
    with open_store(f"sqlite:///{tmp_path}/store.db") as store:
        other = sqlite3.connect(tmp_path / "store.db")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreProblem, match="is held by another program"):
            store.runs.start("chats")
        other.close()
        assert store.runs.start("chats") == 1


def test_postgres_problems(postgres_server: postgres.Server, tmp_path: Path) -> None:
    base = f"store: PostgreSQL at {postgres_server.folder}, database"
    assert problem(postgres_server.url("nosuch")) == (
        f"{base} nosuch does not know this database or user"
    )
    assert problem(postgres_server.url("postgres", "pass-word")) == (
        f"{base} postgres refuses the user or the password"
    )
    assert problem(f"postgresql://u:pass-word@/d?host={tmp_path}") == (
        f"store: PostgreSQL at {tmp_path}, database d cannot be reached: nobody listens there"
    )
    assert problem("postgresql://u:pass-word@127.0.0.1:1/d").endswith(
        "127.0.0.1:1, database d cannot be reached: nobody listens there"
    )


def test_a_server_that_goes_away(tmp_path: Path) -> None:
    with postgres.server() as server:
        store = open_store(server.new_database())
        run_id = new_run(store)
    with pytest.raises(StoreProblem, match=r"store: PostgreSQL at .* (ended|cannot|failed)"):
        store.outcomes.put(run_id, record(1))
    store.close()


def test_out_of_a_zipped_egg(tmp_path: Path) -> None:
    egg = tmp_path / "avito_scrapy.egg"
    with zipfile.ZipFile(egg, "w") as archive:
        for path in sorted((ROOT / "avito_scrapy").rglob("*.py")):
            archive.write(path, path.relative_to(ROOT))
    code = (
        "from avito_scrapy.store import open_store, schema\n"
        "assert '.egg/' in schema.__file__, schema.__file__\n"
        f"store = open_store('sqlite:///{tmp_path}/store.db')\n"
        "print(store.runs.start('chats')); store.close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(egg)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


def test_a_device_is_no_store_and_keeps_its_mode() -> None:
    before = os.stat("/dev/null").st_mode
    assert problem("sqlite:////dev/null") == "AVITO_STORE_URL: /dev/null is no regular file"
    assert os.stat("/dev/null").st_mode == before


def test_damaged_pages_are_found(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with open_store(f"sqlite:///{path}") as store:
        run_id = new_run(store)
        for number in range(200):
            store.outcomes.put(run_id, record(number))
        store.database.check()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096 * 4)
    with open_store(f"sqlite:///{path}") as store, pytest.raises(StoreProblem, match="is damaged"):
        store.database.check()
