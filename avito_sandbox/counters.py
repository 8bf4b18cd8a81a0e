"""Counts the requests to the sandbox."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any


class Counters:
    """Counts requests by method name, answers by status, and everything that must not happen."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Start again from nothing. Tokens and purchases themselves stay."""
        self.requests: Counter[str] = Counter()
        self.answers: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.faults: Counter[str] = Counter()
        self.concurrent: Counter[str] = Counter()
        self.max_concurrent_by_method: Counter[str] = Counter()
        self.max_concurrent = 0
        self.in_flight: Counter[str] = Counter()  # requests by access token
        self.clients_at_once = 0
        self.opened: list[str] = []
        self.marked_read: list[str] = []
        self.roads: list[str] = []
        self.bought: list[int] = []
        self.contacts_free = 0
        self.tokens_issued = 0
        self.tokens_refused = 0
        self.messages_sent = 0
        self.loads = 0
        self.jumps: list[str] = []
        self.new_chats: list[str] = []
        self.wanders = 0
        self.logins = 0
        self.early_polls = 0

    def enter(self, method: str, client: str = "") -> None:
        """A request to `method` has come in, from `client` if it had an access token."""
        self.requests[method] += 1
        self.concurrent[method] += 1
        if method == "socket":  # stays open for as long as its page
            return
        here = self.concurrent[method]
        self.max_concurrent_by_method[method] = max(self.max_concurrent_by_method[method], here)
        self.max_concurrent = max(
            self.max_concurrent, sum(self.concurrent.values()) - self.concurrent["socket"]
        )
        if client and method != "self":  # a run that only asks who it is does no work yet
            self.in_flight[client] += 1
            self.clients_at_once = max(self.clients_at_once, len(self.in_flight))

    def leave(self, method: str, status: int | str, client: str = "") -> None:
        """It was answered with `status`, or with a fault that has none."""
        self.concurrent[method] = max(0, self.concurrent[method] - 1)
        self.answers[method][str(status)] += 1
        if method != "self" and self.in_flight[client] > 1:
            self.in_flight[client] -= 1
        elif method != "self":
            del self.in_flight[client]

    def as_dict(self, tokens_died: int) -> dict[str, Any]:
        """Everything, as `/__sandbox__/counters` shows it."""
        too_many = {name: seen["429"] for name, seen in self.answers.items() if seen["429"]}
        return {
            "requests": dict(self.requests),
            "answers": {name: dict(seen) for name, seen in self.answers.items()},
            "too_many": sum(too_many.values()),
            "too_many_by_method": too_many,
            "chats_opened": len(self.opened),
            "chats_opened_ids": list(self.opened),
            "chats_marked_read": len(self.marked_read),
            "chats_marked_read_ids": list(self.marked_read),
            "roads_taken": list(self.roads),
            "contacts_bought": len(self.bought),
            "contacts_bought_ids": list(self.bought),
            "contacts_free": self.contacts_free,
            "tokens_issued": self.tokens_issued,
            "tokens_died": tokens_died,
            "tokens_refused": self.tokens_refused,
            "messages_sent": self.messages_sent,
            "clients_at_once": self.clients_at_once,
            "max_concurrent": self.max_concurrent,
            "max_concurrent_by_method": dict(self.max_concurrent_by_method),
            "faults": dict(self.faults),
            "loads": self.loads,
            "jumps": list(self.jumps),
            "new_chats": list(self.new_chats),
            "wanders": self.wanders,
            "logins": self.logins,
            "early_polls": self.early_polls,
        }
