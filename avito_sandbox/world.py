"""The state of the sandbox, which requests and the control page change."""

from __future__ import annotations

import json
import random
import time
from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from typing import Any

from avito_sandbox.counters import Counters
from avito_sandbox.data.build import Account, Builder
from avito_sandbox.model import Application, Chat, Direction, Message, Resume
from avito_sandbox.scenario import Scenario

NS = 1_000_000_000


class World:
    """Chats, resumes, applications, sessions, tokens, the ledger. Lives in the server's thread."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        start = time.time()
        self._offset = (scenario.now - start) if scenario.now is not None else 0.0
        self._builder = Builder(scenario, int(start + self._offset))
        account: Account = self._builder.build()
        self.account_id = account.id
        self.vacancies = account.vacancies
        self.resumes: dict[int, Resume] = account.resumes
        self.applications: list[Application] = account.applications
        self.applications_by_id = {one.id: one for one in account.applications}
        self.chats: list[Chat] = sorted(account.chats, key=lambda chat: -chat.sort_ns)
        self.chats_by_id: dict[str, Chat] = {chat.id: chat for chat in self.chats}
        self.counters = Counters()
        self.rng = random.Random(f"avito-sandbox-live-{scenario.seed}")
        self.tokens: dict[str, float] = {}  # token -> when it dies (monotonic seconds)
        self.sessions: set[str] = {scenario.sessid}
        self.signed_out = False
        self.loads = 0
        self.jumps = 0
        self.wanders_left = scenario.wander_times
        self.package = scenario.package
        self.ledger: list[dict[str, Any]] = []
        self._died_before = 0
        self.recorded: deque[dict[str, Any]] = deque(maxlen=scenario.record_limit)
        self.watchers: set[Callable[[Chat], None]] = set()

    def now(self) -> float:
        """The sandbox's clock, Unix seconds."""
        return time.time() + self._offset

    def counters_now(self) -> dict[str, Any]:
        """The counters, tokens that have died since the last reset among them."""
        return self.counters.as_dict(self._tokens_died() - self._died_before)

    def reset_counters(self) -> None:
        """Count from nothing again."""
        self._died_before = self._tokens_died()
        self.counters.reset()

    def _tokens_died(self) -> int:
        now = time.monotonic()
        return sum(dies <= now for dies in self.tokens.values())

    def change(self, **options: Any) -> None:
        """Change options in mid-run. Raises pydantic's ValidationError for a wrong one."""
        merged = {**self.scenario.model_dump(), **options}
        self.scenario = Scenario.model_validate(merged)
        if "package" in options:
            self.package = self.scenario.package
        if "wander_times" in options:
            self.wanders_left = self.scenario.wander_times

    def after(self, cursor: int | None, limit: int) -> list[Chat]:
        """The chats that the list shows after `cursor` (a sorting timestamp), at most `limit`.

        A browser cannot hold nanoseconds exactly: what is within a microsecond is the same.
        """
        start = 0
        if cursor is not None:
            start = bisect_left(self.chats, -cursor + 1_000, key=lambda chat: -chat.sort_ns)
        return self.chats[start : start + limit]

    def add_message(self, chat: Chat, direction: Direction, text: str) -> Message:
        """A message arrives: the chat jumps to the top and everybody who watches is told."""
        ns = self._next_ns()
        author = self.account_id if direction == "out" else chat.user_id
        message = Message(
            f"{self.rng.getrandbits(128):032x}", author, direction, "text", {"text": text}, ns, None
        )
        chat.messages.append(message)
        chat.is_read = direction == "out"
        self._to_top(chat, ns)
        return message

    def add_chat(self) -> Chat:
        """Somebody new writes about one of our vacancies, without an application."""
        ns = self._next_ns()
        user = self.rng.randrange(400_000_000, 500_000_000)
        vacancy = self.rng.choice(self.vacancies)
        chat = Chat(f"u2i-{vacancy.id}-{user}", "own_vacancy", user, "Новенький", ns, vacancy)
        self.chats.append(chat)
        self.chats_by_id[chat.id] = chat
        self.add_message(chat, "in", "Здравствуйте, вакансия актуальна?")
        return chat

    def apply(self, chat: Chat) -> Application:
        """The candidate of a chat about our vacancy applies with a resume; nothing is written."""
        resume, _ = self._builder.cast.applicant(0)
        vacancy = chat.item if chat.item in self.vacancies else self.vacancies[0]
        assert vacancy is not None
        now = int(self.now())
        made = self._builder.applications.make(resume.person, vacancy, now, chat.id, resume, now)
        chat.kind, chat.resume, chat.application = "application", resume, made
        self.applications.insert(0, made)
        self.applications_by_id[made.id] = made
        return made

    def remove_resume(self, resume_id: int) -> None:
        """The candidate takes the resume down. Raises KeyError if there is no such resume."""
        self.resumes[resume_id].removed = True

    def delete_chat(self, chat_id: str) -> None:
        """A chat is gone from the list. Raises KeyError if there is no such chat."""
        self.chats.remove(self.chats_by_id.pop(chat_id))

    def open_chat(self, chat_id: str) -> None:
        """Somebody has opened a chat: counted, and read for good if there is such a chat."""
        self.counters.opened.append(chat_id)
        chat = self.chats_by_id.get(chat_id)
        if chat is not None:
            if not chat.is_read:
                self.counters.marked_read.append(chat_id)
            chat.is_read = True

    def read_frame(self, text: str) -> bool:
        """A message of the socket, or one in its place; whether it marks a chat as read."""
        try:
            told = json.loads(text)
            chat_id = told["channelId"]
        except (ValueError, KeyError, TypeError):
            return False
        self.open_chat(str(chat_id))
        return True

    def shuffle_top(self, count: int) -> list[str]:
        """So many of the chats further down get a message each and come to the top."""
        below = self.chats[min(30, len(self.chats) // 2) :]
        chosen = self.rng.sample(below, min(count, len(below)))
        for chat in chosen:
            self.add_message(chat, "in", "Здравствуйте, ещё актуально?")
        return [chat.id for chat in chosen]

    def expire_tokens(self) -> int:
        """All tokens die now. Returns how many."""
        now = time.monotonic()
        alive = [value for value, dies in self.tokens.items() if dies > now]
        self.tokens.update(dict.fromkeys(alive, now))
        return len(alive)

    def sign_out(self) -> None:
        """End every session of the web page."""
        self.signed_out = True
        self.sessions.clear()

    def sign_in(self) -> str:
        """A new session: the value of its cookie."""
        self.signed_out = False
        value = f"{self.rng.getrandbits(128):032x}"
        self.sessions.add(value)
        return value

    def _next_ns(self) -> int:
        top = self.chats[0].sort_ns if self.chats else 0
        return max(int(self.now() * 1_000_000) * 1_000, top + 1_000_000)

    def _to_top(self, chat: Chat, ns: int) -> None:
        self.chats.remove(chat)
        chat.sort_ns = ns
        self.chats.insert(0, chat)
        for watcher in tuple(self.watchers):
            watcher(chat)
