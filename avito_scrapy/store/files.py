"""Folders and files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path


def private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, 0700; tighten it if it is there already.

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    _make(folder)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def private_file(path: Path) -> None:
    """Make ``path`` (and folders that are missing above it) for the owner only, or tighten it.

    A folder that was there before keeps its mode: it may hold other people's files.

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    _make(path.parent)
    # The mode counts from the first moment: SQLite gives its -wal and -shm that of the file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _make(folder: Path) -> None:
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)
