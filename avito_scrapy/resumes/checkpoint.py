"""Keeps the answers of an unfinished run, so that the next one does not request them again."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from avito_scrapy.avito.text import load_json
from avito_scrapy.errors import describe
from avito_scrapy.items import Chat

logger = logging.getLogger(__name__)

NAME = "resumes.journal"
KEEP_S = 6 * 3600.0
"""How long an answer may be taken up by a run that continues another one."""
KEEP_APPLICATIONS_S = 15 * 60.0
"""The same for applications: new ones come in (Avito wants no polling within 5 minutes)."""
_SHORT = ("application_ids", "applications")


class Checkpoint:
    """A file of answers, one JSON line each, written at once and deleted when the run finishes.

    The system keeps what was written when the process is killed. A checkpoint of another account or
    another question (``about``) is not taken up. When it cannot be written (a full disk) the run
    goes on without it.

    Args:
        path: the file; made for its owner only.
        about: what the answers depend on, besides their key.
    """

    def __init__(self, path: Path, about: str) -> None:
        self._path = path
        self._about = about
        self._found: dict[tuple[str, str], bytes] = {}
        self._file: int | None = None
        self.taken_up = 0
        """Answers that were found and used."""

    def open(self, resume: bool) -> bool:
        """Open the file; with ``resume`` read the answers of the run before.

        Returns:
            whether there were any to take up: the run before was about the same.
        """
        kept = resume and self._load()
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (0 if kept else os.O_TRUNC)
        try:
            self._file = os.open(self._path, flags, 0o600)
        except OSError as error:
            self._fail(error)
        # A line that a kill has cut short is ended here.
        self._write(b"\n" if kept else json.dumps({"about": self._about}).encode() + b"\n")
        return kept

    def get(self, method: str, key: str) -> Any:
        """The answer under a key, as ``put`` was given it; None when there is none."""
        line = self._found.pop((method, key), None)
        if line is None:
            return None
        self.taken_up += 1
        return json.loads(line)[3]

    def holds(self, method: str, key: str) -> bool:
        """Whether there is an answer under a key."""
        return (method, key) in self._found

    def put(self, method: str, key: str, value: Any) -> None:
        """Keep an answer, as JSON."""
        if self._file is not None:
            line = json.dumps([method, key, time.time(), value])
            self._write(line.encode() + b"\n")

    def close(self, finished: bool) -> None:
        """Close the file; delete it when the run has finished."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if finished:
            self._path.unlink(missing_ok=True)

    def _write(self, line: bytes) -> None:
        if self._file is None:
            return
        try:
            os.write(self._file, line)
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        logger.warning(
            "%s cannot be written (%s): if this run is killed, the next one asks everything again",
            self._path.name, describe(error),
        )  # fmt: skip
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _load(self) -> bool:
        try:
            lines = self._path.read_bytes().split(b"\n")
        except OSError:
            return False
        if _json(lines[0]) != {"about": self._about}:
            return False
        now = time.time()
        for (method, key), at, line in _answers(lines[1:]):
            if now - at < (KEEP_APPLICATIONS_S if method in _SHORT else KEEP_S):
                self._found[method, key] = line
        return True


def last_message_key(chat: Chat) -> str:
    """Tells last messages apart: the time alone may be that of a day. Holds none of the text."""
    parts = (chat.last_message_at, chat.last_message_direction, chat.last_message)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _answers(lines: list[bytes]) -> Iterator[tuple[tuple[str, str], float, bytes]]:
    for line in lines:
        entry = _json(line)
        if isinstance(entry, list) and len(entry) == 4 and isinstance(entry[2], (int, float)):
            yield (str(entry[0]), str(entry[1])), float(entry[2]), line


def _json(line: bytes) -> Any:
    try:
        return load_json(line)
    except ValueError:
        return None
