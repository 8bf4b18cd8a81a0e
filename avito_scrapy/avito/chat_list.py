"""The answers of the API's list of chats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any, NamedTuple

from avito_scrapy.avito import chat_ids
from avito_scrapy.avito.answer_model import Answer, UnixSeconds, read
from avito_scrapy.avito.endpoints import PAGE
from avito_scrapy.avito.known_list import KnownEntry, KnownMessage
from avito_scrapy.avito.messenger_models import ChatAnswer
from avito_scrapy.avito.parsing import Drifts, chat_facts
from avito_scrapy.avito.results import ChatFacts, Failure
from avito_scrapy.items import CHAT_FIELDS, Chat
from avito_scrapy.reasons import Reason
from avito_scrapy.times import iso_to_seconds

LAST_OFFSET = 1000
"""Furthest that the list can be read (seen in the field; Avito's document says the same)."""


class ListedChatAnswer(ChatAnswer):
    """An entry of the list; ``updated`` is what it is sorted by, as far as has been seen."""

    updated: UnixSeconds | None = None


class ChatListAnswer(Answer):
    """``GET /messenger/v2/accounts/{user_id}/chats``; entries are read one by one."""

    chats: list[Any] | None


class ListedChat(NamedTuple):
    """A chat as the list shows it; ``updated``: its place there, Unix seconds."""

    chat_id: str
    updated: float | None
    facts: ChatFacts

    @property
    def last(self) -> KnownMessage:
        """The key of its last message."""
        return KnownMessage.of(iso_to_seconds(self.facts.last_message_at), self.facts.last_message)

    @property
    def entry(self) -> KnownEntry:
        """What tells whether it is known."""
        return KnownEntry(self.chat_id, self.updated, self.last)


def chat_list_query(
    offset: int, types: Sequence[str], unread: bool, items: Sequence[int]
) -> tuple[tuple[str, object], ...]:
    """The query of a page.

    Args:
        offset: how many chats to pass over, at most 1,000.
        types: those of chats; Avito's own choice (u2i) without.
        unread: only chats with unread messages.
        items: only chats about these.
    """
    query: list[tuple[str, object]] = [("limit", PAGE)]
    query += [("offset", offset)] if offset else []
    query += [("chat_types", ",".join(types))] if types else []
    # Not True: Avito takes the word as JSON writes it.
    query += [("unread_only", "true")] if unread else []
    query += [("item_ids", ",".join(map(str, items)))] if items else []
    return tuple(query)


def read_chat_list(
    data: Any, account_id: int, tz: tzinfo
) -> tuple[list[ListedChat] | Failure, Drifts]:
    """A page of the list and the names of drifted fields; an entry without an id is a failure."""
    page, names = read(ChatListAnswer, data)
    drifts = dict.fromkeys(names)
    if page.chats is None:
        return Failure(Reason("chat_odd")), names
    found: list[ListedChat] = []
    for value in page.chats:
        chat, drifted = read(ListedChatAnswer, value)
        drifts.update(dict.fromkeys(f"chats.{name}" if name else "chats" for name in drifted))
        if not chat.id:
            return Failure(Reason("chat_odd")), tuple(drifts)
        found.append(
            ListedChat(chat_ids.bounded(chat.id), chat.updated, chat_facts(chat, account_id, tz))
        )
    return found, tuple(drifts)


def listed_chat(listed: ListedChat, web_url: str, collected_at: str) -> Chat:
    """The line of ``chats.jl``, as far as the list tells it."""
    form = chat_ids.parse(listed.chat_id)
    facts = listed.facts
    return Chat(
        chat_id=listed.chat_id,
        chat_url=web_url + chat_ids.page_path(listed.chat_id),
        chat_type=form.chat_type if form else None,
        user_id=form.user_id if form else None,
        item_id=form.item_id if form and form.item_id is not None else facts.item_id,
        user_name=facts.user_name,
        item_title=facts.item_title,
        last_message=facts.last_message,
        last_message_at=facts.last_message_at,
        last_message_direction=facts.last_message_direction,
        collected_at=collected_at,
    )


def merged(listed: Chat, earlier: Chat) -> Chat:
    """A chat that is as it was: what the earlier run knew of it stays (a moment to the
    millisecond, a text that the API hides)."""
    told = {name: getattr(listed, name) for name in CHAT_FIELDS}
    stays = ("last_message", "last_message_at", "last_message_direction", "chat_url")
    known = {name: getattr(earlier, name) for name in CHAT_FIELDS}
    return Chat(
        **{
            name: known[name] if known[name] is not None and (name in stays or value is None)
            else value
            for name, value in told.items()
        }
    )  # fmt: skip


def named_chat(chat_id: str, vacancy: int | None, web_url: str, now: str) -> Chat:
    """A chat of which only an application tells."""
    bare = ListedChat(chat_id, None, ChatFacts(item_id=vacancy))
    return listed_chat(bare, web_url, now)
