"""Files with people's data: for their owner only, replaced in one step, read within bounds."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from avito_scrapy.avito.text import load_json
from avito_scrapy.errors import UsageError, describe

MEGABYTE = 1024 * 1024
LONGEST_LINE = 16 * MEGABYTE
"""Bytes of a line in a .jl file; one of ours has a few thousand."""


class UnreadableFile(UsageError):
    """A file that is missing, is no regular file, is too large, or cannot be read."""


def private_folder(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, 0700; tighten it if it is there already.

    What a link leads to keeps its mode, as it may hold other people's files.

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    _make_folders(folder)
    if folder.stat().st_mode & 0o077 and not folder.is_symlink():
        folder.chmod(0o700)


def try_folder(folder: Path) -> None:
    """Make ``folder`` if it is not there, and a file in it; raises OSError where that fails."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def private_file(path: Path) -> None:
    """Make ``path`` and the folders that are missing above it, 0600, or tighten the file.

    A folder that was there before keeps its mode, as it may hold other people's files; so does
    what is no regular file, like a device, and what a link leads to.

    Raises:
        OSError: it cannot be made, or belongs to somebody else.
    """
    _make_folders(path.parent)
    # The mode counts from the first moment: SQLite gives its -wal and -shm that of the file.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600))
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) and mode & 0o077 and not path.is_symlink():
        path.chmod(0o600)


def _make_folders(folder: Path) -> None:
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for parent in reversed(missing):
        parent.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file, 0600, that takes the place of ``path`` when the block ends without an error.

    It is written beside ``path`` and brought to the disk first; an error leaves ``path`` as it was
    and nothing beside it.

    Raises:
        OSError: it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_private(path: Path, content: str | bytes) -> None:
    """Replace ``path`` by a file, 0600, with ``content`` (text as UTF-8), in one step.

    Raises:
        OSError: it cannot be written; ``path`` is then as it was.
    """
    with replacing(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)


def open_regular(path: Path, most_bytes: int | None = None) -> BinaryIO:
    """Open a regular file of at most ``most_bytes`` for reading.

    A pipe or a device would keep the reader waiting, or never end.

    Raises:
        UnreadableFile: ``path`` is something else, or cannot be opened.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableFile(f"{path} is a folder, not a file")
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableFile(f"{path} is not a regular file")
        if most_bytes is not None and found.st_size > most_bytes:
            raise _too_large(path, most_bytes)
        return path.open("rb")
    except FileNotFoundError:
        raise UnreadableFile(f"{path} is not there") from None
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read ({describe(error)})") from None
    except ValueError:  # a NUL in its name
        raise UnreadableFile("a name with a NUL in it is not a file's") from None


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """Read a regular file of at most ``most_bytes``.

    Raises:
        UnreadableFile: ``path`` is larger, is something else, or cannot be read.
    """
    try:
        with open_regular(path, most_bytes) as file:
            content = file.read(most_bytes + 1)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read ({describe(error)})") from None
    if len(content) > most_bytes:  # it grew, or does not tell its size
        raise _too_large(path, most_bytes)
    return content


def read_json(path: Path, most_bytes: int = MEGABYTE) -> Any:
    """Read a small JSON file that the tool keeps for itself.

    Raises:
        UnreadableFile: as ``read_bounded``, or it holds no JSON.
    """
    try:
        return load_json(read_bounded(path, most_bytes))
    except ValueError:
        raise UnreadableFile(f"{path} is damaged") from None


def _too_large(path: Path, most_bytes: int) -> UnreadableFile:
    return UnreadableFile(f"{path} is larger than {most_bytes // MEGABYTE} MB")


def chat_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read the objects of a .jl file that name their chat; none when the file is not there.

    A line that cannot be read (cut short by a kill) is left out.

    Raises:
        UnreadableFile: ``path`` is no regular file, cannot be read or has an endless line.
    """
    if path.exists():
        with open_regular(path) as file:
            for line in _lines(path, file):
                found = _chat_object(line)
                if found is not None:
                    yield found


def chat_ids(path: Path) -> set[str]:
    """The chats that a .jl file names; as ``chat_lines``."""
    return {line["chat_id"] for line in chat_lines(path)}


def remove_chats(path: Path, chats: Collection[str], words: Collection[str]) -> int:
    """Remove the lines of ``chats`` from a .jl file and return how many there were.

    The other lines stay as they are, byte for byte; the file is replaced in one step, by one for
    the owner only. A line that cannot be read goes when one of ``chats`` or ``words`` is in it.

    Raises:
        UnreadableFile: as for ``chat_lines``.
        OSError: the file cannot be written; it is then as it was.
    """
    if not path.exists():
        return 0
    needles = [text.encode() for text in (*chats, *words)]

    def goes(line: bytes) -> bool:
        found = _chat_object(line)
        if found is None:
            return any(needle in line for needle in needles)
        return found["chat_id"] in chats

    with open_regular(path) as old:
        removed = sum(goes(line) for line in _lines(path, old))
        if removed:
            old.seek(0)
            with replacing(path) as new:
                new.writelines(line for line in _lines(path, old) if not goes(line))
    return removed


def _lines(path: Path, file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableFile(f"{path} has a line of more than {LONGEST_LINE // MEGABYTE} MB")
        yield line


def _chat_object(line: bytes) -> dict[str, Any] | None:
    try:
        found = load_json(line)
    except ValueError:
        return None
    known = isinstance(found, dict) and isinstance(found.get("chat_id"), str)
    return found if known else None
