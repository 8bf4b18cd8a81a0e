"""The budget and the ledger, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.resumes.purchases import Purse
from avito_scrapy.store import Store, open_store

ACCOUNT = 94235311


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


def new_run(store: Store, budget: int) -> tuple[Purse, int]:
    run_id = store.runs.start("resumes")
    store.runs.set_account(run_id, ACCOUNT, 1)
    return Purse(store.purchases, run_id, ACCOUNT, budget), run_id


def states(store: Store) -> list[str]:
    return [one.state for one in store.purchases.all(ACCOUNT)]


def test_it_is_written_down_before(store: Store) -> None:
    purse, _ = new_run(store, 2)
    line = purse.intend("7", "u2i-1")
    assert states(store) == ["intended"]
    assert purse.left() == 1, "it counts while nobody knows"
    assert purse.take(line, ContactsFacts()) is True
    assert (states(store), purse.left(), purse.bought) == (["bought"], 1, 1)


@pytest.mark.parametrize(
    ("reply", "left", "why"),
    [
        (Failure("Avito answered 402", 402), 0, "package"),
        (Failure("Avito answered 403", 403), 0, "verified"),
        (NotFound(), 2, None),
    ],
)
def test_a_refusal_costs_nothing(store: Store, reply: Reply, left: int, why: str | None) -> None:
    purse, _ = new_run(store, 2)
    assert purse.take(purse.intend("7", "u2i-1"), reply) is True
    assert (states(store), purse.left(), purse.bought) == (["not_bought"], left, 0)
    assert (purse.closed is None) if why is None else (why in (purse.closed or ""))


@pytest.mark.parametrize(
    ("told", "state", "left"),
    [
        (ResumeFacts("7", is_purchased=True), "bought", 1),
        (ResumeFacts("7", is_purchased=False), "not_bought", 2),
        (ResumeFacts("7"), "intended", 1),
        (NotFound(), "intended", 1),
        (Failure("no answer"), "intended", 1),
    ],
)
def test_a_lost_answer_is_settled_by_the_resume(
    store: Store, told: Reply, state: str, left: int
) -> None:
    purse, _ = new_run(store, 2)
    assert purse.take(purse.intend("7", "u2i-1"), Failure("no answer within 15 s")) is False
    assert purse.settle(told, "7") == (state != "intended")
    assert (states(store), purse.left(), purse.bought) == ([state], left, int(state == "bought"))


def test_a_killed_run_has_spent_of_the_budget(store: Store) -> None:
    killed, _ = new_run(store, 5)
    killed.take(killed.intend("1", "u2i-1"), ContactsFacts())
    killed.intend("2", "u2i-2")
    purse, run_id = new_run(store, 5)
    assert purse.unsettled() == ["2"]
    assert purse.left() == 3
    purse.settle(ResumeFacts("2", is_purchased=False), "2")
    assert (purse.left(), purse.bought) == (4, 0)
    store.runs.finish(run_id, "finished", {})
    assert new_run(store, 5)[0].left() == 5


def test_what_would_be_bought_is_said_before(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    purse, _ = new_run(store, 5)
    purse.take(purse.intend("1", "u2i-1"), ContactsFacts())
    purse.announce(for_sale=3)
    assert (
        "3 could be bought; budget 5, spent of it by an unfinished run 1: buying 3" in caplog.text
    )
