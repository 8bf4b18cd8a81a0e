"""Crawls of the sandbox with every request and answer written down."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avito_sandbox import Sandbox, Scenario
from tests.integration.contract.paper import Record
from tests.policy.imports import ROOT
from tests.support.forked import run_module
from tests.support.privacy import assert_private


@dataclass(frozen=True)
class Crawl:
    """A crawl: how the sandbox behaves, what is typed.

    ``statuses``: what must be among the answers, or the crawl proves nothing.
    """

    scenario: dict[str, Any]
    options: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    spider: str = "resumes"
    statuses: frozenset[int] = frozenset({200})
    status: int = 0


FAST = {"AVITO_CLIENT_ID": "sandbox-id", "DOWNLOAD_DELAY": "0.001", "AVITO_HEALTH_MAX_DRIFT": "off"}

CRAWLS: dict[str, Crawl] = {
    "every method, contacts bought until the package is empty": Crawl(
        {"chats": 200, "unpurchased_share": 0.05, "package": 2, "rate_limit_rps": 900},
        ("-a", "contacts=all", "-a", "budget=5"),
        statuses=frozenset({200, 402, 404}),
    ),
    "an employee's account that may not buy": Crawl(
        {"chats": 60, "employee_of": 77, "unpurchased_share": 0.1, "package": 9, "verified": False,
         "rate_limit_rps": 200},
        ("-a", "contacts=all", "-a", "budget=1"),
        settings={"AVITO_EMPLOYEE_OF": "77"},
        statuses=frozenset({200, 403}),
    ),
    "a server in trouble": Crawl(
        {"chats": 60, "rate_limit_rps": 200, "fault_share": 0.1, "faults": ["500", "503"]},
        statuses=frozenset({200, 500, 503}),
    ),
    "the API's list of more chats than it shows": Crawl(
        {"chats": 1300, "rate_limit_rps": 900}, ("-a", "source=api"), spider="chats", status=3,
    ),
    "the messenger's page": Crawl(
        {"chats": 100, "session": "open"}, ("-a", "pace=fast"), spider="chats",
    ),
}  # fmt: skip


def run(crawl: Crawl, folder: Path) -> list[Record]:
    """Crawl as a person would; what went over the wire by the methods of avito.yaml."""
    with Sandbox(Scenario.model_validate({**crawl.scenario, "record": True})) as sandbox:
        type_it(sandbox, crawl, folder)
        records = sandbox.requests()
    if "pace=fast" in crawl.options:
        return [one for one in records if one["method"] == "getChannels"]
    return records


def type_it(sandbox: Sandbox, crawl: Crawl, folder: Path) -> str:
    """Run the command against ``sandbox``; its log."""
    chats = [json.dumps({"chat_id": chat.id}) for chat in sandbox.world.chats]
    (folder / "chats.jl").write_text("\n".join(chats), encoding="utf-8")
    given = {
        **FAST,
        "AVITO_API_URL": sandbox.api_url,
        "AVITO_WEB_URL": sandbox.web_url,
        "AVITO_DATA_DIR": str(folder),
        **crawl.settings,
    }
    told = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    clean = {name: value for name, value in os.environ.items() if "AVITO_" not in name}
    env = {**clean, "AVITO_CLIENT_SECRET": "sandbox-secret"}
    words = ["crawl", crawl.spider, *crawl.options, *told]
    done = run_module(words, cwd=ROOT, env=env, timeout=120)
    assert done.returncode == crawl.status, done.stderr[-3000:]
    return assert_private(done.stderr)
