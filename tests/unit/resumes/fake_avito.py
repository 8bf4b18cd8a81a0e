"""An Avito that is a table of answers, and a run against it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Mapping
from datetime import date
from typing import Any, TypeVar

from avito_scrapy.avito.results import ApplicationFacts, ChatFacts, NotFound, Reply, TalkFacts
from avito_scrapy.items import Chat, ChatResume
from avito_scrapy.resumes.application_index import ApplicationIndex
from avito_scrapy.resumes.resolver import Options, Resolver

ACCOUNT = 94235311
OPTIONS = Options(ACCOUNT, date(2025, 11, 24))
TALK = TalkFacts("awaits_us", "2026-11-01T10:00:00+00:00", [("2026-10-01T10:00:00+00:00", 60)])
OURS = ChatFacts(item_id=1, item_owner=ACCOUNT, item_url="/moskva/vakansii/povar_1")
Answers = Mapping[tuple[str, str], Reply]
T = TypeVar("T")
GONE = NotFound()


def resume_chat(resume_id: int) -> ChatFacts:
    return ChatFacts(resume_id, 8, f"https://avito.ru/moskva/rezume/x_{resume_id}", "Повар", "Имя")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


class FakeAvito:
    """Answers from a table; ``requested`` counts, a resume and its contacts once."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.requested: Counter[tuple[str, str]] = Counter()

    async def chat(self, chat_id: str) -> Reply:
        return self._answer("chat", chat_id)

    async def messages(self, chat: Chat) -> Reply:
        return self._answer("messages", chat.chat_id, TALK)

    async def resume(self, resume_id: str, *, anew: bool = False) -> Reply:
        return self._answer("resumes", resume_id)

    async def contacts(self, resume_id: str) -> Reply:
        return self._answer("contacts", resume_id)

    def _answer(self, method: str, key: str, otherwise: Reply = GONE) -> Reply:
        if method in ("resumes", "contacts"):
            self.requested[method, key] = 1
        else:
            self.requested[method, key] += 1
        return self.answers.get((method, key), otherwise)

    def methods(self) -> Counter[str]:
        return Counter(method for method, _ in self.requested.elements())


class ResolverRun:
    """A resolver between the table and the lines that came of it; ``stored``: by chat."""

    def __init__(self, answers: Answers, options: Options = OPTIONS) -> None:
        self.avito = FakeAvito(answers)
        self.lines: dict[str, ChatResume] = {}
        self.stored: dict[str, ChatResume] = {}
        self.index = ApplicationIndex()
        chats = {f"u2i-{number}" for number in range(10)}
        self.resolver = Resolver(self.avito, self.index, self._find, options, chats)

    def _find(self, chat: Chat, application: ApplicationFacts | None) -> ChatResume | None:
        """The stored line of a chat."""
        return self.stored.get(chat.chat_id)

    def take(self, number: int, **application: Any) -> None:
        chat_id = f"u2i-{number}"
        if application:
            facts = {"id": "a", "chat_id": chat_id, "created": 1.0, **application}
            self.index.add([ApplicationFacts(**facts)])
        self._add(run(self.resolver.resolve(Chat(chat_id, chat_type="u2i", position=number))))

    def take_stored(self, number: int, **fields: Any) -> None:
        chat_id = f"u2i-{number}"
        self.stored[chat_id] = ChatResume(chat_id, chat_type="u2i", from_store=True, **fields)
        self.take(number)

    def buy(self, resume_id: str) -> None:
        contacts = run(self.avito.contacts(resume_id))
        for line in self.resolver.finish_sale(resume_id, contacts):
            self._add(line)

    def finish(self) -> None:
        for resume_id, _ in self.resolver.for_sale:
            for line in self.resolver.finish_sale(resume_id, None):
                self._add(line)
        for waiting in self.resolver.take_undecided():
            self._add(run(self.resolver.finish(waiting)))

    def _add(self, line: ChatResume | None) -> None:
        if line is not None:
            assert line.chat_id not in self.lines, "one line for each chat"
            self.lines[line.chat_id] = line
