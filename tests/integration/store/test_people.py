from __future__ import annotations

import time
from pathlib import Path

import pytest

from avito_scrapy.items import Note
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.people import Forgotten
from tests.integration.store.records import ACCOUNT, PHONE, new_run, put_notes, record

NOTE = Note("перезвонить")


def left(store: Store, run_id: int) -> list[int | None]:
    return [known.position for known in store.outcomes.of_run(run_id)]


def test_a_person_is_found_by_phone_and_by_resume(store: Store) -> None:
    run_id = new_run(store)
    store.outcomes.put(run_id, record(1, phone=PHONE, resume_id="r"))
    store.outcomes.put(run_id, record(2, phone=None, resume_id="r"))
    store.outcomes.put(run_id, record(3, phone=PHONE, resume_id=None))
    store.outcomes.put(run_id, record(4))
    store.outcomes.put(run_id, record(5, phone=None, resume_id=None))
    chats, resumes = store.people.of_phone(PHONE)
    assert chats == {record(n).chat_id for n in (1, 2, 3)}
    assert resumes == {"r"}
    assert store.people.of_phone("+79009999999") == (set(), set())


def test_when_chats_were_last_seen(store: Store) -> None:
    run_id = new_run(store)
    started = store.runs.last("resumes")
    assert started is not None
    store.outcomes.put(run_id, record(1, last_message_at="1970-01-01T00:00:05Z"))
    store.outcomes.put(
        run_id, record(2, last_message_at=None, fetched_at="1970-01-01T03:00:09+03:00")
    )
    store.outcomes.put(run_id, record(3, last_message_at=None, fetched_at=None))
    found = {chat: (message, fetched) for chat, message, fetched in store.people.last_seen()}
    assert found[record(1).chat_id][0] == 5
    assert found[record(2).chat_id] == (None, 9)
    message, fetched = found[record(3).chat_id]
    assert message is None
    assert fetched == pytest.approx(started.started_at.timestamp())


def test_forgetting_a_chat(store: Store) -> None:
    run_id = new_run(store)
    for number in (1, 2, 3):
        store.outcomes.put(run_id, record(number))
    put_notes(
        store,
        ACCOUNT,
        {str(record(1).phone): NOTE, str(record(2).resume_id): NOTE, record(3).chat_id: NOTE},
    )
    for number in (1, 2):
        bought = store.purchases.intend(
            run_id, ACCOUNT, str(record(number).resume_id), record(number).chat_id
        )
        store.purchases.settle(bought, "bought")
    gone = store.people.forget({record(1).chat_id, "u2i-nobody"})
    assert gone == Forgotten(chats=1, notes=1, purchases=1)
    assert left(store, run_id) == [2, 3]
    assert set(store.notes.get_all(ACCOUNT)) == {record(2).resume_id, record(3).chat_id}
    first, second = store.purchases.all(ACCOUNT)
    assert (first.resume_id, first.chat_id, first.state) == (None, None, "bought")
    assert second.resume_id == record(2).resume_id
    assert store.purchases.open_budget_spent(ACCOUNT) == 2, "money stays spent"
    run = store.runs.last("resumes")
    assert run is not None
    assert run.inputs == 2, "one of the three is no longer to be accounted for"


def test_a_note_stays_while_its_person_has_a_chat(store: Store) -> None:
    run_id = new_run(store)
    store.outcomes.put(run_id, record(1, phone=PHONE, resume_id="r"))
    store.outcomes.put(run_id, record(2, phone=PHONE, resume_id="r"))
    put_notes(store, ACCOUNT, {PHONE: NOTE})
    store.purchases.intend(run_id, ACCOUNT, "r", record(2).chat_id)
    assert store.people.forget({record(1).chat_id}) == Forgotten(1, 0, 0)
    assert store.notes.get_all(ACCOUNT) == {PHONE: NOTE}
    assert store.people.forget({record(2).chat_id}) == Forgotten(1, 1, 1)
    assert store.purchases.intended(ACCOUNT) == [], "nobody to ask about any more"


def test_other_accounts_keep_their_notes(store: Store) -> None:
    run_id, other = new_run(store), new_run(store, account=ACCOUNT + 1)
    store.outcomes.put(run_id, record(1, phone=PHONE))
    store.outcomes.put(other, record(2, phone=PHONE))
    put_notes(store, ACCOUNT, {PHONE: NOTE})
    put_notes(store, ACCOUNT + 1, {PHONE: NOTE})
    store.people.forget({record(1).chat_id})
    assert store.notes.get_all(ACCOUNT) == {}
    assert store.notes.get_all(ACCOUNT + 1) == {PHONE: NOTE}


def test_a_note_without_a_chat_goes_with_its_phone(store: Store) -> None:
    put_notes(store, ACCOUNT, {PHONE: NOTE, "other": NOTE})
    assert store.people.forget(set(), phone=PHONE) == Forgotten(0, 1, 0)
    assert set(store.notes.get_all(ACCOUNT)) == {"other"}


def test_what_is_old_and_nobodys(store: Store) -> None:
    run_id = new_run(store)
    store.outcomes.put(run_id, record(1))
    put_notes(store, ACCOUNT, {"gone": NOTE, str(record(1).phone): NOTE})
    store.purchases.intend(run_id, ACCOUNT, "gone", "u2i-gone")
    store.purchases.intend(run_id, ACCOUNT, str(record(1).resume_id), record(1).chat_id)
    assert store.people.forget(set(), before=time.time() - 60) == Forgotten(0, 0, 0)
    assert store.people.forget(set(), before=time.time() + 60) == Forgotten(0, 1, 1)
    assert set(store.notes.get_all(ACCOUNT)) == {record(1).phone}
    assert store.people.forget(set(), before=time.time() + 60) == Forgotten(0, 0, 0)


def test_many_at_once(store: Store) -> None:
    run_id = new_run(store)
    for number in range(1, 1102):
        store.outcomes.put(run_id, record(number))
    gone = store.people.forget({record(n).chat_id for n in range(1, 1101)})
    assert gone.chats == 1100
    assert left(store, run_id) == [1101]


def test_nothing_of_them_is_in_the_file(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/store.db") as store:
        run_id = new_run(store)
        for number in range(1, 300):
            store.outcomes.put(run_id, record(number, full_name=f"Zabytov-{number:04d}-"))
        store.outcomes.put(run_id, record(7, full_name="Zabytov-0007-"))
        store.people.forget({record(n).chat_id for n in range(5, 250)})
        raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Zabytov-0004-" in raw
    assert b"Zabytov-0007-" not in raw
    assert b"Zabytov-0100-" not in raw
