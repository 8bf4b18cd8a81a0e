"""What a resumes run is given: its chats, its stop list."""

from __future__ import annotations

from pathlib import Path

from avito_scrapy.errors import UsageError
from avito_scrapy.items import Chat
from avito_scrapy.resumes.input_file import Bad, decode, parse

DEFAULT = "chats.jl"
_ALLOWED = "allowed: chats.jl, a list of chat ids one a line, JSON with all_chat_ids"


def input_path(given: Path | None, data_dir: Path) -> Path:
    """Where the input is: as given, or in the data folder."""
    if given is None:
        return data_dir / DEFAULT
    path = given.expanduser()
    return path if path.is_absolute() or path.exists() else data_dir / path


def check_stoplist(path: Path) -> None:
    """Whether a stop list can be meant by ``path``; its files are read later.

    Raises:
        UsageError: it is neither a folder nor an .xlsx that is there.
    """
    there = path.expanduser()
    if there.is_dir() or (there.is_file() and there.suffix.lower() == ".xlsx"):
        return
    what = "is not an .xlsx file" if there.exists() else "is not there"
    raise UsageError(f"argument stoplist: {path} {what}; allowed: an .xlsx or a folder of them")


def read_chats(path: Path, limit: int | None = None) -> tuple[list[Chat], list[int]]:
    """The first ``limit`` chats of a file, and the numbers of its lines that are no chats.

    Raises:
        UsageError: there is no such file, it cannot be read, or it holds no chat.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        hint = "; `scrapy crawl chats` makes it" if path.name == DEFAULT else ""
        raise UsageError(f"argument input: {path} is not there{hint}; {_ALLOWED}") from None
    except OSError as error:
        raise UsageError(f"argument input: {path} cannot be read ({error.strerror})") from None
    try:
        entries = list(parse(decode(raw)))
    except UsageError as problem:
        raise UsageError(f"argument input: {path} is {problem}") from None
    chats = [entry for entry in entries if isinstance(entry, Chat)]
    bad = [entry.number for entry in entries if isinstance(entry, Bad)]
    if not chats:
        raise UsageError(f"argument input: {path} holds no chat; {_ALLOWED}")
    return chats[:limit], bad
