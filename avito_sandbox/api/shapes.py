"""Chats and messages as the API shows them."""

from __future__ import annotations

from avito_sandbox.data.words import STUB
from avito_sandbox.model import JSON, Chat, Message
from avito_sandbox.options_api import ApiOptions

NS = 1_000_000_000


_PER_SECOND = {"seconds": 1, "milliseconds": 10**3, "ticks": 10**7, "nanoseconds": NS}


def message(one: Message, options: ApiOptions, last: bool = False) -> JSON:
    """A message; `last`: as a chat's `last_message`, which has fewer fields."""
    hidden = options.message_texts == "hidden"
    body: JSON = {
        "id": one.id,
        "author_id": one.author_id,
        "content": {"text": STUB} if hidden else one.content,
        "created": one.ns // NS * _PER_SECOND[options.created_unit],
        "direction": "in" if hidden else one.direction,
        "type": one.type,
    }
    if not last:
        body["read"] = one.read
        if options.read_flag == "true":
            body["read"] = True
            if one.read is None:
                del body["read"]
        body["is_read"] = one.direction == "out" or one.read is not None
    return body


def _user(user_id: int, name: str) -> JSON:
    body: JSON = {"id": user_id, "name": name}
    if user_id % 5:  # not everybody has a profile to show
        body["public_user_profile"] = {
            "user_id": user_id,
            "url": f"https://avito.ru/user/{user_id:032x}/profile",
            "avatar": {"default": "https://www.example.invalid/stub.png", "images": {}},
        }
    return body


def chat(one: Chat, account_id: int, options: ApiOptions) -> JSON:
    """A chat with its context and last message."""
    body: JSON = {
        "id": one.id,
        "created": one.created_ns // NS,
        "updated": one.sort_ns // NS,
        "users": [_user(account_id, "ООО «Песочница»"), _user(one.user_id, one.user_name)],
    }
    if one.item is not None:
        item = one.item
        value: JSON = {
            "id": item.id,
            "title": item.title,
            "url": item.url,
            "user_id": item.owner_id,
            "status_id": 10,
        }
        if item.price is not None:
            value["price_string"] = item.price
        if item.id % 2:
            value["images"] = {"count": 0}
        body["context"] = {"type": "item", "value": value}
    elif one.kind == "avito":
        body["context"] = {"type": "system", "value": {}}
    elif one.created_ns % 2:
        body["context"] = {}
    if one.last is not None:
        body["last_message"] = message(one.last, options, last=True)
    return body
