"""An Avito that is a table of answers, for tests of the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timezone
from typing import Any

from avito_scrapy.avito.case import Ask, Case, Rules
from avito_scrapy.avito.desk import Desk, Moves
from avito_scrapy.avito.results import ApplicationFacts, ChatFacts, NotFound, Reply, TalkFacts
from avito_scrapy.items import Chat, ChatResume

ACCOUNT = 94235311
RULES = Rules(ACCOUNT, date(2025, 11, 24), timezone.utc, "https://www.avito.ru")
TALK = TalkFacts("awaits_us", "2026-11-01T10:00:00+00:00", [("2026-10-01T10:00:00+00:00", 60)])
OURS = ChatFacts(item_id=1, item_owner=ACCOUNT, item_url="/moskva/vakansii/povar_1")


def resume_chat(resume_id: int) -> ChatFacts:
    return ChatFacts(resume_id, 8, f"https://avito.ru/moskva/rezume/x_{resume_id}", "Повар", "Имя")


Answers = Mapping[tuple[str, str], Reply]


class Table:
    """Answers by question; notes what was asked."""

    def __init__(self, answers: Answers, rules: Rules = RULES) -> None:
        self.answers = answers
        self.asked: Counter[Ask] = Counter()
        self.lines: dict[str, ChatResume] = {}
        self.desk = Desk(rules, {f"u2i-{n}" for n in range(10)})

    def take(self, number: int, **application: Any) -> None:
        chat = Chat(f"u2i-{number}", chat_type="u2i", position=number)
        applied = ApplicationFacts(
            **{"id": "a", "chat_id": chat.chat_id, "created": 1.0, **application}
        )
        self.play(self.desk.take(Case(chat, applied if application else None)))

    def play(self, moves: Moves) -> None:
        for line in moves.lines:
            assert line.chat_id not in self.lines, "one line for each chat"
            self.lines[line.chat_id] = line
        for ask in moves.asks:
            self.asked[ask] += 1
            reply = self.answers.get(
                (ask.method, ask.key), TALK if ask.method == "messages" else NotFound()
            )
            self.play(self.desk.answer(ask, reply))

    def finish(self) -> None:
        self.play(self.desk.keep_unsold())
        self.play(self.desk.solve())
        assert self.desk.waiting == 0
        assert set(self.desk.open.values()) == {0}

    def methods(self) -> Counter[str]:
        return Counter(ask.method for ask in self.asked.elements())
