"""Two dashboards on one store, as on two machines: on a SQLite file and on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from avito_scrapy.accounts import claim
from avito_scrapy.dashboard.account import AccountPeople
from avito_scrapy.dashboard.edits import Edit, EditConflict
from avito_scrapy.dashboard.rows import CallRow
from avito_scrapy.items import ChatResume, Note
from avito_scrapy.store import open_store
from tests.integration.store.folder import config_for
from tests.integration.store.postgres import PASSWORD
from tests.integration.store.records import ACCOUNT, PHONE, new_run, record

Two = tuple[AccountPeople, AccountPeople]
ANNA = Edit(PHONE, "comment", None, "от Анны", "Анна", 1_800_000_000.0)


@pytest.fixture
def two(url: str, tmp_path: Path) -> Iterator[Two]:
    made = []
    for name in ("first", "second"):
        config = config_for(tmp_path / name, url)
        config.private_dir.mkdir(parents=True)
        claim(config.private_dir, ACCOUNT)
        made.append(AccountPeople(config))
    end_run(url, record(1), record(2))
    for people in made:
        people.refresh()
    yield made[0], made[1]
    for people in made:
        people.close()


def end_run(url: str, *found: ChatResume) -> None:
    """A run that finds these records."""
    with open_store(url) as store:
        run = new_run(store)
        for one in found:
            store.outcomes.put(run, one)
        store.runs.finish(run, "finished", {})


def row(people: AccountPeople) -> CallRow:
    return next(row for row in people.rows if row.note_key == PHONE)


def test_what_one_writes_the_other_shows_and_does_not_overwrite(two: Two) -> None:
    first, second = two
    assert first.edit(ANNA)
    with pytest.raises(EditConflict):
        second.edit(replace(ANNA, after="от Бориса", author="Борис"))
    second.refresh()
    assert (row(second).note.comment, row(second).note.author) == ("от Анны", "Анна")
    assert second.edit(replace(ANNA, field="outcome", after="Перезвонить", author="Борис"))
    first.refresh()
    assert (row(first).note.outcome, row(first).note.comment) == ("Перезвонить", "от Анны")
    assert [one.note.author for one in first.history(row(first))] == ["Анна", "Борис"]


def test_whom_one_takes_the_other_does_not_get(two: Two) -> None:
    first, second = two
    assert first.take(row(first), "Анна") == "Анна"
    assert second.take(row(second), "Борис") == "Анна"
    first.release(row(first))
    second.refresh()
    assert row(second).taken is None


def test_a_message_and_a_person_of_a_run_appear_on_both(two: Two, url: str) -> None:
    assert two[0].edit(ANNA)
    end_run(url, record(1, last_message="Я здесь", last_message_direction="in"), record(3))
    for people in two:
        people.refresh()
        assert row(people).person.last.last_message == "Я здесь"
        assert row(people).note.comment == "от Анны"
        assert {one.note_key for one in people.rows} >= {PHONE, "+79000000003"}
        assert people.data_at is not None


def test_notes_that_are_typed_while_a_server_is_down_are_in_the_store_later(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    server = request.getfixturevalue("postgres_server")
    config = config_for(tmp_path, server.new_database())
    config.private_dir.mkdir()
    claim(config.private_dir, ACCOUNT)
    end_run(config.store_url, record(1))
    people = AccountPeople(config)
    people.refresh()
    server.stop()
    try:
        assert not people.edit(ANNA)
        people.refresh()
        told = people.problem
        assert told is not None
        assert PASSWORD not in told
        assert row(people).note.comment == "от Анны"
    finally:
        server.start()
    people.refresh()
    people.close()
    assert (people.problem, people.unsaved) == (None, [])
    with open_store(config.store_url) as store:
        assert store.notes.get_all(ACCOUNT) == {PHONE: Note(None, "от Анны")}
