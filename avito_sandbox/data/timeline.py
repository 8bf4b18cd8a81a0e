"""Gives the lines of a talk their times."""

from __future__ import annotations

import random
from collections.abc import Sequence

from avito_sandbox.data.ids import Ids
from avito_sandbox.data.talk import Line
from avito_sandbox.model import Chat, Message

NS = 1_000_000_000
DAY = 86_400
LONG_TALK = 50  # from so many messages on they follow each other faster


class Timeline:
    """Puts talks into the past. `now`: Unix seconds; `account_id`: who writes what is ours."""

    def __init__(self, rng: random.Random, ids: Ids, now: int, account_id: int) -> None:
        self._rng = rng
        self._ids = ids
        self._now = now
        self._account_id = account_id
        self._talks = 0

    def say(self, chat: Chat, lines: Sequence[Line], span: int) -> None:
        """Fill the chat; its last message is at most `span` days old, and most are much younger.

        Times are given from the last to the first, whole seconds apart. No two chats share a
        time: theirs are ten microseconds apart, as a browser's numbers are too coarse for less.
        """
        rng = self._rng
        self._talks += 1
        at = self._now - 60 - int(span * DAY * rng.random() ** 3)
        fraction = self._talks % 100_000 * 10_000 + rng.randrange(1_000)
        chat.created_ns = chat.sort_ns = at * NS + fraction
        read_by = self._now
        for line in reversed(lines):
            read = min(read_by, at + rng.randrange(5, 20_000)) if line.read else None
            chat.messages.append(self._message(chat, line, at * NS + fraction, read))
            read_by = at
            at -= rng.randrange(30, 4_000 if len(lines) > LONG_TALK else 60_000)
        chat.messages.reverse()
        if chat.messages:
            chat.created_ns = chat.messages[0].ns
            self._maybe_unread(chat)

    def _message(self, chat: Chat, line: Line, ns: int, read: int | None) -> Message:
        author = self._account_id if line.direction == "out" else chat.user_id
        if line.author_id is not None:
            author = line.author_id
        message_id = self._ids.hexadecimal(32)
        return Message(
            message_id, author, line.direction, line.type, line.content, ns, read, line.notice
        )

    def _maybe_unread(self, chat: Chat) -> None:
        last = chat.messages[-1]
        if last.direction == "in" and self._rng.random() < 0.4:
            chat.is_read = False
            last.read = None
