"""Cleans strings and JSON from outside, so that files and databases can hold them."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic_core import from_json

LONGEST_NUMBER = 25
"""Digits; a whole number of more becomes a float."""
_DEEPEST = 100
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def whole_text(text: str) -> str:
    """Join the halves of a surrogate pair; put U+FFFD for a half that stands alone, and for NUL.

    JSON and pages may hold half of a character (a cut emoji, ``\\ud83d``); UTF-8 cannot.
    PostgreSQL holds no NUL.
    """
    text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def load_json(body: bytes | str) -> Any:
    """Parse JSON as leniently as it can be done without guessing.

    One odd value must not cost the whole answer: halves of characters, NUL and bytes that are no
    UTF-8 become U+FFFD, whole numbers of more than 25 digits become floats, what is nested deeper
    than 100 levels becomes null.

    Raises:
        ValueError: ``body`` is no JSON.
    """
    escaped_nul = "\\u0000" in body if isinstance(body, str) else b"\\u0000" in body
    if not escaped_nul:
        try:
            return from_json(body)  # the common case, and fast; refuses all of the above
        except ValueError:
            pass
    text = body if isinstance(body, str) else body.decode("utf-8-sig", "replace")
    return _whole_values(json.loads(_flattened(text), parse_int=_number, strict=False))


def _whole_values(data: Any) -> Any:
    """Parsed JSON with ``whole_text`` applied to every string in it, keys included."""
    if isinstance(data, str):
        return whole_text(data)
    if isinstance(data, list):
        for place, value in enumerate(data):  # in place: a list may be as large as the file
            data[place] = _whole_values(value)
    if isinstance(data, dict):
        return {_whole_values(key): _whole_values(value) for key, value in data.items()}
    return data


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_NUMBER else float(digits)


def _flattened(text: str) -> str:
    """``text`` with null in place of every array and object below the deepest level allowed."""
    depth = start = 0
    kept: list[str] = []
    for found in _STRING_OR_BRACKET.finditer(text):
        bracket = found[0]
        if bracket in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                kept.append(text[start : found.start()])
        elif bracket in "]}":
            depth -= 1
            if depth == _DEEPEST:
                kept.append("null")
                start = found.end()
    # What is not closed is no JSON either way.
    return "".join((*kept, text[start:])) if depth <= _DEEPEST else ""
