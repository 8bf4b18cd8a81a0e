"""Normalises phones to E.164."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

REGION = "RU"
_MOBILE = re.compile(r"(?:\+?7|8)?(9\d{9})", re.ASCII)
# Numbers as spreadsheets write them into a text: 79001234567.0, 7,9001234567E+10
_WITH_FRACTION = re.compile(r"(?<!\d)(\d{10,15})[.,]0+(?!\d)", re.ASCII)
_SCIENTIFIC = re.compile(r"(?<![\d\w])(\d)[.,](\d+)[eEеЕ]\+?(\d{1,2})(?!\d)", re.ASCII)
_PIECES = re.compile(r"\+|[0-9]+|[^\W\d]+|[,;/|\n]")
_BETWEEN = re.compile(r"[,;/|\n]+")
_LONGEST_CELL = 2_000


def normalise(value: object) -> str | None:
    """``value`` (text or a number, any way of writing) as E.164, or None when it is no phone.

    Numbers without a country are Russian; the leading 8 of the old trunk code is understood, and
    so is a country code without its plus, as Avito's API writes it (79001234567).
    """
    if value is None or isinstance(value, bool) or (isinstance(value, float) and value != value):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    mobile = _MOBILE.fullmatch(text)
    if mobile:  # every number of this form is valid, and checking takes long
        return f"+7{mobile[1]}"
    digits = "".join(ch for ch in text if ch.isdigit())
    candidates = [text]
    if not text.strip().startswith("+") and len(digits) > 10:
        candidates.append(f"+{digits}")
    for candidate in candidates:
        try:
            number = phonenumbers.parse(candidate, REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None


def find_phones(value: object) -> list[str]:
    """All phones in a cell of a table, as E.164, each once.

    Understands several in one text whatever stands between them, a blank included, words around
    them, and numbers that a spreadsheet wrote with a fraction or an exponent, if all digits are
    there.
    """
    if not isinstance(value, str):
        phone = normalise(value)
        return [phone] if phone else []
    if _MOBILE.fullmatch(value):
        return [f"+7{value[-10:]}"]
    text = _SCIENTIFIC.sub(_whole_number, value[:_LONGEST_CELL])
    text = _WITH_FRACTION.sub(r"\1", text)
    found = list(_russian(text))
    if not found:
        parts = [normalise(part) for part in (*_BETWEEN.split(text), text)]
        found = [phone for phone in parts[:-1] if phone] or [phone for phone in parts if phone]
    return list(dict.fromkeys(found))


def is_rounded(value: object) -> bool:
    """Whether a text is a number whose last digits a spreadsheet has dropped (8,9E+10)."""
    if not isinstance(value, str):
        return False
    return any(
        int(found[3]) >= 9 and len(found[2]) < int(found[3])
        for found in _SCIENTIFIC.finditer(value[:_LONGEST_CELL])
    )


def _whole_number(found: re.Match[str]) -> str:
    digits, exponent = found[2].rstrip("0"), int(found[3])
    if len(digits) > exponent or len(found[2]) < exponent:
        return " "  # a fraction is left, or digits were dropped
    return found[1] + digits.ljust(exponent, "0")


def _russian(text: str) -> Iterator[str]:
    """Find Russian numbers and those with a plus, by joining pieces of digits.

    A piece that cannot begin a number is passed over.
    """
    pieces = _PIECES.findall(text)
    start = 0
    while start < len(pieces):
        phone, used = _first_number(pieces, start)
        if phone:
            yield phone
        start += used


def _first_number(pieces: list[str], start: int) -> tuple[str | None, int]:
    """The number that begins with the piece ``start``, and how many pieces are done with."""
    plus = pieces[start] == "+"
    digits = ""
    best: tuple[str | None, int] = (None, 1)
    for used, piece in enumerate(pieces[start + plus :], 1 + plus):
        if not piece.isdigit() or len(digits) + len(piece) > 15:
            break
        digits += piece
        russian = len(digits) == 11 and digits[0] in "78"
        short = len(digits) == 10 and digits[0] == "9" and not plus
        if russian or short or (plus and len(digits) > 7):
            phone = normalise(f"+{digits}" if plus else digits)
            if phone and (russian or short):
                return phone, used
            if phone:
                best = phone, used
    return best
