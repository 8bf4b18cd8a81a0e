"""The budget and the ledger, on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from avito_scrapy.avito.results import ContactsFacts, Failure, NotFound, Reply, ResumeFacts
from avito_scrapy.reasons import Reason
from avito_scrapy.resumes.contacts import ContactPurchases
from avito_scrapy.store import Store, open_store

ACCOUNT = 94235311
UNKNOWN = ResumeFacts("7")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


class FakePurchases:
    """Answers every question about contacts, and about the resume, with the same."""

    def __init__(self, store: Store, contacts: Reply, resume: Reply = UNKNOWN) -> None:
        self._store = store
        self._contacts = contacts
        self._resume = resume
        self.in_ledger: list[list[str]] = []

    async def contacts(self, resume_id: str) -> Reply:
        self.in_ledger.append(states(self._store))
        return self._contacts

    async def resume(self, resume_id: str, *, anew: bool = False) -> Reply:
        assert anew
        return self._resume

    def has_contacts(self, resume_id: str) -> bool:
        return False


LOST = Failure(Reason("silence", seconds="15"))


def refused(status: int) -> Failure:
    return Failure(Reason("status", status=status), status)


def new_run(store: Store, avito: FakePurchases, budget: int) -> tuple[ContactPurchases, int]:
    run_id = store.runs.start("resumes")
    store.runs.set_account(run_id, ACCOUNT, 1)
    purchases = ContactPurchases(store.purchases, avito, run_id, ACCOUNT, budget, lambda n: None)
    return purchases, run_id


def buy(purchases: ContactPurchases, resume_id: str = "7") -> Reply | None:
    return asyncio.run(purchases.buy(resume_id, "u2i-1"))


def states(store: Store) -> list[str]:
    return [one.state for one in store.purchases.all(ACCOUNT)]


def test_it_is_written_down_before(store: Store) -> None:
    avito = FakePurchases(store, ContactsFacts())
    purchases, _ = new_run(store, avito, 2)
    assert buy(purchases) == ContactsFacts()
    assert avito.in_ledger == [["intended"]]
    assert (states(store), purchases.left(), purchases.bought) == (["bought"], 1, 1)
    buy(purchases, "8")
    assert buy(purchases, "9") is None, "the budget is spent"
    assert len(avito.in_ledger) == 2


@pytest.mark.parametrize(
    ("reply", "left", "why"),
    [(refused(402), 0, "package"), (refused(403), 0, "verified"), (NotFound(), 2, None)],
)
def test_a_refusal_costs_nothing(store: Store, reply: Reply, left: int, why: str | None) -> None:
    purchases, _ = new_run(store, FakePurchases(store, reply), 2)
    assert buy(purchases) == reply
    assert (states(store), purchases.left(), purchases.bought) == (["not_bought"], left, 0)
    assert (purchases.closed is None) if why is None else (why in (purchases.closed or ""))


@pytest.mark.parametrize(
    ("resume", "state", "left"),
    [
        (ResumeFacts("7", is_purchased=True), "bought", 1),
        (ResumeFacts("7", is_purchased=False), "not_bought", 2),
        (ResumeFacts("7"), "intended", 1),
        (NotFound(), "intended", 1),
        (LOST, "intended", 1),
    ],
)
def test_a_lost_answer_is_settled_by_the_resume(
    store: Store, resume: Reply, state: str, left: int
) -> None:
    purchases, _ = new_run(store, FakePurchases(store, LOST, resume), 2)
    assert buy(purchases) == LOST
    assert (states(store), purchases.left()) == ([state], left)
    assert purchases.bought == int(state == "bought")


def test_a_killed_run_has_spent_of_the_budget(store: Store) -> None:
    killed, _ = new_run(store, FakePurchases(store, ContactsFacts()), 5)
    buy(killed, "1")
    lost, _ = new_run(store, FakePurchases(store, LOST, LOST), 5)
    buy(lost, "2")
    not_bought = FakePurchases(store, LOST, ResumeFacts("2", is_purchased=False))
    purchases, run_id = new_run(store, not_bought, 5)
    assert purchases.left() == 3
    asyncio.run(purchases.settle_unfinished())
    assert (purchases.left(), purchases.bought) == (4, 0)
    store.runs.finish(run_id, "finished", {})
    assert new_run(store, not_bought, 5)[0].left() == 5


def test_what_would_be_bought_is_said_before(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    purchases, _ = new_run(store, FakePurchases(store, ContactsFacts()), 5)
    buy(purchases, "1")
    purchases.announce(for_sale=3)
    assert (
        "3 could be bought; budget 5, spent of it by an unfinished run 1: buying 3" in caplog.text
    )


def test_a_run_that_is_told_to_end_intends_nothing_more(store: Store) -> None:
    avito = FakePurchases(store, ContactsFacts())
    run_id = store.runs.start("resumes")
    purchases = ContactPurchases(
        store.purchases, avito, run_id, ACCOUNT, 2, lambda n: None, closing=lambda: True
    )
    with pytest.raises(asyncio.CancelledError):
        buy(purchases)
    assert (states(store), avito.in_ledger) == ([], [])
