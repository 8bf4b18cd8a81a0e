"""Tells whether a candidate's message says no. The phrases are in ``refusals.txt``."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from avito_scrapy.avito.text import read_phrases

_SENTENCE = re.compile(r"[^.!?…\n;]+[.!?…\n;]*")
_WORD = re.compile(r"\w+")
# What only sounds like interest: what is denied, and the search for something else.
_NO_INTEREST = re.compile(r"\bне \w+|\bищу (?:друг\w+|ближе|поближе|что|где)\b")
_POLITE = (
    "здравствуйте|здравствуй|добрый|доброе|день|вечер|утро|привет|спасибо|большое|огромное"
    "|благодарю|извините|простите|извиняюсь|к|сожалению|увы|ой|ну|нет|да|я|уже|все|тогда|ладно"
    "|наверное|наверно|думаю|но|и|а|пожалуйста|больше"
)
_LEAD = rf"^(?:(?:{_POLITE})\s)*"
_TAIL = rf"(?:\s(?:{_POLITE}|вам|вас|всего|доброго|до|свидания|удачи|хорошего|дня))*$"


class _Phrases(NamedTuple):
    refuses: re.Pattern[str]
    refuses_unless_interested: re.Pattern[str]
    does_not_refuse: re.Pattern[str]
    interest: re.Pattern[str]


def is_refusal(text: str) -> bool:
    """Whether ``text`` says no, in any of its sentences that is not a question.

    A sentence that shows interest beside a refusal is none. Phrases that often come with another
    offer («не смогу») count only where nothing in the whole text shows interest or asks.
    """
    phrases = _phrases()
    sentences = [(sentence, _plain(sentence)) for sentence in _SENTENCE.findall(text[:4000])]
    interested = [
        "?" in sentence or phrases.interest.search(_NO_INTEREST.sub("#", words)) is not None
        for sentence, words in sentences
    ]
    open_to_talk = any(interested)
    for (_, words), of_interest in zip(sentences, interested, strict=True):
        if of_interest:
            continue
        # What only looks like a refusal is taken out first; the rest of the sentence still counts.
        rest = phrases.does_not_refuse.sub(" # ", words)
        if phrases.refuses.search(rest):
            return True
        if not open_to_talk and phrases.refuses_unless_interested.search(rest):
            return True
    return False


def _plain(sentence: str) -> str:
    return " ".join(_WORD.findall(sentence.lower().replace("ё", "е")))


@cache
def _phrases() -> _Phrases:
    patterns = {
        name.replace(" ", "_"): re.compile("|".join(f"(?:{_pattern(line)})" for line in lines))
        for name, lines in read_phrases("refusals.txt").items()
    }
    return _Phrases(**patterns)


def _pattern(phrase: str) -> str:
    words = phrase.split()
    body = r"\s".join(_word(word) for word in words if word not in ("^", "$", "~"))
    start = {"^": "^", "~": _LEAD}.get(words[0], r"\b")
    return start + body + {"$": "$", "~": _TAIL}.get(words[-1], r"\b")


def _word(word: str) -> str:
    choices = (re.escape(choice).replace(r"\*", r"\w*") for choice in word.split("|"))
    return r"\w+" if word == "_" else f"(?:{'|'.join(choices)})"
