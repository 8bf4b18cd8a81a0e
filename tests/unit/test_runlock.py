"""The lock in real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from avito_scrapy.errors import UsageError
from avito_scrapy.runlock import RunLock
from tests.policy.imports import ROOT

_HOLD = """
import sys
from pathlib import Path
from avito_scrapy.runlock import RunLock
with RunLock(Path(sys.argv[1]), "resumes"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds ``folder`` until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    folder = tmp_path / ".avito"
    with holder(folder) as first:
        with pytest.raises(UsageError) as caught, RunLock(folder, "chats"):
            pass
        said = str(caught.value)
        assert said.startswith(
            f"another run holds {tmp_path}: `resumes`, pid {first.pid}, since 20"
        )
        assert "\n" not in said
    assert first.returncode == 0
    with RunLock(folder, "chats"):
        pass


def test_a_refused_second_takes_nothing_away(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        for _ in range(2):
            with pytest.raises(UsageError, match=f"pid {first.pid}"), RunLock(tmp_path, "chats"):
                pass


def test_a_killed_holder_frees_it(tmp_path: Path) -> None:
    with holder(tmp_path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
        with RunLock(tmp_path, "chats"):
            assert f'"pid": {os.getpid()}' in (tmp_path / "run.json").read_text()
    assert first.returncode == -signal.SIGKILL


def test_it_is_the_owners_alone(tmp_path: Path) -> None:
    os.umask(0o022)
    folder = tmp_path / "data" / ".avito"
    with RunLock(folder, "chats"):
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
        assert modes == {"run.lock": 0o600, "run.json": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert not (folder / "run.json").exists()


def test_it_is_freed_by_an_error_inside(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), RunLock(tmp_path, "chats"):
        raise RuntimeError
    with RunLock(tmp_path, "chats"):
        pass


def test_a_holder_without_a_name(tmp_path: Path) -> None:
    with holder(tmp_path):
        (tmp_path / "run.json").write_text("{")
        with pytest.raises(UsageError, match="has not said its name"), RunLock(tmp_path, "chats"):
            pass


@pytest.mark.parametrize("folder", ["file/.avito", "/proc/nowhere/.avito"])
def test_a_folder_that_cannot_be_written(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as caught, RunLock(tmp_path / folder, "chats"):
        pass
    assert str(caught.value).startswith("AVITO_DATA_DIR: ")
    assert "cannot be written (" in str(caught.value)
