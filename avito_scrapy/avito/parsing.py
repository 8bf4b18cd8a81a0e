"""Reading of Avito's answers: tolerant of what is new, honest about what is missing.

A field that is missing or of another kind than documented becomes None and is named, so that
drift of the API is counted, not guessed around and not fatal.
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from avito_scrapy.avito.text import whole_values

_ROUNDS = 8
_DEEPEST = 100
_LONGEST_NUMBER = 25
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def load_json(body: bytes | str) -> Any:
    """Parse JSON as leniently as it can be done without guessing.

    One odd value must not cost the whole answer: halves of characters and bytes that are no UTF-8
    become U+FFFD, whole numbers of more than 25 digits become floats, what is nested deeper than
    100 levels becomes null.

    Raises:
        ValueError: ``body`` is no JSON.
    """
    try:
        return from_json(body)  # the common case, and fast; refuses all of the above
    except ValueError:
        pass
    text = body if isinstance(body, str) else body.decode("utf-8-sig", "replace")
    return whole_values(json.loads(_flattened(text), parse_int=_number, strict=False))


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)


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


class Answer(BaseModel):
    """Base of everything Avito answers.

    Unknown fields are left out; numbers written as strings and the other way round are taken.
    A field without a default is documented to be there always, one with a default may be absent.
    Every field can be None.
    """

    model_config = ConfigDict(
        extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True, frozen=True
    )

    @classmethod
    def shaped(cls, data: Any) -> Any:
        """``data`` in the shape of the fields, for answers that come in several."""
        return data


A = TypeVar("A", bound=Answer)


def read(model: type[A], data: Any) -> tuple[A, tuple[str, ...]]:
    """Read ``data`` (parsed JSON; it is changed where it drifts) as ``model``.

    Returns:
        the answer, and the dotted names of the fields that were missing or mistyped (places in
        lists left out; "" when the answer as a whole is no object).
    """
    data = model.shaped(data)
    drifts: dict[str, None] = {}
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data), tuple(drifts)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_context=False):
                place = problem["loc"]
                drifts[".".join(str(part) for part in place if isinstance(part, str))] = None
                data = _without(data, place)
    return model.model_validate({}.fromkeys(model.model_fields)), tuple(drifts)


def _without(data: Any, place: tuple[int | str, ...]) -> Any:
    """``data`` with None at ``place``, or, where there is no such place, as near as there is."""
    if not place or not isinstance(data, (dict, list)):
        return {}
    holder: Any = data
    part = place[0]
    for part, following in zip(place, (*place[1:], None), strict=True):
        inner = _get(holder, part)
        if following is None or not isinstance(inner, (dict, list)):
            break
        holder = inner
    if isinstance(holder, dict) or (isinstance(part, int) and part < len(holder)):
        holder[part] = None
    return data


def _get(holder: Any, part: int | str) -> Any:
    if isinstance(holder, dict):
        return holder.get(part)
    return holder[part] if isinstance(part, int) and part < len(holder) else None
