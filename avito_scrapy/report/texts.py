"""The workbook's words, by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal

from avito_scrapy.report.texts_en import EN
from avito_scrapy.report.texts_ru import RU

Lang = Literal["ru", "en"]
LANGUAGES: Mapping[Lang, Mapping[str, str]] = {"ru": RU, "en": EN}


class Texts:
    """Looks words up: ``texts("col.name")``, ``texts("sum.waits_h", h=24)``."""

    def __init__(self, lang: Lang) -> None:
        self._words = LANGUAGES[lang]

    def __call__(self, key: str, **values: object) -> str:
        """The words for ``key`` with ``values`` filled in."""
        words = self._words[key]
        return words.format(**values) if values else words

    def name(self, group: str, code: str | None) -> str | None:
        """The word for a code of Avito's (``group``.``code``); the code itself when unknown."""
        return None if code is None else self._words.get(f"{group}.{code}", code)

    def note(self, key: str) -> str | None:
        """What is said of the column ``key`` in a note on its heading, if anything."""
        return self._words.get(f"note.{key}")

    def yes_no(self, value: bool | int | None) -> str | None:
        """``да`` or ``нет``; None when not known."""
        return None if value is None else self("yes" if value else "no")

    def duration(self, seconds: float) -> str:
        """Time in words, two units at most."""
        minutes = int(max(seconds, 0) // 60)
        if minutes < 60:
            return self("time.minutes", m=minutes)
        hours, minutes = divmod(minutes, 60)
        if hours < 24:
            return self("time.hours" if minutes else "time.whole_hours", h=hours, m=minutes)
        days, hours = divmod(hours, 24)
        return self("time.days" if hours else "time.whole_days", d=days, h=hours)


# Headings, and a column with another heading, in workbooks that may still be read.
_FORMER = ("Чат", "Chat", "Время у кандидата")
_NAMES_OF = {"last_message": ("last_message", "candidate_message")}


def headings(key: str) -> set[str]:
    """How the heading ``key`` is written in any language: a workbook may be read in another."""
    return {
        words[f"col.{now}"] for now in _NAMES_OF.get(key, (key,)) for words in LANGUAGES.values()
    }


@cache
def all_headings() -> frozenset[str]:
    """Every heading in any language, those of earlier versions too."""
    now = (word for words in LANGUAGES.values() for key, word in words.items() if key[:4] == "col.")
    return frozenset([*now, *_FORMER])


def sheet_titles(kind: str) -> set[str]:
    """What the sheets of a ``kind`` are called in any language."""
    return {words[f"sheet.{kind}"] for words in LANGUAGES.values()}


def is_ours(title: str) -> bool:
    """Whether a sheet is called as one of this tool's, in any language."""
    return re.sub(r"_\d+$", "", title) in _all_sheet_titles()


@cache
def _all_sheet_titles() -> frozenset[str]:
    return frozenset(
        word for words in LANGUAGES.values() for key, word in words.items() if key[:6] == "sheet."
    )
