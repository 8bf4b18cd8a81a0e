"""Base of the models of Avito's answers: ignores unknown fields, counts missing and odd ones.

A field that is missing or of another kind than documented becomes None and is named, so that
drift of the API is counted, not guessed around and not fatal.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from avito_scrapy.avito.text import LONGEST_NUMBER
from avito_scrapy.times import iso_to_seconds

_ROUNDS = 8


class Answer(BaseModel):
    """Base of the models of Avito's answers.

    Unknown fields are left out; numbers written as strings and the other way round are taken.
    A field without a default is documented to be there always, one with a default may be absent.
    Every field can be None.
    """

    model_config = ConfigDict(
        extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True, frozen=True
    )

    array: ClassVar[str | None] = None
    """The field whose array may come alone, in place of the object."""


A = TypeVar("A", bound=Answer)
Drifts = tuple[str, ...]
"""Dotted names of the fields that were missing or mistyped, places in lists left out; "" when the
answer as a whole is no object."""


def read(model: type[A], data: Any) -> tuple[A, Drifts]:
    """Read ``data`` (parsed JSON; it is changed where it drifts) as ``model``."""
    if model.array is not None and isinstance(data, list):
        data = {model.array: data}
    drifts: dict[str, None] = {}
    for _ in range(_ROUNDS):
        try:
            return model.model_validate(data), tuple(drifts)
        except ValidationError as error:
            for problem in error.errors(include_url=False, include_input=False):
                place = problem["loc"]
                drifts[".".join(str(part) for part in place if isinstance(part, str))] = None
                data = _with(data, place, problem.get("ctx", {}).get("instead"))
    return model.model_validate({}.fromkeys(model.model_fields)), tuple(drifts)


def _with(data: Any, place: tuple[int | str, ...], value: Any) -> Any:
    """``data`` with ``value`` at ``place``, or None as near as there is, where it has no place."""
    if not place or not isinstance(data, (dict, list)):
        return {}
    holder: Any = data
    part = place[0]
    for part, following in zip(place, (*place[1:], None), strict=True):
        inner = _get(holder, part)
        if following is None:
            break
        if not isinstance(inner, (dict, list)):
            value = None
            break
        holder = inner
    if isinstance(holder, dict) or (isinstance(part, int) and part < len(holder)):
        holder[part] = value
    return data


def _get(holder: Any, part: int | str) -> Any:
    if isinstance(holder, dict):
        return holder.get(part)
    return holder[part] if isinstance(part, int) and part < len(holder) else None


def _drifted(instead: Any) -> PydanticCustomError:
    """An error that makes ``read`` count a drift and go on with ``instead``."""
    return PydanticCustomError("drift", "not as documented", {"instead": instead})


LARGEST_WHOLE = 2**63 - 1
"""The largest whole number that databases hold."""
Whole = Annotated[int, Field(ge=-LARGEST_WHOLE, le=LARGEST_WHOLE)]


# The spans of 1970 to 2100 (ticks: 1995 to 2100) in units that are told apart by their size alone:
# (smallest, largest, units a second, seconds from the unit's zero to 1970).
_UNITS: tuple[tuple[float, float, float, float], ...] = (
    (0, 4.2e9, 1, 0),
    (1e11, 4.2e12, 1e3, 0),
    (1e14, 4.2e15, 1e6, 0),
    (1e16, 4.2e16, 1e7, 0),
    (1.24e17, 1.58e17, 1e7, 11_644_473_600),  # ticks since 1601
    (6.29e17, 6.63e17, 1e7, 62_135_596_800),  # ticks since the year 1
    (9e17, 4.2e18, 1e9, 0),
)


def unix_seconds(value: Any) -> float | None:
    """A moment in any unit as Unix seconds; None when the unit is in doubt.

    Seconds, milliseconds, microseconds, nanoseconds and ticks of 100 nanoseconds are told apart by
    their size. Numbers may be strings; a text in ISO 8601 needs a zone.
    """
    if isinstance(value, str):
        return _seconds_of_text(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    for smallest, largest, per_second, since in _UNITS:
        if smallest < value < largest:
            return value / per_second - since
    return None


def _seconds_of_text(text: str) -> float | None:
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER:
        return unix_seconds(int(text))
    seconds = iso_to_seconds(text.strip())
    return seconds if seconds is not None and 0 < seconds < _UNITS[0][1] else None


def _moment(value: Any) -> Any:
    if value is None:
        return None
    seconds = unix_seconds(value)
    digits = isinstance(value, str) and value.isdigit()
    if seconds is not None and seconds == (int(value) if digits else value):
        return int(seconds)
    raise _drifted(None if seconds is None else int(seconds))


UnixSeconds = Annotated[int, BeforeValidator(_moment)]
"""A moment in Unix seconds; in another unit it is a drift, and read where the unit is plain."""

READ_AT_UNKNOWN_TIME = 1
READ_UNKNOWN = 0


def _read_flag(value: Any) -> int | None:
    if value is None or value is False:
        return None
    if value is True:
        return READ_AT_UNKNOWN_TIME
    if isinstance(value, (int, float, str)):
        try:
            return min(int(value), LARGEST_WHOLE)
        except (ValueError, OverflowError):
            pass
    raise _drifted(READ_UNKNOWN)


ReadFlag = Annotated[int | None, BeforeValidator(_read_flag)]
"""When something was read, in Unix seconds; a mere true is ``READ_AT_UNKNOWN_TIME``.

None means that it was not read, so it must not come of a value that is not understood: that is
``READ_UNKNOWN``.
"""


def _day(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        if len(text) in (4, 7) and text.replace("-", "").isdigit():
            return f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"
        return text[:10]
    return value


Day = Annotated[date, BeforeValidator(_day)]
"""A day; a month or a year alone is its first one, a moment is its day."""
