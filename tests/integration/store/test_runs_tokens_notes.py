from __future__ import annotations

from datetime import datetime, timezone

import pytest

from avito_scrapy.items import Note
from avito_scrapy.store import NoteChanged, Store, StoredToken, Taken
from tests.integration.store.records import ACCOUNT, PHONE, new_run, put_notes, record


def test_a_run_from_start_to_end(store: Store) -> None:
    before = datetime.now(timezone.utc)
    run_id = store.runs.start("resumes")
    store.runs.set_account(run_id, ACCOUNT, 2655)
    store.runs.finish(run_id, "finished", {"avito/chats": 2655, "avito/rate": 9.5})
    run = store.runs.last("resumes")
    assert run is not None
    assert (run.id, run.spider, run.account_id, run.inputs) == (run_id, "resumes", ACCOUNT, 2655)
    assert (run.reason, run.figures) == ("finished", {"avito/chats": 2655, "avito/rate": 9.5})
    assert run.finished_at is not None
    assert before <= run.started_at <= run.finished_at <= datetime.now(timezone.utc)


def test_a_killed_run_has_no_end(store: Store) -> None:
    store.runs.finish(store.runs.start("chats"), "finished", {})
    killed = store.runs.start("chats")
    run = store.runs.last("chats")
    assert run is not None
    assert (run.id, run.finished_at, run.reason, run.figures) == (killed, None, None, {})
    assert (run.account_id, run.inputs) == (None, None)


def test_runs_are_walked_back(store: Store) -> None:
    first, _, second = (store.runs.start(name) for name in ("resumes", "chats", "resumes"))
    last = store.runs.last("resumes")
    assert last is not None
    assert last.id == second
    before = store.runs.last("resumes", before=second)
    assert before is not None
    assert before.id == first
    assert store.runs.last("resumes", before=first) is None


def test_no_run_yet(store: Store) -> None:
    store.runs.start("chats")
    assert store.runs.last("resumes") is None


def test_runs_are_numbered_upwards(store: Store) -> None:
    numbers = [store.runs.start("chats") for _ in range(3)]
    assert numbers == sorted(set(numbers))


def test_tokens(store: Store) -> None:
    assert store.tokens.get("key") is None
    store.tokens.put("key", StoredToken("first", 1.5))
    store.tokens.put("other", StoredToken("else", 3))
    store.tokens.put("key", StoredToken("second", 1_800_000_000.25))
    assert store.tokens.get("key") == StoredToken("second", 1_800_000_000.25)
    store.tokens.drop("key")
    store.tokens.drop("key")
    assert store.tokens.get("key") is None
    assert store.tokens.get("other") == StoredToken("else", 3)


def test_a_token_does_not_show_itself() -> None:
    assert "secret" not in repr(StoredToken("secret", 1))


def test_notes_by_person(store: Store) -> None:
    called = Note("не ответил", "перезвонить\nвечером", "2026-04-01")
    put_notes(store, ACCOUNT, {PHONE: called, "1001": Note(comment="ждёт")})
    put_notes(store, ACCOUNT + 1, {PHONE: Note("другой")})
    assert store.notes.get_all(ACCOUNT) == {PHONE: called, "1001": Note(comment="ждёт")}


def test_notes_change_and_go(store: Store) -> None:
    put_notes(store, ACCOUNT, {"a": Note("1"), "b": Note("2"), "c": Note("3")})
    put_notes(store, ACCOUNT, {"a": Note(None, "new"), "b": Note("", None, None)})
    assert store.notes.get_all(ACCOUNT) == {"a": Note(None, "new"), "c": Note("3")}


def test_a_note_knows_who_wrote_it_and_what_it_said_before(store: Store) -> None:
    both = {"a": Note("Не ответил"), "b": Note("x")}
    put_notes(store, ACCOUNT, both, author="Мария", at=10, seen_at=5)
    same = Note("Не ответил")
    store.notes.put(ACCOUNT, "a", same, expected=same, author="Иван", at=20)
    put_notes(store, ACCOUNT, {"a": Note("Приглашён")}, author="Иван", at=30, source="dashboard")
    put_notes(store, ACCOUNT, {"a": Note()}, at=40)
    now = store.notes.get_all(ACCOUNT)["b"]
    assert (now.author, now.made_at, now.seen_at) == ("Мария", 10, 5)
    told = [
        (e.note.outcome, e.note.author, e.note.made_at, e.source)
        for e in store.notes.history(ACCOUNT, "a")
    ]
    assert told == [
        ("Не ответил", "Мария", 10, "workbook"),
        ("Приглашён", "Иван", 30, "dashboard"),
        (None, None, 40, "workbook"),
    ]
    assert store.notes.history(ACCOUNT + 1, "a") == []
    assert set(store.notes.histories(ACCOUNT)) == {"a", "b"}


def test_a_note_that_moves_to_a_new_key_is_not_taken_away(store: Store) -> None:
    put_notes(store, ACCOUNT, {"u2i-a": Note("1")}, at=1)
    put_notes(store, ACCOUNT, {PHONE: Note("2"), "u2i-a": Note()}, at=2)
    history = store.notes.history(ACCOUNT, PHONE, "u2i-a")
    assert [entry.note.outcome for entry in history] == ["1", "2"]


def test_of_two_editors_of_one_note_one_is_told(store: Store) -> None:
    put = store.notes.put
    put(ACCOUNT, "a", Note("1"), expected=None, author="Мария", at=1)
    for expected in (None, Note("0"), Note("1", "x")):
        with pytest.raises(NoteChanged) as told:
            put(ACCOUNT, "a", Note("2"), expected=expected, author="Иван")
        assert told.value.current == Note("1")
    put(ACCOUNT, "a", Note("2"), expected=Note("1"), author="Иван", at=2)
    put(ACCOUNT, "a", Note(), expected=Note("2"), author="Иван", at=3)
    with pytest.raises(NoteChanged) as told:
        put(ACCOUNT, "a", Note(), expected=Note("2"), author="Мария")
    assert told.value.current is None
    put(ACCOUNT, "a", Note(), expected=None, author="Мария")
    authors = [(e.note.outcome, e.note.author) for e in store.notes.history(ACCOUNT, "a")]
    assert authors == [("1", "Мария"), ("2", "Иван"), (None, "Иван")]


def test_who_takes_a_person_first_has_them(store: Store) -> None:
    assert store.taken.take(ACCOUNT, "a", "Мария", 1) == Taken("Мария", 1)
    assert store.taken.take(ACCOUNT, "a", "Иван", 2) == Taken("Мария", 1)
    assert store.taken.get_all(ACCOUNT) == {"a": Taken("Мария", 1)}
    store.taken.release(ACCOUNT, "a")
    assert store.taken.take(ACCOUNT, "a", "Иван", 3) == Taken("Иван", 3)
    assert store.taken.get_all(ACCOUNT + 1) == {}


def test_what_was_written_about_a_person_goes_with_them(store: Store) -> None:
    run_id = new_run(store)
    for number in (1, 2):
        store.outcomes.put(run_id, record(number))
    for key in (PHONE, record(2).phone or ""):
        put_notes(store, ACCOUNT, {key: Note("1")}, at=1)
        store.taken.take(ACCOUNT, key, "Мария", 1)
    store.people.forget([record(1).chat_id])
    kept = {record(2).phone}
    assert set(store.notes.histories(ACCOUNT)) == kept
    assert set(store.taken.get_all(ACCOUNT)) == kept
    store.people.forget([], before=2)
    assert set(store.notes.histories(ACCOUNT)) == kept, "somebody is still known by this key"
