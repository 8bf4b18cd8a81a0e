"""People and notes of one account, on a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pytest

from avito_scrapy.dashboard import account
from avito_scrapy.dashboard.account import RERANK_S, AccountPeople
from avito_scrapy.dashboard.edits import Edit, EditConflict
from avito_scrapy.dashboard.rows import Filters
from avito_scrapy.erasure import Selection, forget
from avito_scrapy.items import Note
from avito_scrapy.store import open_store
from tests.integration.store.folder import call_sheet, comment, config_for, fill
from tests.integration.store.records import ACCOUNT, new_run, record

ANNA = Edit("+79000000001", "comment", None, "от Анны", "Анна", 1_800_000_000.0)


@pytest.fixture
def people(tmp_path: Path) -> Iterator[AccountPeople]:
    config = config_for(tmp_path, "sqlite:///.avito/store.db")
    with open_store(config.store_url) as store:
        fill(config, store, [record(1), record(2)])
    people = AccountPeople(config)
    people.refresh()
    yield people
    people.close()


def stored(people: AccountPeople) -> Note | None:
    with open_store(people.config.store_url) as store:
        return store.notes.get_all(ACCOUNT).get("+79000000001")


def test_a_note_is_in_the_store_and_in_the_next_workbook(people: AccountPeople) -> None:
    from avito_scrapy.report.replace import draft_of, put_in_place, renew
    from avito_scrapy.store.record_source import records_of_folder
    from avito_scrapy.workbook import options_for

    assert people.edit(ANNA)
    config, target = people.config, people.config.data_dir / "resumes.xlsx"
    with open_store(config.store_url) as store:
        source = records_of_folder(store, config.data_dir / "resumes.jl", ACCOUNT)
        assert source is not None
        options = options_for(config, None)
        done = renew(store, source, options, replaces=target, draft=draft_of(target))
        put_in_place(done.path, target, options.now)
        [version] = store.notes.history(ACCOUNT, ANNA.key)
    assert {row["Комментарий"] for row in call_sheet(target)} == {"от Анны", None}
    assert (version.note.author, version.source) == ("Анна", "dashboard")


def test_a_note_of_the_workbook_is_on_the_page_after_the_next_report(
    people: AccountPeople,
) -> None:
    from avito_scrapy.report.replace import take_notes
    from avito_scrapy.store.record_source import records_of_folder

    config, target = people.config, people.config.data_dir / "resumes.xlsx"
    comment(target, "+79000000002", "из книги")
    with open_store(config.store_url) as store:
        take_notes(store, records_of_folder(store, config.data_dir / "resumes.jl", ACCOUNT), target)
    people.refresh()
    assert "из книги" in {row.note.comment for row in people.rows}


def test_stop_lists_that_are_not_read_are_said(people: AccountPeople) -> None:
    path = people.config.private_dir / "report.json"
    for content, told in (
        (json.dumps({"stoplist": str(path.with_name("gone.xlsx"))}), "gone.xlsx"),
        ("damaged", "does not tell the stop lists"),
    ):
        path.write_text(content)
        shown = AccountPeople(people.config)
        shown.refresh()
        assert shown.warning is not None
        assert told in shown.warning
        assert shown.problem is None
        shown.close()


def test_the_same_cell_is_told_and_other_cells_are_put_together(people: AccountPeople) -> None:
    assert people.edit(ANNA)
    with pytest.raises(EditConflict) as told:
        people.edit(replace(ANNA, after="от Бориса", author="Борис"))
    assert told.value.current.comment == "от Анны"
    assert told.value.current.author == "Анна"
    assert people.edit(replace(ANNA, field="outcome", after="Перезвонить", author="Борис"))
    assert stored(people) == Note("Перезвонить", "от Анны")


def test_an_outcome_takes_the_person_off_the_list_and_undo_puts_them_back(
    people: AccountPeople,
) -> None:
    at = people.now().timestamp()
    given = Edit(ANNA.key, "outcome", None, "Приглашён", None, at)
    assert people.edit(given)
    assert [row.place is None for row in people.rows] == [False, True]
    assert people.edit(replace(given, before="Приглашён", after=None))
    assert [row.place is None for row in people.rows] == [False, False]
    assert stored(people) is None


def test_a_store_that_goes_away_is_said_and_notes_are_written_when_it_is_back(
    people: AccountPeople, tmp_path: Path
) -> None:
    store, away = tmp_path / ".avito" / "store.db", tmp_path / "away"
    away.mkdir()
    for path in (tmp_path / ".avito").glob("store.db*"):
        path.rename(away / path.name)
    people.refresh()
    assert people.problem is not None
    assert not people.edit(ANNA)
    assert not store.exists(), "a new one would hide that the old is missing"
    [shown] = [row for row in people.rows if row.note_key == ANNA.key]
    assert (shown.note.comment, shown.note.author) == ("от Анны", "Анна")
    assert not people.edit(replace(ANNA, before="от Анны", after="и ещё")), "as it was shown"
    assert not people.edit(replace(ANNA, before="и ещё"))
    kept = tmp_path / ".avito" / "dashboard-notes.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    later = AccountPeople(people.config)  # the process was ended meanwhile
    assert [edit.after for edit in later.unsaved] == ["от Анны", "и ещё", "от Анны"]
    for path in away.iterdir():
        path.rename(tmp_path / ".avito" / path.name)
    later.refresh()
    later.close()
    assert (later.problem, later.unsaved) == (None, [])
    assert not kept.exists()
    assert stored(people) == Note(None, "от Анны")


def test_what_two_wrote_while_the_store_was_away_is_kept_side_by_side(
    people: AccountPeople,
) -> None:
    people.problem = "away"
    people.edit(replace(ANNA, after="от Бориса", author="Борис"))
    with open_store(people.config.store_url) as store:
        store.notes.put(ACCOUNT, ANNA.key, Note(None, "от Анны"), expected=None, author="Анна")
    people.refresh()
    assert stored(people) == Note(None, "от Анны / от Бориса")


def test_people_of_a_run_appear_when_it_has_ended(people: AccountPeople) -> None:
    before = people.version
    with open_store(people.config.store_url) as store:
        run = new_run(store)
        store.outcomes.put(run, record(1, last_message="Я здесь", last_message_direction="in"))
        store.runs.finish(run, "finished", {})
    people.refresh()
    assert people.version > before
    [row] = [row for row in people.rows if row.note_key == ANNA.key]
    assert row.person.last.last_message == "Я здесь"
    assert people.data_at is not None


def test_who_is_taken_stays_taken_for_others(people: AccountPeople) -> None:
    row = people.rows[0]
    assert people.take(row, "Анна") == "Анна"
    assert people.take(row, "Борис") == "Анна"
    assert people.rows[0].taken is not None
    people.release(people.rows[0])
    assert people.rows[0].taken is None


def test_the_list_is_ranked_anew_though_the_clock_was_set_back(
    people: AccountPeople, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, an_hour_ago = people.rows, people.now() - timedelta(hours=1)
    monkeypatch.setattr(people, "now", lambda: an_hour_ago)
    people.refresh()
    assert people.rows is before, "it is not due"
    later = SimpleNamespace(monotonic=lambda: monotonic() + RERANK_S + 1)
    monkeypatch.setattr(account, "time", later)
    people.refresh()
    assert people.rows is not before


def test_before_the_first_run_nothing_is_called_missing(tmp_path: Path) -> None:
    config = config_for(tmp_path / "new", "sqlite:///.avito/store.db")
    fresh = AccountPeople(config)
    fresh.refresh()
    assert (fresh.is_empty, fresh.problem) == (True, None)
    assert not config.data_dir.exists()
    config.private_dir.mkdir(parents=True)
    with open_store(config.store_url) as store:
        run = new_run(store)
        fresh.refresh()
        assert (fresh.is_empty, fresh.problem) == (True, None)
        store.outcomes.put(run, record(1))
        store.runs.finish(run, "finished", {})
    fresh.refresh()
    fresh.close()
    assert not fresh.is_empty
    assert len(fresh.rows) == 1


def test_a_store_that_is_missing_beside_its_files_is_no_fresh_account(
    people: AccountPeople, tmp_path: Path
) -> None:
    for path in (tmp_path / ".avito").glob("store.db*"):
        path.unlink()
    later = AccountPeople(people.config)
    later.refresh()
    assert later.problem is not None
    assert not later.is_empty


def test_who_is_forgotten_leaves_the_pages_at_once(people: AccountPeople) -> None:
    with open_store(people.config.store_url) as store:
        store.runs.finish(1, "finished", {})
        people.refresh()
        assert len(people.rows) == 2
        forget(people.config, store, Selection.parse(None, None, "+79000000002"))
    people.refresh()
    assert [row.note_key for row in people.rows] == ["+79000000001"]


def test_the_week_of_our_first_answer_is_known(people: AccountPeople) -> None:
    monday = date(2026, 2, 23)
    assert [row.answered for row in people.rows] == [{monday}] * 2
    assert len(people.matching(Filters(everybody=True, week=monday))) == 2
    assert not people.matching(Filters(everybody=True, week=date(2026, 3, 2)))


def test_who_is_let_go_elsewhere_before_the_next_look_is_free(people: AccountPeople) -> None:
    store = open_store(people.config.store_url)
    store.taken.take(ACCOUNT, ANNA.key, "Анна")
    assert people.take(people.rows[0], "Борис") == "Анна"
    store.taken.release(ACCOUNT, ANNA.key)
    store.close()
    people.refresh()
    assert [row.taken for row in people.rows] == [None, None]
