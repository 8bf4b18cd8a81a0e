"""The earlier ``chats.jl`` as what a later run need not read again."""

from __future__ import annotations

import hashlib
import json
import logging
import math
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avito_scrapy.avito.chat_list import KnownMessage
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import MEGABYTE, chat_lines, open_regular, read_json, write_private
from avito_scrapy.items import CHAT_FIELDS, Chat

logger = logging.getLogger(__name__)

CHATS = "chats.jl"
RECORD = "chats.whole.json"


@dataclass(frozen=True)
class KnownChats:
    """Every chat of the account, as a whole ``chats.jl`` has them.

    Attributes:
        path: the file; the lines stay there until they are asked for.
        last: last messages by chat.
        complete_to: place (Unix seconds of Avito's) of the list's top when a browser last read it,
            which sees chats of every kind; None: none ever did.
    """

    path: Path
    last: dict[str, KnownMessage]
    complete_to: float | None

    @classmethod
    def load(cls, data_dir: Path, private_dir: Path) -> KnownChats | str:
        """Read the earlier run's chats; else why they cannot be relied on."""
        path = data_dir / CHATS
        try:
            if not path.exists():
                return f"there is no earlier {CHATS}"
            if not (private_dir / RECORD).exists():
                return f"the earlier {CHATS} is not known to be whole"
            record: Any = read_json(private_dir / RECORD)
            if not isinstance(record, dict) or record.get("sha256") != _digest(path):
                return f"the earlier {CHATS} is not as a whole run left it"
            top = record.get("complete_to")
            if not isinstance(top, (int, float)) or not math.isfinite(top):
                top = None
            return cls.of_file(path, top)
        except (OSError, ValueError, UsageError) as error:
            return f"the earlier {CHATS} cannot be read ({describe(error)})"

    @classmethod
    def of_file(cls, path: Path, complete_to: float | None = None) -> KnownChats:
        """Read a ``chats.jl``; empty when it is not there. Raises UnreadableFile."""
        last = {chat.chat_id: KnownMessage.of_chat(chat) for chat in _chats(path)}
        return cls(path, last, complete_to)

    def chats(self, leaving_out: Container[str] = ()) -> Iterator[Chat]:
        """The chats as they stand in the file."""
        return (chat for chat in _chats(self.path) if chat.chat_id not in leaving_out)


def note_whole(data_dir: Path, private_dir: Path, complete_to: float | None) -> None:
    """Note that ``chats.jl``, as it is now, holds every chat.

    A kill between the file and this note costs a later run a reading to the end, and no more.
    """
    try:
        record = {"sha256": _digest(data_dir / CHATS), "complete_to": complete_to}
        write_private(private_dir / RECORD, json.dumps(record))
    except (OSError, UsageError) as error:
        logger.warning("%s: the next run reads to the end (%s)", RECORD, describe(error))


def _chats(path: Path) -> Iterator[Chat]:
    for line in chat_lines(path):
        own: dict[str, Any] = {name: line.get(name) for name in CHAT_FIELDS}
        yield Chat(**own)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while part := file.read(MEGABYTE):
            digest.update(part)
    return digest.hexdigest()
