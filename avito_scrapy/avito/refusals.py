"""Tells whether a candidate's message says no. The phrases are in ``refusals.txt``."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_SENTENCE = re.compile(r"[^.!?…\n;]+[.!?…\n;]*")
_WORD = re.compile(r"\w+")


def is_refusal(text: str) -> bool:
    """Whether ``text`` says no, in any of its sentences that is not a question."""
    refuses, does_not = _patterns()
    for sentence in _SENTENCE.findall(text[:4000]):
        if "?" in sentence:
            continue
        words = " ".join(_WORD.findall(sentence.lower().replace("ё", "е")))
        # What only looks like a refusal is taken out first; the rest of the sentence still counts.
        if refuses.search(words) and refuses.search(does_not.sub(" # ", words)):
            return True
    return False


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    listed = (resources.files("avito_scrapy.avito") / "refusals.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {"refuses": [], "does not refuse": []}
    current: list[str] = []
    for line in listed.splitlines():
        phrase = line.strip()
        if phrase.startswith("["):
            current = sections[phrase.strip("[]")]
        elif phrase and not phrase.startswith("#"):
            current.append(_pattern(phrase))
    return _any(sections["refuses"]), _any(sections["does not refuse"])


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _pattern(phrase: str) -> str:
    words = phrase.split()
    body = r"\s".join(_word(word) for word in words if word not in ("^", "$"))
    start = "^" if words[0] == "^" else r"\b"
    return start + body + ("$" if words[-1] == "$" else r"\b")


def _word(word: str) -> str:
    choices = (re.escape(choice).replace(r"\*", r"\w*") for choice in word.split("|"))
    return r"\w+" if word == "_" else f"(?:{'|'.join(choices)})"
