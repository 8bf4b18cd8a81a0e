"""Reading and cleaning the .jl files."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any


def objects(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a .jl file that name their chat; none when the file is not there.

    A line that cannot be read (cut short by a kill) is left out.
    """
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                found = _object(line)
                if found is not None:
                    yield found


def rewrite_without(path: Path, chats: Collection[str], words: Collection[str]) -> int:
    """Take the lines of ``chats`` out of a .jl file; gives how many there were.

    The other lines stay as they are, byte for byte. The file is replaced in one step, by one for
    the owner only. A line that cannot be read goes when one of ``chats`` or ``words`` is in it.

    Raises:
        OSError: the file cannot be read or written; it is then as it was.
    """
    if not path.exists():
        return 0
    needles = [text.encode() for text in (*chats, *words)]
    removed = 0
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        with path.open("rb") as old, open(fresh, "wb", opener=_private) as new:
            for line in old:
                found = _object(line)
                if found is None:
                    goes = any(needle in line for needle in needles)
                else:
                    goes = found["chat_id"] in chats
                if goes:
                    removed += 1
                else:
                    new.write(line)
            new.flush()
            os.fsync(new.fileno())
        if removed:
            os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return removed


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    known = isinstance(found, dict) and isinstance(found.get("chat_id"), str)
    return found if known else None
