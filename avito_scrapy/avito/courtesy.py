"""Tells whether a candidate's message asks nothing. The phrases are in ``courtesy.txt``."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Literal

Quiet = Literal["courtesy", "deleted", "automatic"]
_WORD = re.compile(r"\w+|\+")
_LONGEST = 300


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
    listed = (resources.files("avito_scrapy.avito") / "courtesy.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in map(str.strip, listed.splitlines()):
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(" ".join(f"(?:{_word(word)})" for word in line.split()))
    found = {}
    for name, phrases in sections.items():
        # The longest first, so that «спасибо большое» is one.
        choice = "|".join(sorted(phrases, key=len, reverse=True))
        more = rf"(?: (?:{choice}))*" if name == "courtesy" else r"\b"
        found[name] = re.compile(f"(?:{choice}){more}")
    return found


def _word(word: str) -> str:
    return "|".join(re.escape(choice) for choice in word.split("|"))
