"""A chat as the web messenger gets it: times in nanoseconds, the text in one of three places."""

from __future__ import annotations

import zlib

from avito_sandbox.model import JSON, Chat, Message


def channel(chat: Chat, account_id: int, texts_in: str = "objects") -> JSON:
    """The channel object of `getChannels`, as observed; `texts_in`: the option of that name."""
    body: JSON = {
        "id": chat.id,
        "type": chat.id[:3],
        "isRead": chat.is_read,
        "sortingTimestamp": chat.sort_ns,
        "createdAt": chat.created_ns,
        "info": {"name": chat.user_name},
        "users": [
            {"id": account_id, "name": "ООО «Песочница»"},
            {"id": chat.user_id, "name": chat.user_name},
        ],
        "context": {},
    }
    if chat.kind == "avito":
        body["context"] = {"system": {"value": {"title": "Авито"}}}
    elif chat.item is not None:
        item = {"id": chat.item.id, "title": chat.item.title}
        body["context"] = {"item": {"value": {"item": item}}}
    if chat.last is not None:
        body["lastMessage"] = _last(chat.last, texts_in)
    return body


def _last(message: Message, texts_in: str) -> JSON:
    body: JSON = {
        "id": message.id,
        "createdAt": message.ns,
        "authorId": message.author_id,
        "type": message.type,
        "isRead": message.read is not None,
    }
    text = message.content.get("text")
    if text is None:
        body["body"] = {key: value for key, value in message.content.items() if value}
        return body
    if texts_in == "string":
        body["body"] = {"text": text}
        return body
    if texts_in == "chunks":
        cuts = [text[at : at + 3] for at in range(0, len(text), 3)]
        chunks = [{"text": {"text": part}} for part in cuts]
        body["preview"] = {"text": "Сообщение"}
        body["body"] = {
            "text": {"text": "Обновите приложение, чтобы увидеть сообщение"},
            "composite": {"chunks": chunks},
        }
        return body
    place = zlib.crc32(message.id.encode()) % 3
    if place == 0:
        body["preview"] = {"text": text}
    elif place == 1:
        body["body"] = {"text": {"text": text}}
    else:
        middle = len(text) // 2
        chunks = [{"text": {"text": part}} for part in (text[:middle], text[middle:]) if part]
        body["body"] = {"composite": {"chunks": chunks}}
    return body
