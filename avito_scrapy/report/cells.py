"""Values of cells, as they are written and as they come back.

Text stays text, dates are dates, nothing is computed. What XML or a worksheet cannot hold is shown,
not dropped: control characters as their pictures (␀, ␛), half surrogates and non-characters as �.
Limits: "Excel specifications and limits" (32,767 characters a cell, counted in UTF-16 units).
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl.utils.escape import unescape

MAX_TEXT = 32_767
_CUT = "… [✂ {0}]"
# An _xHHHH_ in a workbook's text stands for the character with that code (ECMA-376, ST_Xstring):
# a person's own "_x0041_" would be shown as "A" if its underscore were not written as a code.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (a worksheet's dates know no zone)


def _picture(match: re.Match[str]) -> str:
    char = match.group()
    if char == "_":
        return "_x005F_"
    code = ord(char)
    if char == "\r":
        return "\n"
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def visible(text: str) -> str:
    """``text`` with every character that a worksheet can hold; the others as pictures.

    Line ends become ``\\n``; a text over the limit of a cell is cut, with a mark at its end that
    tells how many characters it had.
    """
    if len(text) * 2 > MAX_TEXT:
        text = _cut(text)
    if _UNFIT.search(text):
        text = _UNFIT.sub(_picture, text.replace("\r\n", "\n"))
    return text


def _cut(text: str) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) // 2 <= MAX_TEXT:
        return text
    mark = _CUT.format(len(text))
    kept = units[: 2 * (MAX_TEXT - len(mark))].decode("utf-16-le", "replace")
    return kept + mark


def serial(value: datetime) -> float:
    """A worksheet's number for the wall clock of ``value``: days since 1899-12-30."""
    return (value.replace(tzinfo=None, microsecond=0) - _EPOCH) / timedelta(days=1)


def typed(value: Any) -> str | None:
    """A cell as the text that is kept: dates as YYYY-MM-DD, with the time if there is one."""
    if isinstance(value, datetime):
        value = value + timedelta(seconds=30)  # programs keep a date as a fraction: to the minute
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else unescape(str(value)).strip() or None


def plain(text: str | None) -> str:
    """A text as it is compared, whichever program has saved it."""
    # LibreOffice reads the code for an underscore and saves it without: a text with a code in it
    # comes back once or twice decoded.
    shown = visible(text or "")
    return str(unescape(unescape(shown))) if "_x" in shown else shown


def fingerprint(text: str, length: int = 8) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:length]
