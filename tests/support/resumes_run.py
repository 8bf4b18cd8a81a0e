"""A crawl of the sandbox's API, and what must be true of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from avito_sandbox import Sandbox, Scenario
from tests.support.scrapy_run import Result, crawl

FACTS = ("outcome", "match", "resume_id", "full_name", "phone", "application_id", "is_active")


@dataclass(frozen=True)
class ResumesRun:
    """A run, and the sandbox's own account of it; ``lines`` by chat."""

    result: Result
    counters: Mapping[str, Any]
    lines: dict[str, dict[str, Any]]

    @property
    def requests(self) -> dict[str, int]:
        """How often each method was asked since the sandbox began."""
        return dict(self.counters["requests"])

    def outcomes(self) -> set[str]:
        return {line["outcome"] for line in self.lines.values()}


def credentials(sandbox: Sandbox) -> dict[str, str]:
    """The settings by which a crawl finds the sandbox and signs in."""
    scenario = sandbox.scenario
    return {
        "AVITO_API_URL": sandbox.api_url,
        "AVITO_CLIENT_ID": scenario.client_id,
        "AVITO_CLIENT_SECRET": scenario.client_secret,
    }


def write_chats(sandbox: Sandbox, folder: Path) -> None:
    """``chats.jl`` as the chats spider would leave it."""
    with (folder / "chats.jl").open("w", encoding="utf-8") as file:
        for place, chat in enumerate(sandbox.truth(), 1):
            own = {name: chat[name] for name in ("chat_id", "user_name", "last_message_at")}
            own |= {"position": place, "collected_at": "2026-01-01T00:00:00+00:00"}
            file.write(json.dumps(own, ensure_ascii=False) + "\n")


def run_again(
    sandbox: Sandbox,
    folder: Path,
    *,
    args: Mapping[str, object] = {},
    settings: Mapping[str, object] = {},
    env: Mapping[str, str] = {},
    timeout: float = 120,
) -> ResumesRun:
    """Crawl with the ``chats.jl`` that is in ``folder``."""
    result = crawl(
        "resumes",
        data_dir=folder,
        args=args,
        settings=settings,
        env={**credentials(sandbox), **env},
        timeout=timeout,
    )
    name = "resumes.jl" if (folder / "resumes.jl").exists() else "resumes.partial.jl"
    there = (folder / name).exists()
    items = result.items(name) if there else []
    lines = {line["chat_id"]: line for line in items}
    assert len(lines) == len(items), "one line for each chat"
    assert_nobody(result.log, sandbox)
    return ResumesRun(result, sandbox.counters(), lines)


def run_resumes(
    scenario: Mapping[str, Any], folder: Path, **options: Mapping[str, object]
) -> tuple[ResumesRun, dict[str, dict[str, Any]]]:
    """Crawl a sandbox that behaves as ``scenario`` says; gives the run and the truth by chat."""
    with Sandbox(Scenario(**{"rate_limit_rps": 900, **scenario})) as sandbox:
        write_chats(sandbox, folder)
        run = run_again(sandbox, folder, **options)  # type: ignore[arg-type]
        return run, {chat["chat_id"]: chat for chat in sandbox.truth()}


def _kept(value: Any) -> Any:
    """``value`` as it is kept: PostgreSQL takes no NUL in a text."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


def assert_true(
    lines: Mapping[str, Mapping[str, Any]],
    truth: Mapping[str, Mapping[str, Any]],
    facts: Iterable[str] = FACTS,
) -> None:
    """Every chat has its line, and each line is what is true."""
    assert set(lines) == set(truth)
    wrong = [
        (chat_id, fact, lines[chat_id][fact], told[fact])
        for chat_id, told in truth.items()
        for fact in facts
        if lines[chat_id][fact] != _kept(told[fact])
    ]
    assert not wrong, wrong[:5]
    candidates = {chat for chat, told in truth.items() if told["outcome"] != "not_candidate"}
    statuses = [
        (chat, lines[chat]["chat_status"], truth[chat]["chat_status"])
        for chat in candidates
        if lines[chat]["chat_status"] != truth[chat]["chat_status"]
    ]
    assert not statuses, statuses[:5]


def assert_nobody(log: str, sandbox: Sandbox) -> None:
    """Nothing of the people and no secret of this very sandbox is in the log."""
    secrets = {sandbox.scenario.client_secret, *sandbox.world.tokens}
    people = {
        chat[fact]
        for chat in sandbox.truth()
        for fact in ("phone", "email", "full_name")
        if chat[fact] and len(chat[fact]) > 6
    }
    said = [text for text in secrets | people if text in log]
    assert not said, f"{len(said)} of them in the log"
