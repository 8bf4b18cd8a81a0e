"""Reads what a message's text says: Avito's own notice, a refusal, or nothing that asks anything.

Used for messages of the API, the last message of a chat and the web messenger's list. The phrases
of refusals are in ``refusals.txt``, those of messages that ask nothing in ``courtesy.txt``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Literal

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
_WORD = re.compile(r"\w+")
_WORD_OR_PLUS = re.compile(r"\w+|\+")
_LONGEST_QUIET = 300

_SENTENCE = re.compile(r"[^.!?…\n;]+[.!?…\n;]*")
# What only sounds like interest: what is denied, and the search for something else.
_NO_INTEREST = re.compile(r"\bне \w+|\bищу (?:друг\w+|ближе|поближе|что|где)\b")
_POLITE = (
    "здравствуйте|здравствуй|добрый|доброе|день|вечер|утро|привет|спасибо|большое|огромное"
    "|благодарю|извините|простите|извиняюсь|к|сожалению|увы|ой|ну|нет|да|я|уже|все|тогда|ладно"
    "|наверное|наверно|думаю|но|и|а|пожалуйста|больше"
)
_LEAD = rf"^(?:(?:{_POLITE})\s)*"
_TAIL = rf"(?:\s(?:{_POLITE}|вам|вас|всего|доброго|до|свидания|удачи|хорошего|дня))*$"


def is_stub(text: str | None) -> bool:
    """Whether ``text`` is what Avito puts in place of texts.

    An account without the subscription to the messenger's API gets it for every message, with
    status 200 and direction ``in``.
    """
    return _beginning(text).removeprefix(_PREFIX).lstrip().startswith(_STUB)


def is_notice(text: str | None, *, kind: str | None = None, author_id: int | None = None) -> bool:
    """Whether a message was written by nobody: by Avito or one of its bots.

    ``kind`` (its type) and ``author_id`` where they are told.
    """
    if kind == "system" or author_id in _AVITO:
        return True
    plain = _beginning(text)
    if plain.startswith(_PREFIX):
        return True
    event = _EVENT.fullmatch(plain) if len(plain) < 200 else None
    return event is not None and not _NO_NAME.search(event["name"])


def _beginning(text: str | None) -> str:
    return " ".join((text or "")[:400].split()).casefold().replace("ё", "е").lstrip("\u200b\ufeff")


def quiet_kind(text: str | None) -> Quiet | None:
    """What kind of message it is that asks nothing; None: it may ask something.

    A message of pictures alone («👍») is courtesy; one without any sign is not known.
    """
    shown = (text or "").strip()
    if not shown:
        return None
    words = " ".join(_WORD_OR_PLUS.findall(shown[:_LONGEST_QUIET].casefold().replace("ё", "е")))
    patterns = _quiet_patterns()
    if patterns["deleted"].match(words):
        return "deleted"
    if patterns["automatic"].match(words):
        return "automatic"
    if "?" in shown or len(shown) > _LONGEST_QUIET:
        return None
    pictures = not words and any(ord(sign) > 0x2000 for sign in shown)
    return "courtesy" if pictures or patterns["courtesy"].fullmatch(words) else None


@cache
def _quiet_patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for name, lines in _read_phrases("courtesy.txt").items():
        phrases = (" ".join(map(_choice, line.split())) for line in lines)
        # The longest first, so that «спасибо большое» is one.
        choice = "|".join(sorted(phrases, key=len, reverse=True))
        more = rf"(?: (?:{choice}))*" if name == "courtesy" else r"\b"
        found[name] = re.compile(f"(?:{choice}){more}")
    return found


def is_refusal(text: str) -> bool:
    """Whether a candidate's message says no, in any of its sentences that is not a question.

    A sentence that shows interest beside a refusal is none. Phrases that often come with another
    offer («не смогу») count only where nothing in the whole text shows interest or asks.
    """
    patterns = _refusal_patterns()
    uninterested = []
    open_to_talk = False
    for sentence in _SENTENCE.findall(text[:4000]):
        words = " ".join(_WORD.findall(sentence.lower().replace("ё", "е")))
        if "?" in sentence or patterns["interest"].search(_NO_INTEREST.sub("#", words)):
            open_to_talk = True
        else:
            uninterested.append(words)
    for words in uninterested:
        # What only looks like a refusal is taken out first; the rest of the sentence still counts.
        rest = patterns["does not refuse"].sub(" # ", words)
        if patterns["refuses"].search(rest):
            return True
        if not open_to_talk and patterns["refuses unless interested"].search(rest):
            return True
    return False


@cache
def _refusal_patterns() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile("|".join(f"(?:{_pattern(line)})" for line in lines))
        for name, lines in _read_phrases("refusals.txt").items()
    }


def _pattern(phrase: str) -> str:
    words = phrase.split()
    body = r"\s".join(_choice(word) for word in words if word not in ("^", "$", "~"))
    start = {"^": "^", "~": _LEAD}.get(words[0], r"\b")
    return start + body + {"$": "$", "~": _TAIL}.get(words[-1], r"\b")


def _choice(word: str) -> str:
    choices = (re.escape(choice).replace(r"\*", r"\w*") for choice in word.split("|"))
    return r"\w+" if word == "_" else f"(?:{'|'.join(choices)})"


def _read_phrases(name: str) -> dict[str, list[str]]:
    """Read a file of phrases: one a line, in ``[sections]``, with ``#`` comments."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return sections
