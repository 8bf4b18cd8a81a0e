"""Reads a chat's messages: who waits for whom, since when, and how fast we answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from itertools import takewhile
from typing import Any, NamedTuple

from avito_scrapy.avito.answer_model import READ_UNKNOWN, Drifts, read
from avito_scrapy.avito.models import LastMessage, Message, Messages
from avito_scrapy.avito.phrases import is_notice, is_refusal, is_stub
from avito_scrapy.avito.results import Failure, Reply, TalkFacts
from avito_scrapy.items import ChatResume, ChatStatus
from avito_scrapy.reasons import Reason

LAST_OFFSET = 1000
"""Furthest that messages can be read back (Avito's document)."""


def text_of(message: LastMessage | None) -> str | None:
    """The text of a message, None when it has none."""
    return message.content.text if message and message.content else None


def written_by_nobody(message: LastMessage) -> bool:
    """Whether the message is Avito's own notice or a bot's."""
    bot = message.content is not None and bool(message.content.flow_id)
    return bot or is_notice(text_of(message), kind=message.type, author_id=message.author_id)


class MessagePage(NamedTuple):
    """A page of messages; ``has_more``: whether it says that others follow, None when it does not
    say."""

    messages: list[Message | None]
    has_more: bool | None


def read_messages(data: Any) -> tuple[MessagePage | Failure, Drifts]:
    page, drifts = read(Messages, data)
    names = tuple(name.removeprefix("messages.") for name in drifts)
    if page.messages is None:
        return Failure(Reason("no_messages_in_answer")), names
    return MessagePage(page.messages, page.meta.has_more if page.meta else None), names


def next_offset(page: MessagePage, offset: int) -> int | None:
    """Where the next page of messages begins; None when there is none or it cannot be asked.

    A page may be shorter than asked while others follow: only an empty one, or one that says so,
    is the last.
    """
    following = offset + len(page.messages)
    ends = page.has_more is False or not page.messages
    return None if ends or following > LAST_OFFSET else following


def read_talk(
    messages: Sequence[Message | None], tz: tzinfo, *, has_more: bool | None = None
) -> Reply:
    """What all of a chat's messages say that can be read; ``has_more``: as the last page said."""
    return talk_facts(messages, tz, cut=has_more is not False and len(messages) > LAST_OFFSET)


def talk_facts(messages: Sequence[Message | None], tz: tzinfo, *, cut: bool = False) -> TalkFacts:
    """Read a chat's messages, in any order.

    Bots' and system messages are nobody's, and deleted ones say nothing. A person's message that
    does not tell its side, time or kind makes the status ``unknown``: what is not known is not
    guessed. So do texts that Avito does not show.

    Args:
        messages: all of the chat's.
        tz: zone for the times in the answer.
        cut: there may be more of them than can be read. Unless the newest were read first, they
            are those that are missing.
    """
    if any(is_stub(text_of(message)) for message in messages):
        latest = max(
            (message for message in messages if message), key=lambda message: message.created or 0
        )
        at = _iso(latest, tz) if latest.created else None
        return TalkFacts("unknown", last_message_at=at, texts_hidden=True)
    if any(message is None or not _is_whole(message) for message in messages):
        return TalkFacts("unknown")
    shown = [message for message in messages if message is not None]
    first, final = [message.created or 0 for message in (shown[0], shown[-1])] if shown else (0, 0)
    if cut and first <= final:
        return TalkFacts("unknown")
    if first >= final:
        shown.reverse()  # newest first: messages of one second keep their order when sorted
    shown.sort(key=lambda message: message.created or 0)
    written = [message for message in shown if not written_by_nobody(message)]
    human = [message for message in written if message.type != "deleted"]
    since = _waiting_since(human)
    status = _status(human)
    if status == "never_written" and any(message.direction == "out" for message in written):
        # A message of ours that was deleted: somebody of ours has written.
        status = "awaits_us" if human else "unknown"
    if cut and status in ("never_written", "read_no_reply"):
        status = "unknown"  # what was not read may hold a message of ours, or an answer
    last = written[-1] if written else None
    moment = last or (shown[-1] if shown else None)
    return TalkFacts(
        status=status,
        waiting_since=_iso(since, tz) if since and status not in ("refused", "unknown") else None,
        replies=_replies(human, tz),
        last_message=text_of(last),
        last_message_at=_iso(moment, tz) if moment else None,
        last_message_direction=last.direction if last else None,
    )


def heard(line: ChatResume, talk: Reply | None) -> ChatStatus:
    """The status of a line, ``unknown`` when there is a last message but ``talk`` was empty."""
    empty = isinstance(talk, TalkFacts) and talk.last_message_at is None
    if empty and (line.last_message or line.last_message_at or line.last_message_direction):
        return "unknown"
    return line.chat_status


def _is_whole(message: Message) -> bool:
    sided = message.direction is not None and message.type is not None
    return message.created is not None and (sided or written_by_nobody(message))


def _status(human: Sequence[Message]) -> ChatStatus:
    if _refuses(human):
        return "refused"
    ours = [place for place, message in enumerate(human) if message.direction == "out"]
    if not ours:
        return "never_written"
    last = human[-1]
    if last.direction == "in":
        return "awaits_us"
    if last.read is None:
        return "unread"
    if last.read <= READ_UNKNOWN:
        return "unknown"
    answered = any(message.direction == "in" for message in human[ours[0] :])
    return "replied" if answered else "read_no_reply"


def _refuses(human: Sequence[Message]) -> bool:
    """Whether the candidate's last messages in a row hold a refusal, ours after them or not."""
    back = list(reversed(human))
    while back and back[0].direction == "out":
        back.pop(0)
    latest = takewhile(lambda message: message.direction == "in", back)
    return any(is_refusal(text_of(message) or "") for message in latest)


def _waiting_since(human: Sequence[Message]) -> Message | None:
    """The candidate's first message after our last one, when they wrote last."""
    row = list(takewhile(lambda message: message.direction == "in", reversed(human)))
    return row[-1] if row else None


def _replies(human: Sequence[Message], tz: tzinfo) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    asked: int | None = None
    for message in human:
        at = message.created or 0
        if message.direction == "in":
            asked = at if asked is None else asked
        elif asked is not None:
            found.append((_iso(message, tz), at - asked))
            asked = None
    return found


def _iso(message: Message, tz: tzinfo) -> str:
    return datetime.fromtimestamp(message.created or 0, tz).isoformat()
