"""Tells messages of people from Avito's own notices and placeholders.

Used for messages of the API, the last message of a chat and the web messenger's list. Nobody wrote
Avito's own notices, nor the texts that replace messages which the account may not read.
"""

from __future__ import annotations

import re

_AVITO = frozenset((0, 1))
_STUB = "перейдите на подписку с api мессенджер"
_PREFIX = "[системное сообщение]"
_NAME = r"(?:(?:[^\s,.!?;:]+|\w\.) ){0,5}"
# What the web messenger's list shows where a chat holds no words of anybody: «Иван создал чат».
_EVENT = re.compile(
    rf"(?P<name>{_NAME})(?:"
    r"создал[аио]? чат"
    r"|пока ничего не написал[аио]?"
    r"|(?:по)?смотрел[аио]? (?:ваш |твой )?(?:номер|телефон|номер телефона)"
    r"|поделил(?:ся|ась|ись|ось) (?:с вами )?(?:контакт(?:ом|ами)|номером(?: телефона)?)"
    r")\.?"
)
# With one of these it is a sentence of somebody's.
_NO_NAME = re.compile(
    r"\b(?:я|мы|он|она|они|ты|уже|не|и(?!\.)|а|но|что|как|кто|никто|вам|вас|тебе|вчера|сегодня|сейчас"
    r"|только|сам|сама|еще|жена|муж|сын|дочь|друг|подруга|да|нет|ок|хорошо|спасибо)\b"
)


def is_stub(text: str | None) -> bool:
    """Whether ``text`` is what Avito puts in place of texts.

    An account without the subscription to the messenger's API gets it for every message, with
    status 200 and direction ``in``.
    """
    return _plain(text).removeprefix(_PREFIX).lstrip().startswith(_STUB)


def is_notice(text: str | None, *, kind: str | None = None, author_id: int | None = None) -> bool:
    """Whether a message was written by nobody: by Avito or one of its bots.

    Args:
        text: of the message, if it has one.
        kind: its type, where that is told.
        author_id: who wrote it, where that is told.
    """
    if kind == "system" or author_id in _AVITO:
        return True
    plain = _plain(text)
    if plain.startswith(_PREFIX):
        return True
    event = _EVENT.fullmatch(plain) if len(plain) < 200 else None
    return event is not None and not _NO_NAME.search(event["name"])


def _plain(text: str | None) -> str:
    return " ".join((text or "")[:400].split()).casefold().replace("ё", "е").lstrip("\u200b\ufeff")
