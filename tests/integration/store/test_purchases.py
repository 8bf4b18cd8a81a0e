from __future__ import annotations

from avito_scrapy.store import Purchase, Store
from tests.integration.store.records import ACCOUNT, new_run


def test_the_ledger(store: Store) -> None:
    run_id = new_run(store)
    first = store.purchases.intend(run_id, ACCOUNT, "1001", "u2i-a")
    second = store.purchases.intend(run_id, ACCOUNT, "1002", "u2i-b")
    third = store.purchases.intend(run_id, ACCOUNT, "1003", "u2i-c")
    store.purchases.settle(first, "bought")
    store.purchases.settle(third, "not_bought")
    open_one = Purchase(second, run_id, ACCOUNT, "1002", "u2i-b", "intended")
    assert store.purchases.all(ACCOUNT) == [
        Purchase(first, run_id, ACCOUNT, "1001", "u2i-a", "bought"),
        open_one,
        Purchase(third, run_id, ACCOUNT, "1003", "u2i-c", "not_bought"),
    ]
    assert store.purchases.intended(ACCOUNT) == [open_one]
    assert store.purchases.all(ACCOUNT + 1) == []


def test_what_a_killed_run_has_spent(store: Store) -> None:
    killed = new_run(store)
    numbers = [store.purchases.intend(killed, ACCOUNT, f"100{n}", f"u2i-{n}") for n in range(4)]
    store.purchases.settle(numbers[0], "bought")
    store.purchases.settle(numbers[1], "bought")
    store.purchases.settle(numbers[2], "not_bought")
    assert store.purchases.open_budget_spent(ACCOUNT) == 3, "two bought, one nobody knows of"
    assert store.purchases.open_budget_spent(ACCOUNT + 1) == 0

    going_on = new_run(store)
    store.purchases.settle(store.purchases.intend(going_on, ACCOUNT, "9", "u2i-9"), "bought")
    store.runs.finish(going_on, "timeout", {})
    assert store.purchases.open_budget_spent(ACCOUNT) == 4, "the two runs share one budget"


def test_a_finished_run_closes_its_budget(store: Store) -> None:
    run_id = new_run(store)
    store.purchases.settle(store.purchases.intend(run_id, ACCOUNT, "1", "u2i-1"), "bought")
    for spider, account in (("chats", ACCOUNT), ("resumes", ACCOUNT + 1)):
        store.runs.finish(new_run(store, spider, account), "finished", {})
    assert store.purchases.open_budget_spent(ACCOUNT) == 1, "another spider, another account"
    store.runs.finish(run_id, "finished", {})
    assert store.purchases.open_budget_spent(ACCOUNT) == 0
