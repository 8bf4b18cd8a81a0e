"""Tells messages of people from Avito's own notices and placeholders, and which ask nothing.

Used for messages of the API, the last message of a chat and the web messenger's list. Nobody wrote
Avito's own notices, nor the texts that replace messages which the account may not read. The phrases
of messages that ask nothing are in ``courtesy.txt``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from avito_scrapy.avito.text import read_phrases

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

Quiet = Literal["courtesy", "deleted", "automatic"]
_WORD = re.compile(r"\w+|\+")
_LONGEST = 300


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


def quiet_kind(text: str | None) -> Quiet | None:
    """What kind of message it is that asks nothing; None: it may ask something.

    A message of pictures alone («👍») is courtesy; one without any sign is not known.
    """
    shown = (text or "").strip()
    if not shown:
        return None
    words = " ".join(_WORD.findall(shown[:_LONGEST].casefold().replace("ё", "е")))
    patterns = _patterns()
    if patterns["deleted"].match(words):
        return "deleted"
    if patterns["automatic"].match(words):
        return "automatic"
    if "?" in shown or len(shown) > _LONGEST:
        return None
    pictures = not words and any(ord(sign) > 0x2000 for sign in shown)
    return "courtesy" if pictures or patterns["courtesy"].fullmatch(words) else None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for name, lines in read_phrases("courtesy.txt").items():
        phrases = (" ".join(f"(?:{_word(word)})" for word in line.split()) for line in lines)
        # The longest first, so that «спасибо большое» is one.
        choice = "|".join(sorted(phrases, key=len, reverse=True))
        more = rf"(?: (?:{choice}))*" if name == "courtesy" else r"\b"
        found[name] = re.compile(f"(?:{choice}){more}")
    return found


def _word(word: str) -> str:
    return "|".join(re.escape(choice) for choice in word.split("|"))
