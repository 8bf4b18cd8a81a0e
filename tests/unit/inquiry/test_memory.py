from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from avito_scrapy.arguments import ResumesArguments
from avito_scrapy.avito.case import Ask
from avito_scrapy.avito.results import ChatFacts, Known, TalkFacts
from avito_scrapy.config import Config
from avito_scrapy.inquiry.memory import Memory
from avito_scrapy.items import Chat
from avito_scrapy.store import Store, open_store

TODAY = "2026-11-24T00:00:00+03:00"
CHAT = Chat("u2i-1", last_message="Когда собеседование?", last_message_at=TODAY,
            last_message_direction="in")  # fmt: skip
TALK = Ask("messages", "u2i-1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


def config_in(folder: Path) -> Config:
    settings = {"api_url": "http://127.0.0.1", "client_id": "id", "employee_of": None}
    return cast(Config, SimpleNamespace(**settings, private_dir=folder, resume_max_age_days=7.0))


def killed_and_continued(store: Store, folder: Path, now: Chat, ask: Ask, reply: Known) -> Any:
    """What is known of ``ask`` in the run after one that had the answer and was killed."""
    config = config_in(folder)
    arguments = ResumesArguments()
    for chat in (CHAT, now):
        memory = Memory(store, store.runs.start("resumes"), config, arguments, [chat])
        if chat is CHAT:
            memory.keep(ask, reply)
            memory.journal.close(finished=False)
    return memory.reply(ask)


@pytest.mark.parametrize(
    ("now", "kept"),
    [
        (Chat(**vars(CHAT)), True),
        (Chat(**{**vars(CHAT), "position": 5}), True),
        (Chat(**{**vars(CHAT), "last_message": "Приходите завтра"}), False),
        (Chat(**{**vars(CHAT), "last_message_direction": "out"}), False),
        (Chat(**{**vars(CHAT), "last_message_at": "2026-11-25T00:00:00+03:00"}), False),
    ],
)
def test_messages_are_asked_anew_when_the_last_one_is_another(
    store: Store, tmp_path: Path, now: Chat, kept: bool
) -> None:
    talk = TalkFacts("awaits_us", TODAY, [])
    assert killed_and_continued(store, tmp_path, now, TALK, talk) == (talk if kept else None)


def test_what_does_not_hang_on_the_messages_is_kept(store: Store, tmp_path: Path) -> None:
    now = Chat("u2i-1", last_message="Приходите завтра", last_message_at=TODAY)
    about = ChatFacts(7, 8)
    assert killed_and_continued(store, tmp_path, now, Ask("chat", "u2i-1"), about) == about


def test_the_journal_names_no_message_by_its_text(store: Store, tmp_path: Path) -> None:
    killed_and_continued(store, tmp_path, Chat("u2i-1"), TALK, TalkFacts("awaits_us"))
    written = (tmp_path / "resumes.journal").read_text(encoding="utf-8")
    assert "u2i-1" in written
    assert "\\u041a" not in written
    assert "Когда" not in written


@pytest.mark.parametrize("given", [False, True])
def test_after_midnight_the_default_index_is_the_same(
    store: Store, tmp_path: Path, given: bool
) -> None:
    """One that was asked for is not."""
    ask, reply = Ask("chat", "u2i-1"), ChatFacts(7, 8)
    config = config_in(tmp_path)
    for day in (date(2025, 11, 24), date(2025, 11, 25)):
        fields = {"since"} if given else set()
        arguments = ResumesArguments.model_construct(fields, since=day)
        memory = Memory(store, store.runs.start("resumes"), config, arguments, [CHAT])
        if day.day == 24:
            memory.keep(ask, reply)
            memory.journal.close(finished=False)
    assert memory.reply(ask) == (None if given else reply)
