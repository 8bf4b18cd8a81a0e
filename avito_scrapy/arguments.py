"""The spiders' arguments (``-a``), checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from avito_scrapy.errors import UsageError

# A count or a number of seconds; what is more is a slip.
_MOST_DIGITS = 9
_FIRST_YEAR = 2007
"""Avito's first."""
SCRAPYD_ARGUMENTS = frozenset({"_job", "_version", "_project", "_spider"})


def _yes_no(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return value == "yes"
    raise ValueError("yes or no")


def _iso_date(value: Any) -> date:
    try:
        day = value if isinstance(value, date) else _day(value)
    except (TypeError, ValueError) as error:
        raise ValueError("a date as YYYY-MM-DD") from error
    if day.year < _FIRST_YEAR:
        raise ValueError(f"a date as YYYY-MM-DD, not before {_FIRST_YEAR}")
    if day > datetime.now(timezone.utc).date() + timedelta(days=1):
        raise ValueError("a date as YYYY-MM-DD that is not in the future")
    return day


def _day(text: str) -> date:
    # Not date.fromisoformat alone, which takes 20260101 and 2026-W01-1 too.
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError
    return day


def _count(minimum: int, wanted: str = "", word: str | None = None) -> BeforeValidator:
    """A whole number, ``word``, or none; ``wanted`` says what is allowed."""
    wanted = wanted or f"a whole number, {minimum} or more, of {_MOST_DIGITS} digits at most"

    def check(value: Any) -> Any:
        if value is None or value == word:
            return value
        text = str(value)
        is_number = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
        if is_number and int(text) >= minimum:
            return int(text)
        raise ValueError(wanted)

    return BeforeValidator(check)


def _some_path(value: Any) -> Any:
    if value == "":
        raise ValueError("a path, or left out")
    return value


GivenPath = Annotated[Path | None, BeforeValidator(_some_path)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]


class Arguments(BaseModel):
    """Base of the spiders' arguments: unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    limit: Annotated[int | None, _count(1)] = Field(None, description="stop after this many chats")


class ChatsArguments(Arguments):
    """Arguments of ``scrapy crawl chats``."""

    expected: Annotated[
        int | Literal["favorites"] | None, _count(0, "a number of chats, or favorites", "favorites")
    ] = Field(
        None, description="how many chats there must be: a number, or favorites (control figure)"
    )
    timeout: Annotated[int, _count(1)] = Field(1800, description="seconds for the whole scroll")
    pace: Literal["fast", "human"] = Field("human", description="fast or human")
    source: Literal["browser", "api"] = Field(
        "browser", description="browser or api: the messenger's page, or Avito's official chat list"
    )
    until: Literal["end", "known"] = Field(
        "end", description="end or known: read on only to where the earlier chats.jl still holds"
    )

    @model_validator(mode="after")
    def _api(self) -> ChatsArguments:
        if self.source == "api" and self.expected == "favorites":
            raise ValueError("expected=favorites is read with a browser: with source=api, a number")
        return self


class ResumesArguments(Arguments):
    """Arguments of ``scrapy crawl resumes``."""

    input: GivenPath = Field(None, description="chats.jl, a list of ids, or JSON with all_chat_ids")
    since: Annotated[date, BeforeValidator(_iso_date)] = Field(
        default_factory=lambda: datetime.now(timezone.utc).date() - timedelta(days=365),
        description="how far back to index applications, YYYY-MM-DD",
    )
    contacts: Literal["free", "none", "all"] = Field("free", description="free, none or all")
    budget: Annotated[int, _count(0)] = Field(0, description="how many contacts may be bought")
    messages: YesNo = Field(True, description="yes or no: read the messages for chat_status")
    refresh: YesNo = Field(False, description="yes or no: ask anew for what is known")
    stoplist: GivenPath = Field(None, description="a table of phones, or a folder of them")

    @model_validator(mode="after")
    def _money(self) -> ResumesArguments:
        if self.contacts == "all" and self.budget == 0:
            raise ValueError("contacts=all buys contacts: say how many with budget=N, 1 or more")
        if self.contacts != "all" and self.budget:
            raise ValueError("budget=N is for contacts=all only")
        return self


A = TypeVar("A", bound=Arguments)


def parse(model: type[A], given: Mapping[str, Any]) -> A:
    """Check ``given`` (what came after -a) against ``model``.

    Scrapyd's own (``SCRAPYD_ARGUMENTS``) are passed over.

    Raises:
        UsageError: one line that names the argument and what is allowed.
    """
    own = {name: value for name, value in given.items() if name not in SCRAPYD_ARGUMENTS}
    try:
        return model.model_validate(own)
    except ValidationError as error:
        raise UsageError(_one_line(model, error)) from None


def _one_line(model: type[Arguments], error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return f"argument {name}: not known; allowed: {', '.join(model.model_fields)}"
    wanted = first["msg"].removeprefix("Value error, ")
    if first["type"] == "literal_error":
        wanted = f"must be {model.model_fields[name].description}"
    elif name:
        wanted = f"must be {wanted}"
    return f"argument {name}: {wanted}" if name else wanted
