from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Literal, cast, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import update

from avito_scrapy.items import ChatResume
from avito_scrapy.reasons import Reason
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.schema import outcomes
from tests.integration.store.records import ACCOUNT, new_run, record


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    given = record(
        1, age=31, salary=90_000_000_000, is_purchased=True, user_id=2**53, reason=None, moving=""
    )
    store.outcomes.put(new_run(store), given)
    assert store.outcomes.get(ACCOUNT, given.chat_id) == given


def _value(kind: object) -> object:
    """Some value of an annotated kind."""
    if kind is Reason:
        return Reason("tries", cause=Reason("silence", seconds=5), tries=3)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if kind in (str, int, bool):
        return {str: "text", int: 7, bool: True}[cast(type, kind)]
    if get_origin(kind) is list:
        return [_value(get_args(kind)[0])]
    if get_origin(kind) is tuple:
        return tuple(_value(part) for part in get_args(kind))
    return _value(get_args(kind)[0])


def test_every_field_is_kept(store: Store) -> None:
    kinds = get_type_hints(ChatResume)
    given = ChatResume(**{f.name: _value(kinds[f.name]) for f in fields(ChatResume)})  # type: ignore[arg-type]
    store.outcomes.put(new_run(store), given)
    assert store.outcomes.get(ACCOUNT, given.chat_id) == given


def spoil(store: Store, chat_id: str, text: str = '{"chat_id": 5') -> None:
    """Make what is stored of a chat unreadable."""
    with store.database.write() as connection:
        connection.execute(
            update(outcomes).where(outcomes.c.chat_id == chat_id).values(record=text)
        )


def test_an_unreadable_record_is_named_and_the_others_come(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = new_run(store)
    for number in (1, 2, 3):
        store.outcomes.put(run_id, record(number))
    bad = record(2).chat_id
    assert store.outcomes.unreadable() == 0
    spoil(store, bad)
    assert store.outcomes.unreadable() == 1
    assert store.outcomes.get(ACCOUNT, bad) is None
    first, second, third = store.outcomes.of_run(run_id)
    assert (first, third) == (record(1), record(3))
    assert (second.chat_id, second.outcome) == (bad, "failed")
    assert "cannot be read" in str(second.reason)
    assert [bad in line for line in caplog.messages] == [True, True]


def test_a_position_beyond_the_column_costs_no_record(store: Store) -> None:
    run_id = new_run(store)
    store.outcomes.put(run_id, record(1, position=10**9 * 5))
    [kept] = store.outcomes.of_run(run_id)
    assert kept.position == 10**9 * 5


def test_what_is_not_there(store: Store) -> None:
    store.outcomes.put(new_run(store), record(1))
    assert store.outcomes.get(ACCOUNT, "u2i-other") is None
    assert store.outcomes.get(ACCOUNT + 1, record(1).chat_id) is None


def test_it_is_there_after_opening_again(url: str) -> None:
    with open_store(url) as first:
        run_id = new_run(first)
        first.outcomes.put(run_id, record(1))
    with open_store(url) as second:
        assert second.outcomes.get(ACCOUNT, record(1).chat_id) == record(1)
        second.outcomes.put(run_id, record(2))
        assert list(second.outcomes.of_run(run_id)) == [record(1), record(2)]


def test_a_chat_stands_once_for_an_account(store: Store) -> None:
    run_id = new_run(store)
    newer = record(1, outcome="resume_removed", phone=None)
    store.outcomes.put(run_id, record(1))
    store.outcomes.put(run_id, newer)
    assert list(store.outcomes.of_run(run_id)) == [newer]
    assert store.outcomes.get(ACCOUNT, newer.chat_id) == newer


def test_accounts_do_not_mix(store: Store) -> None:
    mine, theirs = new_run(store), new_run(store, account=ACCOUNT + 1)
    store.outcomes.put(mine, record(1))
    store.outcomes.put(theirs, record(1, full_name="Другой"))
    assert list(store.outcomes.of_run(mine)) == [record(1)]
    assert list(store.outcomes.of_run(theirs)) == [record(1, full_name="Другой")]


def test_a_run_is_read_by_position(store: Store) -> None:
    run_id = new_run(store)
    numbers = [7, 3, 1200, 1]
    for number in numbers:
        store.outcomes.put(run_id, record(number))
    without = record(5, position=None)
    store.outcomes.put(run_id, without)
    read = list(store.outcomes.of_run(run_id))
    assert read == [*(record(n) for n in sorted(numbers)), without]


def test_what_comes_from_the_store_belongs_to_the_new_run(store: Store) -> None:
    old, new = new_run(store), new_run(store)
    for number in (1, 2):
        store.outcomes.put(old, record(number))
    known = store.outcomes.get(ACCOUNT, record(1).chat_id)
    assert known is not None
    again = replace(known, from_store=True, position=9)
    store.outcomes.put(new, again)
    assert list(store.outcomes.of_run(new)) == [again]
    assert list(store.outcomes.of_run(old)) == [record(2)]


@pytest.mark.parametrize("text", ["нуль\0внутри", "половина \ud83d пары", "🙂", "'; DROP TABLE x"])
def test_text_that_databases_refuse(store: Store, text: str) -> None:
    given = record(1, resume_id=text, last_message=text, full_name=text)
    run_id = new_run(store)
    store.outcomes.put(run_id, given)
    assert list(store.outcomes.of_run(run_id)) == [given]


def test_many_are_read_while_others_are_written(store: Store) -> None:
    run_id, other = new_run(store), new_run(store)
    for number in range(1, 1201):
        store.outcomes.put(run_id, record(number))
    reading: Iterator[ChatResume] = store.outcomes.of_run(run_id)
    seen = [next(reading)]
    store.outcomes.put(other, record(1200))
    seen.extend(reading)
    assert [r.position for r in seen] == list(range(1, 1201)), "one state of the store"
    assert len(list(store.outcomes.of_run(run_id))) == 1199


def test_a_run_without_account_cannot_put(store: Store) -> None:
    run_id = store.runs.start("resumes")
    with pytest.raises(LookupError, match="set_account comes first"):
        store.outcomes.put(run_id, record(1))


def test_a_field_of_another_version_is_passed_over(store: Store) -> None:
    run_id = new_run(store)
    store.outcomes.put(run_id, record(1))
    with store.database.write() as connection:
        connection.execute(update(outcomes).values(record='{"chat_id": "u2i-x", "later": [1]}'))
    assert list(store.outcomes.of_run(run_id)) == [ChatResume("u2i-x")]
