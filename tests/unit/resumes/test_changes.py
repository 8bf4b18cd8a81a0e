"""What the API's list says of stored chats, and what it does not say."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from datetime import datetime, timezone

import pytest

from avito_scrapy.avito.chat_list import ListedChat
from avito_scrapy.avito.results import ChatFacts, Failure
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.reuse import CLOCKS, Changes, lowest, read_changes, since

START = 1_790_000_000
DOWN = Failure(Reason("silence", seconds=15))


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat()


def listed(number: int, at: int | None = None, place: float | None = None) -> ListedChat:
    moment = START - number if at is None else at
    facts = ChatFacts(last_message="text", last_message_at=iso(moment), last_message_direction="in")
    return ListedChat(f"u2i-{number}", float(moment) if place is None else place, facts)


def stored(number: int, at: float | None = None) -> ChatResume:
    moment = START - number if at is None else at
    return ChatResume(f"u2i-{number}", last_message="text", last_message_at=iso(moment))


class ChangesAvito:
    def __init__(self, chats: Sequence[ListedChat], fails_at: int | None = None) -> None:
        self.there, self.fails_at, self.requests = chats, fails_at, 0

    async def chats(
        self, offset: int = 0, *, types: Sequence[str] = ()
    ) -> list[ListedChat] | Failure:
        assert offset <= 1000
        self.requests += 1
        if offset == self.fails_at:
            return DOWN
        return list(self.there[offset : offset + 100])


def changes(avito: ChangesAvito, needed: float = -math.inf) -> Changes:
    return asyncio.run(read_changes(avito, needed))


MANY = [listed(number) for number in range(3000)]


def test_at_most_eleven_requests_and_no_more_than_needed() -> None:
    avito = ChangesAvito(MANY)
    found = changes(avito)
    assert (avito.requests, len(found.listed), found.newest) == (11, 1100, START)
    avito = ChangesAvito(MANY)
    changes(avito, START - 150.5)
    assert avito.requests == 2


def test_what_is_below_the_newest_has_not_changed_since() -> None:
    found = changes(ChangesAvito(MANY))
    oldest = START - 1099
    assert found.unchanged(stored(2000), oldest + 1) is True
    # fetched before that: it may have had a message in between
    assert found.unchanged(stored(2000), oldest) is None
    assert found.unchanged(stored(2000), -math.inf) is None
    # not of a kind that is listed
    assert found.unchanged(ChatResume("a2u-1-2"), START) is None


def test_what_is_listed_is_compared_by_avitos_clock_alone() -> None:
    found = changes(ChangesAvito([listed(1, at=START + 60), *MANY[2:50]]))
    assert found.unchanged(stored(1), math.inf) is False
    assert found.unchanged(stored(2), -math.inf) is True
    # Not listed is not deleted.
    assert found.unchanged(stored(9999), 0) is True


@pytest.mark.parametrize("wrong", [-3600, 3600])
def test_a_clock_that_is_wrong_by_an_hour(wrong: float) -> None:
    found = changes(ChangesAvito(MANY))
    oldest = START - 1099
    # A message came just after the chat was fetched, half an hour before the oldest of the newest.
    fetched_by_this_clock = oldest - 1800 + wrong
    assert found.unchanged(stored(2000), since(fetched_by_this_clock, None)) is not True
    assert found.unchanged(stored(2000), since(oldest + CLOCKS + 1, None)) is True


def test_a_page_that_cannot_be_had_leaves_what_was_read() -> None:
    found = changes(ChangesAvito(MANY, fails_at=200))
    assert (len(found.listed), found.read_to) == (200, START - 199)
    assert found.unchanged(stored(2000), START - 150) is True
    assert found.unchanged(stored(2000), START - 250) is None
    assert changes(ChangesAvito(MANY, fails_at=0)).unchanged(stored(3), math.inf) is None


@pytest.mark.parametrize(
    "odd", [listed(7, at=START + 5), listed(7, place=START - 500.0), listed(7, place=0.0)]
)
def test_a_list_out_of_order_says_nothing_of_what_it_does_not_show(odd: ListedChat) -> None:
    found = changes(ChangesAvito([*MANY[:7], odd, *MANY[8:100]]))
    assert found.unchanged(stored(2000), START) is None
    assert found.newest is None
    assert found.unchanged(stored(3), -math.inf) is True


def test_an_older_input_is_brought_up_to_date() -> None:
    found = changes(ChangesAvito([listed(1, at=START + 60)]))
    old = Chat("u2i-1", last_message="old", last_message_at=iso(START), user_name="name")
    for chat in (old, Chat("u2i-1", user_name="name")):
        line = found.updated(chat)
        assert (line.last_message, line.user_name) == ("text", "name")
        assert line.last_message_at == iso(START + 60)
    newer = Chat("u2i-1", last_message="newer", last_message_at=iso(START + 90))
    assert found.updated(newer) == newer
    exact = Chat("u2i-1", last_message="text", last_message_at=iso(START + 60.25))
    assert found.updated(exact) == exact
    assert found.updated(Chat("u2i-2")) == Chat("u2i-2")


def test_since_when_a_chat_is_known() -> None:
    assert since(None, None) == -math.inf
    assert since(START, None) == START - CLOCKS
    assert since(START, START - 60) == START - 60
    assert lowest([-math.inf, 5.0, 7.0]) == 5.0
    assert lowest([]) == -math.inf
