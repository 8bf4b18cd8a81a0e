"""Which records a workbook is made of, on both kinds of store."""

from __future__ import annotations

from pathlib import Path

from avito_scrapy.store import Store
from avito_scrapy.store.record_source import records_of_folder
from tests.integration.store.folder import config_for, fill
from tests.integration.store.records import ACCOUNT, new_run, record


def test_a_killed_run_takes_nobody_away(store: Store, url: str, tmp_path: Path) -> None:
    config = config_for(tmp_path, url)
    fill(config, store, [record(number) for number in range(1, 6)])
    killed = new_run(store)
    store.outcomes.put(killed, record(2, title="fresh"))
    store.outcomes.put(killed, record(4, title="fresh"))
    source = records_of_folder(store, config.data_dir / "resumes.jl")
    assert source is not None
    assert (source.account_id, source.inputs) == (ACCOUNT, 5)
    titles = {one.position: one.title for one in source.records()}
    assert titles == {1: None, 2: "fresh", 3: None, 4: "fresh", 5: None}


def test_another_accounts_run_is_not_taken_for_ours(store: Store, url: str, tmp_path: Path) -> None:
    config = config_for(tmp_path, url)
    fill(config, store, [record(number) for number in (1, 2)])
    theirs = new_run(store, account=ACCOUNT + 1)
    store.outcomes.put(theirs, record(9))
    source = records_of_folder(store, config.data_dir / "resumes.jl")
    assert source is not None
    assert source.account_id == ACCOUNT
    assert [one.position for one in source.records()] == [1, 2]


def test_another_machines_runs_on_a_shared_store(store: Store, url: str, tmp_path: Path) -> None:
    """The file is older than they are; what only runs before them knew is not in the list now."""
    config = config_for(tmp_path, url)
    store.outcomes.put(new_run(store), record(9))
    fill(config, store, [record(number) for number in (1, 2)])
    theirs = new_run(store)
    for number in (1, 3):
        store.outcomes.put(theirs, record(number, title="fresh"))
    store.runs.finish(theirs, "finished", {})
    store.outcomes.put(new_run(store), record(4, title="fresh"))

    def titles(file: Path) -> dict[int | None, str | None]:
        source = records_of_folder(store, file, ACCOUNT, shared=True)
        assert source is not None
        found = {one.position: one.title for one in source.records()}
        assert source.inputs == max(len(found), 3)
        return found

    fresh = dict.fromkeys((3, 4), "fresh")
    assert titles(config.data_dir / "resumes.jl") == {1: "fresh", 2: None, **fresh}
    assert titles(tmp_path / "nowhere.jl") == {1: "fresh", **fresh}


def test_without_the_file_the_last_run(store: Store, tmp_path: Path) -> None:
    nowhere = tmp_path / "resumes.jl"
    assert records_of_folder(store, nowhere) is None
    run = new_run(store)
    assert records_of_folder(store, nowhere) is None
    store.outcomes.put(run, record(1))
    source = records_of_folder(store, nowhere)
    assert source is not None
    assert [one.position for one in source.records()] == [1]
