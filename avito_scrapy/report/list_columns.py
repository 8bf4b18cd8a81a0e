"""The columns of a stop list: by their headings, else by what they hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from avito_scrapy.avito.phones import find_phones
from avito_scrapy.report.list_files import Row

HEADING_ROWS = 20
"""A heading may have a title and remarks above it."""
_LONGEST_HEADING = 60

_PHONE = re.compile(
    r"телефон|\bтел(еф)?\b|\bмоб(ил\w*)?\b|\bсот(ов\w*)?\b|phone|mobile|msisdn|\bcell(ular)?\b"
    r"|\btel\b|whats ?app|\bв[ао]т?[тц]+сап|viber|вайбер"
)
_PERHAPS = re.compile(r"номер|number|контакт|contact|связ")
_OTHER = re.compile(
    r"\bп п\b|паспорт|договор|заказ|\bинн\b|снилс|огрн|\bкпп\b|сч[ео]т|\bкарт|полис|сери[яи]|табел"
    r"|артикул|\bдата|\bкод\b|\bid\b|зарплат|оклад|почт|mail|ваканс|order|passport|contract"
    r"|account|salary|vacancy|\bdate"
)
_NAME = re.compile(
    r"\bфио\b|\bф и о\b|имя|фамилия|кандидат|лицо|соискател|сотрудник|работник|name|candidate"
)
_COMMENT = re.compile(r"коммент|примеч|причин|заметк|comment|remark|note|reason")


class Columns(NamedTuple):
    """Where phones, names and comments stand; ``guessed``: phones without a heading."""

    phones: Sequence[int]
    names: Sequence[int] = ()
    comments: Sequence[int] = ()
    guessed: Sequence[int] = ()


def _heading(cell: object) -> str:
    """A heading in small letters, its words apart: «Тел1», ``phone_norm``, ``PhoneNumber``."""
    text = cell_text(cell)
    if not text or len(text) > _LONGEST_HEADING:  # a sentence with the word in it is no heading
        return ""
    apart = re.sub(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])", " ", text)
    return " ".join(re.sub(r"[\W\d_]+", " ", apart).lower().replace("ё", "е").split())


def is_heading(row: Row, *, later: bool = False) -> bool:
    """Tell whether a row names columns, a phone's among them.

    Below a table's heading it takes two names of columns and nothing else: the cell of a person
    without a phone may say «телефон отключён».
    """
    headings = [heading for heading in map(_heading, row) if heading]
    phones = [h for h in headings if _PHONE.search(h) or _is_perhaps(h)]
    if not phones or any(find_phones(cell) for cell in row):
        return False
    known = [h for h in headings if any(p.search(h) for p in (_PHONE, _OTHER, _NAME, _COMMENT))]
    return not later or len(known) == len(headings) > 1


def _is_perhaps(heading: str) -> bool:
    return (
        bool(_PERHAPS.search(heading)) and not _OTHER.search(heading) and not _NAME.search(heading)
    )


def find_columns(rows: Sequence[Row], heading: int | None) -> Columns | None:
    """Find the columns of a table; None when it has none with phones.

    Args:
        rows: how it begins.
        heading: which of ``rows`` names the columns, None when none does.
    """
    headings = list(map(_heading, rows[heading])) if heading is not None else []
    body = rows[heading + 1 :] if heading is not None else rows

    def named(pattern: re.Pattern[str]) -> list[int]:
        return [n for n, text in enumerate(headings) if text and pattern.search(text)]

    phones = named(_PHONE) or [n for n, text in enumerate(headings) if _is_perhaps(text)]
    known = {*phones, *named(_OTHER), *named(_NAME), *named(_COMMENT)}
    width = max(map(len, rows), default=0)
    guessed = [n for n in range(width) if n not in known and _holds_phones(body, n)]
    if not phones and not guessed:
        return None
    return Columns(
        phones=sorted({*phones, *guessed}),
        names=[n for n in named(_NAME) if n not in phones],
        comments=[n for n in named(_COMMENT) if n not in phones],
        guessed=guessed,
    )


def _holds_phones(rows: Sequence[Row], column: int) -> bool:
    """Whether at least half of a column's cells are phones, told from numbers of other things."""
    cells = [row[column] for row in rows if column < len(row) and cell_text(row[column])]
    return 2 * sum(1 for cell in cells if find_phones(cell)) >= max(1, len(cells))


def cell_text(cell: object) -> str:
    """A cell as a text; a whole number without its fraction."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()
