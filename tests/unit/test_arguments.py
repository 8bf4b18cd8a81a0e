from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from avito_scrapy.arguments import Arguments, ChatsArguments, ResumesArguments, parse
from avito_scrapy.errors import UsageError


def test_defaults() -> None:
    chats = parse(ChatsArguments, {})
    assert (chats.expected, chats.limit, chats.timeout, chats.pace) == (None, None, 1800, "human")
    before = datetime.now(timezone.utc).date()
    resumes = parse(ResumesArguments, {})
    after = datetime.now(timezone.utc).date()
    assert resumes.since + timedelta(days=365) in (before, after)
    assert (resumes.contacts, resumes.budget, resumes.messages) == ("free", 0, True)
    assert (resumes.refresh, resumes.input, resumes.stoplist) == (False, None, None)


def test_values_from_the_command_line() -> None:
    chats = parse(ChatsArguments, {"expected": "favorites", "limit": "5", "pace": "fast"})
    assert (chats.expected, chats.limit, chats.pace) == ("favorites", 5, "fast")
    assert parse(ChatsArguments, {"expected": "2655"}).expected == 2655
    resumes = parse(
        ResumesArguments,
        {
            "input": "a.jl",
            "since": "2026-01-31",
            "contacts": "all",
            "budget": "5",
            "messages": "no",
            "refresh": "yes",
            "_job": "0123",
            "_version": "7",
        },
    )
    assert resumes.since == date(2026, 1, 31)
    assert resumes.input == Path("a.jl")
    assert (resumes.budget, resumes.messages, resumes.refresh) == (5, False, True)


@pytest.mark.parametrize(
    ("model", "given", "names", "allows"),
    [
        (ChatsArguments, {"pase": "fast"}, "pase", "expected, timeout, pace"),
        (ChatsArguments, {"pace": "slow"}, "pace", "fast or human"),
        (ChatsArguments, {"expected": "many"}, "expected", "favorites"),
        (ChatsArguments, {"expected": "-3"}, "expected", "number"),
        (ChatsArguments, {"limit": "0"}, "limit", "1 or more"),
        (ChatsArguments, {"limit": "2.5"}, "limit", "whole number"),
        (ChatsArguments, {"timeout": ""}, "timeout", "1 or more"),
        (ResumesArguments, {"since": "01.02.2026"}, "since", "YYYY-MM-DD"),
        (ResumesArguments, {"since": "2999-01-01"}, "since", "not in the future"),
        (ResumesArguments, {"contacts": "some"}, "contacts", "free, none or all"),
        (ResumesArguments, {"budget": "-1"}, "budget", "0 or more"),
        (ResumesArguments, {"contacts": "all"}, "contacts=all", "budget=N"),
        (ResumesArguments, {"budget": "5"}, "budget=N", "contacts=all"),
        (ResumesArguments, {"messages": "maybe"}, "messages", "yes or no"),
        (ResumesArguments, {"refresh": "1"}, "refresh", "yes or no"),
        (ChatsArguments, {"timeout": "9" * 400}, "timeout", "9 digits"),
        (ChatsArguments, {"expected": "9" * 5000}, "expected", "number"),
        (ResumesArguments, {"budget": "9" * 400, "contacts": "all"}, "budget", "9 digits"),
        # Scrapy would set it on the spider, in place of a method.
        (ChatsArguments, {"_count": "1"}, "_count", "expected, timeout, pace"),
        (ResumesArguments, {"__init__": "1"}, "__init__", "stoplist"),
        (ResumesArguments, {"timeout": "5"}, "timeout", "stoplist"),
    ],
)
def test_a_wrong_one_is_one_line_with_what_is_allowed(
    model: type[Arguments], given: dict[str, str], names: str, allows: str
) -> None:
    with pytest.raises(UsageError) as caught:
        parse(model, given)
    text = str(caught.value)
    assert names in text
    assert allows in text
    assert "\n" not in text
