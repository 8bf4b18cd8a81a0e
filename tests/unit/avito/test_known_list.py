"""Where a list that is read from its top is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone

import pytest

from avito_scrapy.avito.chat_list import KnownEntry, KnownList, KnownMessage
from avito_scrapy.items import Chat

NOW = 1_790_000_000.25
KNOWN = {f"u2i-{number}": KnownMessage.of(NOW - number, f"text {number}") for number in range(100)}


def entry(number: int, **changed: object) -> KnownEntry:
    values = {"place": NOW - number, "last": KNOWN[f"u2i-{number}"], **changed}
    return KnownEntry(f"u2i-{number}", **values)  # type: ignore[arg-type]


def page(first: int, size: int = 10) -> list[KnownEntry]:
    return [entry(number) for number in range(first, first + size)]


def read(*pages: Sequence[KnownEntry], complete_to: float = NOW) -> KnownList:
    known = KnownList(KNOWN, complete_to)
    below = None
    for entries in pages:
        known.add_page(entries, below)
        below = entries[-1].place
    return known


def test_two_pages_in_a_row_are_enough_and_one_is_not() -> None:
    assert not read(page(0)).reached
    assert read(page(0), page(10)).reached


def test_a_new_or_changed_chat_begins_the_count_anew() -> None:
    new = [KnownEntry("u2i-new", NOW + 5, KnownMessage.of(NOW + 5, "x")), *page(0)]
    assert not read(new, page(10)).reached
    assert read(new, page(10), page(20)).reached
    written = [entry(99, place=NOW + 1, last=KnownMessage.of(NOW + 1, "new")), *page(0)]
    assert not read(written, page(10)).reached
    edited = [*page(10, 9), entry(19, last=KnownMessage.of(NOW - 19, "other"))]
    assert not read(page(0), edited, page(20)).reached


@pytest.mark.parametrize(
    "odd",
    [
        [*page(12, 3), *page(10, 2)],
        [entry(10, place=None), *page(11, 9)],
        # stands where it was, though its last message is newer
        [*page(10, 9), entry(19, last=KnownMessage.of(NOW + 60, "new"))],
    ],
)
def test_an_order_that_does_not_hold_ends_the_trust(odd: list[KnownEntry]) -> None:
    known = read(page(0), odd, page(20), page(30), page(40))
    assert (known.ordered, known.reached) == (False, False)


def test_a_page_that_stands_above_the_one_before_is_out_of_order() -> None:
    known = KnownList(KNOWN, NOW)
    known.add_page(page(10), None)
    known.add_page(page(5), NOW - 19)
    assert not known.ordered


def test_a_gap_that_was_not_read_is_not_known() -> None:
    known = KnownList(KNOWN, NOW)
    known.add_page(page(0), None)
    known.add_page(page(20), NOW - 19.5)
    assert not known.reached
    known.add_page(page(30), NOW - 29)
    assert known.reached


def test_a_second_look_at_the_top_is_no_second_page() -> None:
    known = KnownList(KNOWN, NOW)
    known.add_page(page(0), None)
    known.add_page(page(0), None)
    assert not known.reached
    known.add_page(page(0), NOW + 5)  # asked again for what was read
    assert not known.reached


def test_what_came_after_the_last_look_at_every_kind_of_chat_is_not_known() -> None:
    assert not read(page(0), page(10), complete_to=NOW - 12).reached
    assert read(page(0), page(10), page(20), page(30), complete_to=NOW - 12).reached


def test_an_empty_page_and_no_page_prove_nothing() -> None:
    known = KnownList(KNOWN, NOW)
    known.add_page([], None)
    known.add_page([], None)
    assert not known.reached


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((NOW, "x"), (NOW, "x"), True),
        ((NOW, "x"), (NOW, None), True),
        ((NOW, "x"), (NOW, "y"), False),
        ((NOW, "x"), (float(int(NOW)), "x"), True),
        ((NOW, "x"), (NOW + 0.2, "x"), False),
        ((NOW, "x"), (None, "x"), False),
        ((None, None), (None, None), True),
        ((None, "x"), (None, "x"), False),
    ],
)
def test_the_same_message(
    one: tuple[float | None, str | None], other: tuple[float | None, str | None], same: bool
) -> None:
    assert KnownMessage.of(*one).same_as(KnownMessage.of(*other)) is same
    assert KnownMessage.of(*other).same_as(KnownMessage.of(*one)) is same


def test_the_key_of_a_line() -> None:
    at = datetime.fromtimestamp(NOW, timezone.utc).isoformat(timespec="milliseconds")
    chat = Chat("u2i-1", last_message="text 1", last_message_at=at)
    assert KnownMessage.of_chat(chat).same_as(KnownMessage.of(NOW, "text 1"))
