from __future__ import annotations

from datetime import datetime, timezone

from avito_scrapy.items import Note
from avito_scrapy.store import Store, StoredToken
from tests.integration.store.records import ACCOUNT, PHONE


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
    store.notes.put_many(ACCOUNT, {PHONE: called, "1001": Note(comment="ждёт")})
    store.notes.put_many(ACCOUNT + 1, {PHONE: Note("другой")})
    assert store.notes.get_all(ACCOUNT) == {PHONE: called, "1001": Note(comment="ждёт")}


def test_notes_change_and_go(store: Store) -> None:
    store.notes.put_many(ACCOUNT, {"a": Note("1"), "b": Note("2"), "c": Note("3")})
    store.notes.put_many(ACCOUNT, {"a": Note(None, "new"), "b": Note("", None, None)})
    assert store.notes.get_all(ACCOUNT) == {"a": Note(None, "new"), "c": Note("3")}
    store.notes.put_many(ACCOUNT, {})
    assert set(store.notes.get_all(ACCOUNT)) == {"a", "c"}
