"""Who holds the browser's profile, and locks that were left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from avito_scrapy.browser.profile import check_lock, prepare_profile
from avito_scrapy.errors import UsageError


def lock(profile: Path, owner: str, address: Path | str = "/nowhere/socket") -> None:
    (profile / "SingletonLock").symlink_to(owner)
    (profile / "SingletonCookie").symlink_to("12345")
    (profile / "SingletonSocket").symlink_to(address)


def here(pid: int) -> str:
    return f"{socket.gethostname()}-{pid}"


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def listening() -> Iterator[Path]:
    # Not in tmp_path: such an address has room for a hundred characters.
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        address = Path(folder) / "socket"
        server.bind(str(address))
        server.listen()
        yield address


def test_nobody(tmp_path: Path) -> None:
    check_lock(tmp_path)


def test_a_dead_process_of_this_computer(tmp_path: Path, dead: int) -> None:
    lock(tmp_path, here(dead))
    prepare_profile(tmp_path)
    assert not list(tmp_path.glob("Singleton*"))


def test_a_number_that_another_program_has_now(tmp_path: Path) -> None:
    lock(tmp_path, here(os.getpid()))
    check_lock(tmp_path)
    assert not list(tmp_path.glob("Singleton*"))


def test_a_window_of_this_computer(tmp_path: Path, listening: Path) -> None:
    lock(tmp_path, here(os.getpid()), listening)
    with pytest.raises(UsageError, match=rf"open in another browser window \(pid {os.getpid()}\)"):
        prepare_profile(tmp_path)
    assert len(list(tmp_path.glob("Singleton*"))) == 3


@pytest.mark.parametrize("owner", ["old-laptop-4711", "7f3a-b2-9", "nonsense", "-5", "host-x"])
def test_another_computer_or_nobody_knows_whose(owner: str, tmp_path: Path) -> None:
    lock(tmp_path, owner)
    with pytest.raises(UsageError, match="remove SingletonLock, SingletonCookie") as problem:
        check_lock(tmp_path)
    assert "\n" not in str(problem.value)
    assert len(list(tmp_path.glob("Singleton*"))) == 3


def test_a_comma_in_its_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="comma"):
        prepare_profile(tmp_path / "Ромашка, Москва" / "profile")
