"""What a cell may hold: text that stays text, dates that are dates, nothing that is computed.

A text is written as an inline string, a type of its own in the file, so that no text can become a
formula whatever it starts with. What XML or a worksheet cannot hold is shown, not dropped:
control characters as their pictures (␀, ␛), half surrogates and non-characters as �.
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
_MARKUP = re.compile("[&<>]")
_MARKUP_CODES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
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


def markup(text: str) -> str:
    """``text`` made safe and escaped for XML."""
    text = visible(text)
    if _MARKUP.search(text):
        text = _MARKUP.sub(lambda found: _MARKUP_CODES[found.group()], text)
    return text


def serial(value: datetime) -> float:
    """A worksheet's number for the wall clock of ``value``: days since 1899-12-30."""
    return (value.replace(tzinfo=None, microsecond=0) - _EPOCH) / _DAY


def text_cell(place: str, style: int, value: str) -> str:
    """XML of a cell with a text. ``place`` like ``A1``, ``style`` the number of its format."""
    text = markup(value)
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t{keep}>{text}</t></is></c>'


def number_cell(place: str, style: int, value: float) -> str:
    """XML of a cell with a number (a date is one, see ``serial``)."""
    return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'


def empty_cell(place: str, style: int) -> str:
    """XML of a cell with a format and nothing in it."""
    return f'<c r="{place}" s="{style}"/>'
