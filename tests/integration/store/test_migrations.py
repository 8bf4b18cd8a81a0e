from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from avito_scrapy.files import private_file
from avito_scrapy.items import Note
from avito_scrapy.store import Store, StoredToken, StoreProblem, open_store
from avito_scrapy.store.database import Database, parse_url
from avito_scrapy.store.migrations import VERSION_TABLE, known_versions, migrate
from avito_scrapy.store.schema import metadata
from tests.integration.store.records import ACCOUNT, new_run, put_notes, record

VERSIONS = list(known_versions())


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        from pathlib import Path

        private_file(Path(str(parsed.database)))
    database = Database(parsed)
    yield database
    database.close()


def version(database: Database) -> str:
    with database.read() as connection:
        return str(
            connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar_one()
        )


def test_migrations_lead_to_the_tables_of_the_code(store: Store) -> None:
    assert version(store.database) == VERSIONS[-1]
    with store.database.write() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, metadata) == []


def test_data_of_the_first_version_is_kept(empty: Database, url: str) -> None:
    migrate(empty, "0001")
    assert version(empty) == "0001"
    early = Store(empty)
    run_id = new_run(early)
    early.outcomes.put(run_id, record(1))
    early.tokens.put("key", StoredToken("value", 1))
    early.purchases.intend(run_id, ACCOUNT, "1001", "u2i-a")
    with pytest.raises(StoreProblem):
        early.notes.get_all(ACCOUNT)
    with open_store(url) as now:
        assert version(now.database) == VERSIONS[-1]
        assert list(now.outcomes.of_run(run_id)) == [record(1)]
        assert now.tokens.get("key") == StoredToken("value", 1)
        assert now.purchases.open_budget_spent(ACCOUNT) == 1
        put_notes(now, ACCOUNT, {"a": Note("x")})
        assert now.notes.get_all(ACCOUNT) == {"a": Note("x")}


def test_a_note_of_before_begins_its_history(empty: Database, url: str) -> None:
    migrate(empty, "0003")
    with empty.write() as connection:
        connection.execute(
            text("INSERT INTO avito_notes VALUES (:a, 'key', 'Отказ', NULL, NULL, 7.5)"),
            {"a": ACCOUNT},
        )
    with open_store(url) as now:
        assert now.notes.get_all(ACCOUNT)["key"] == Note("Отказ")
        [first] = now.notes.history(ACCOUNT, "key")
        assert (first.note, first.note.made_at) == (Note("Отказ"), 7.5)


def test_each_version_follows_the_one_before(empty: Database) -> None:
    for number in VERSIONS:
        migrate(empty, number)
        assert version(empty) == number


def test_a_newer_store_is_left_alone(url: str) -> None:
    with open_store(url) as store, store.database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreProblem, match=r"newer version of this program \(9999; .*update it"):
        open_store(url)


def test_a_migration_that_fails_leaves_nothing_half_done(empty: Database) -> None:
    with empty.write() as connection:
        connection.execute(text("CREATE TABLE avito_purchases (id INTEGER)"))
    with pytest.raises(StoreProblem):
        migrate(empty)
    with empty.write() as connection:
        connection.execute(text("DROP TABLE avito_purchases"))
    migrate(empty)
    assert version(empty) == VERSIONS[-1]


def test_two_that_open_a_new_store_at_once(url: str) -> None:
    gate, failures = threading.Barrier(2), []

    def opens() -> None:
        gate.wait()
        try:
            open_store(url).close()
        except StoreProblem as problem:
            failures.append(str(problem))

    both = [threading.Thread(target=opens) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert failures == []
    with open_store(url) as store:
        assert version(store.database) == VERSIONS[-1]
