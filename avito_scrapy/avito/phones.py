"""Phones in one form, E.164, however a person or a service wrote them."""

from __future__ import annotations

import phonenumbers

REGION = "RU"


def normalise(value: object) -> str | None:
    """``value`` (text or a number, any way of writing) as E.164, or None when it is no phone.

    Numbers without a country are Russian; the leading 8 of the old trunk code is understood, and
    so is a country code without its plus, as Avito's API writes it (79001234567).
    """
    if value is None or (isinstance(value, (bool, float)) and value != value):
        return None
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
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
