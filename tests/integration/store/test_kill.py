"""A process that is killed in the middle of its work: what it had finished is there."""

from __future__ import annotations

import signal

import pytest

from avito_scrapy.store import open_store
from tests.integration.store.processes import run
from tests.integration.store.records import ACCOUNT, record

_DIES = """
store = open_store(url)
run_id = new_run(store)
for number in range(1, {puts} + 1):
    store.outcomes.put(run_id, record(number))
store.purchases.settle(store.purchases.intend(run_id, ACCOUNT, "1001", "u2i-a"), "bought")
store.purchases.intend(run_id, ACCOUNT, "1002", "u2i-b")
with store.database.write() as connection:
    connection.exec_driver_sql("DELETE FROM avito_outcomes")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("puts", [1, 137])
def test_what_was_put_is_there(url: str, puts: int) -> None:
    dead = run(_DIES.format(puts=puts), url)
    assert (dead.returncode, dead.stderr) == (-signal.SIGKILL, "")
    with open_store(url) as store:
        killed = store.runs.last("resumes")
        assert killed is not None
        assert (killed.account_id, killed.reason, killed.finished_at) == (ACCOUNT, None, None)
        expected = [record(number) for number in range(1, puts + 1)]
        assert list(store.outcomes.of_run(killed.id)) == expected, "and nothing half done"
        assert store.purchases.open_budget_spent(ACCOUNT) == 2
        assert [p.resume_id for p in store.purchases.intended(ACCOUNT)] == ["1002"]
        going_on = store.runs.start("resumes")
        assert going_on > killed.id
