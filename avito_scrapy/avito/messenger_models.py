"""The answers of the Messenger API, as far as the project reads them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator, model_validator

from avito_scrapy.avito.answer_model import Answer, ReadFlag, UnixSeconds, Whole


class Item(Answer):
    """What a chat is about. ``user_id``: the item's owner."""

    id: Whole | None
    title: str | None
    url: str | None
    user_id: Whole | None


class Context(Answer):
    """Of a chat; only ``type`` "item" has a ``value`` that is known."""

    type: str | None
    value: Item | None

    @model_validator(mode="before")
    @classmethod
    def _item_only(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("type") not in ("item", None):
            return {"type": data["type"], "value": None}
        return data


class User(Answer):
    """Who takes part in a chat."""

    id: Whole | None
    name: str | None


class Content(Answer):
    """Of a message; ``flow_id`` names the bot that wrote it."""

    text: str | None = None
    flow_id: str | None = None


class LastMessage(Answer):
    """The last message of a chat. ``author_id`` 0 or 1: Avito itself, as seen in the field."""

    author_id: Whole | None = None
    created: UnixSeconds | None
    direction: Literal["in", "out"] | None
    type: str | None
    content: Content | None = None


class Message(LastMessage):
    """A message. ``read``: by the other side."""

    read: ReadFlag = None


class MessagesMeta(Answer):
    """As seen in the field. ``has_more``: further pages follow, however short this one is."""

    has_more: bool | None = None


class Messages(Answer):
    """``GET /messenger/v3/accounts/{user_id}/chats/{chat_id}/messages/``.

    An array by Avito's document, an object with the array in the field.
    """

    messages: list[Message | None] | None
    meta: MessagesMeta | None = None

    @classmethod
    def shaped(cls, data: Any) -> Any:
        """Take both shapes of the answer: an object, and an array."""
        return {"messages": data} if isinstance(data, list) else data


class ChatAnswer(Answer):
    """``GET /messenger/v2/accounts/{user_id}/chats/{chat_id}``."""

    id: str | None = None
    users: list[User | None] | None
    context: Context | None = None
    last_message: LastMessage | None = None

    @field_validator("context", mode="before")
    @classmethod
    def _about_nothing(cls, context: Any) -> Any:
        return None if context == {} else context
