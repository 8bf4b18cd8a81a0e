"""The outcomes of a call that are offered in the workbook, and what each does to the call list.

They stand in ``call_outcomes.csv``; AVITO_CALL_OUTCOMES names a file of one's own of the same form:
the outcome; what it does («убрать», «позже сегодня», «в назначенное время», «оставить»); for
«позже сегодня» after how many hours (3 when empty); its name in an English workbook (may be empty).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Literal

from avito_scrapy.errors import UsageError
from avito_scrapy.files import MEGABYTE, read_bounded

Effect = Literal["off", "later", "at_time", "stays"]
EFFECTS: Mapping[str, Effect] = {
    "убрать": "off",
    "позже сегодня": "later",
    "в назначенное время": "at_time",
    "оставить": "stays",
}
_HOURS = 3.0
# Excel's list of choices in a cell, the commas counted.
_MOST_CHARACTERS = 255


@dataclass(frozen=True)
class CallOutcome:
    """One outcome: ``hours`` until the person is called again, for ``later``."""

    name: str
    effect: Effect
    hours: float = _HOURS
    english: str = ""


@dataclass(frozen=True)
class CallOutcomes:
    """The outcomes in the order in which they are offered."""

    offered: Sequence[CallOutcome]

    @cached_property
    def _by_name(self) -> Mapping[str, CallOutcome]:
        return {_plain(name): one for one in self.offered for name in (one.english, one.name)}

    def find(self, typed: str | None) -> CallOutcome | None:
        """The outcome that a person typed or chose; None: words of their own."""
        return self._by_name.get(_plain(typed)) if typed else None

    def names(self, lang: str) -> list[str]:
        """What is offered in a workbook of this language."""
        return [one.english or one.name if lang == "en" else one.name for one in self.offered]


@cache
def default_outcomes() -> CallOutcomes:
    """Give the outcomes that come with the package."""
    found = resources.files("avito_scrapy.report") / "call_outcomes.csv"
    return parse_outcomes(found.read_text(encoding="utf-8"))


def read_outcomes(path: Path | None) -> CallOutcomes:
    """Read a file of one's own; None: those that come with the package.

    Raises:
        UsageError: it cannot be read, or a line is not of the form; one line that names it.
    """
    if path is None:
        return default_outcomes()
    try:
        content = read_bounded(path, MEGABYTE)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1251")  # what Excel saves in a Russian Windows
        return parse_outcomes(text)
    except UnicodeDecodeError:
        raise UsageError("AVITO_CALL_OUTCOMES: the file is no text") from None
    except UsageError as error:
        raise UsageError(f"AVITO_CALL_OUTCOMES: {error}") from None


def parse_outcomes(text: str) -> CallOutcomes:
    """Read outcomes from a table; the first line holds its headings.

    Raises:
        UsageError: says which line is wrong and what is allowed.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    except csv.Error:
        raise UsageError("the file is no table") from None
    found: list[CallOutcome] = []
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            found.append(_outcome(number, [cell.strip() for cell in row]))
            if [_plain(one.name) for one in found].count(_plain(found[-1].name)) > 1:
                raise UsageError(f"line {number}: the outcome is there twice")
    if not found:
        raise UsageError("the file holds no outcome below its line of headings")
    for lang in ("ru", "en"):
        if len(",".join(CallOutcomes(found).names(lang))) > _MOST_CHARACTERS:
            raise UsageError(f"all names together may have {_MOST_CHARACTERS} characters")
    return CallOutcomes(found)


def _outcome(number: int, row: Sequence[str]) -> CallOutcome:
    name, effect, hours, english = [*row, "", "", ""][:4]
    if not name or any(mark in name + english for mark in ',"\n\r'):
        raise UsageError(f'line {number}: the outcome must be a name without commas and "')
    if effect.casefold() not in EFFECTS:
        allowed = ", ".join(f"«{one}»" for one in EFFECTS)
        raise UsageError(f"line {number}: the second column must be one of {allowed}")
    try:
        after = float(hours.replace(",", ".")) if hours else _HOURS
    except ValueError:
        after = -1
    if not 0 <= after <= 24:
        raise UsageError(f"line {number}: the third column must be hours, 0 to 24, or empty")
    return CallOutcome(name, EFFECTS[effect.casefold()], after, english)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold().replace("ё", "е").rstrip(".!")
