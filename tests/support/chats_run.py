"""A crawl of the sandbox's messenger, and what must be true of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avito_sandbox import Sandbox, Scenario
from tests.support.scrapy_run import Result, crawl


@dataclass(frozen=True)
class ChatsRun:
    """A run, and the sandbox's own account of it."""

    result: Result
    counters: Mapping[str, Any]
    truth: list[dict[str, Any]]

    @property
    def found(self) -> list[dict[str, Any]]:
        """The chats the run left, in ``chats.jl`` or beside it."""
        whole = self.result.data_dir / "chats.jl"
        name = "chats.jl" if whole.exists() else "chats.partial.jl"
        return self.result.items(name)

    def guarded(self, kind: str) -> int:
        """How often the guard stopped something of this kind."""
        return int(self.result.stats.get(f"avito/chats/guard/{kind}", 0))


def run_chats(
    scenario: Mapping[str, Any],
    data_dir: Path,
    *,
    args: Mapping[str, object] = {},
    settings: Mapping[str, object] = {},
    env: Mapping[str, str] = {},
    timeout: float = 60,
) -> ChatsRun:
    """Crawl a sandbox that behaves as ``scenario`` says, fast unless ``args`` say otherwise."""
    with Sandbox(Scenario(**scenario)) as sandbox:
        result = crawl(
            "chats",
            data_dir=data_dir,
            args={"pace": "fast", **args},
            settings=settings,
            env={"AVITO_WEB_URL": sandbox.web_url, **env},
            timeout=timeout,
        )
        return ChatsRun(result, sandbox.counters(), sandbox.truth())


def assert_none_opened(run: ChatsRun) -> None:
    """No chat was opened and none marked as read."""
    assert run.counters["chats_opened_ids"] == []
    assert run.counters["chats_marked_read_ids"] == []


def assert_all_found(run: ChatsRun) -> None:
    """Every chat is there, each once; the run says so; none was opened."""
    assert_none_opened(run)
    found = Counter(chat["chat_id"] for chat in run.found)
    assert found == Counter(chat["chat_id"] for chat in run.truth), run.result.log
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert (run.result.data_dir / "chats.jl").exists()
