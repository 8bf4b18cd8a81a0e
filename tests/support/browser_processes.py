"""Looking at processes, and waiting for what they do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep


def until(true: Callable[[], object], seconds: float) -> None:
    """Wait until ``true()``; fails after ``seconds``."""
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, "did not come about"
        sleep(0.05)


def browsers(tmp_path: Path) -> list[int]:
    """Processes of a browser on the profile in this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={tmp_path}/.avito/profile".encode() in words:
            found.append(int(entry.parent.name))
    return found
