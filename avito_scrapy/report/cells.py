"""What a cell may hold: text that stays text, dates that are dates, nothing that is computed.

What XML or a worksheet cannot hold is shown, not dropped: control characters as their pictures
(␀, ␛), half surrogates and non-characters as �.
Limits: "Excel specifications and limits" (32,767 characters a cell, counted in UTF-16 units).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

MAX_TEXT = 32_767
_CUT = "… [✂ {0}]"
# An _xHHHH_ in a workbook's text stands for the character with that code (ECMA-376, ST_Xstring):
# a person's own "_x0041_" would be shown as "A" if its underscore were not written as a code.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (a worksheet's dates know no zone)
_DAY = timedelta(days=1)


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
    return (value.replace(tzinfo=None, microsecond=0) - _EPOCH) / _DAY
