"""Tokens: one for all who wait, kept, renewed when refused, never told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from avito_sandbox import Sandbox, Scenario
from avito_sandbox.api.auth import AuthApi, check_token
from avito_sandbox.api.messenger import MessengerApi
from avito_sandbox.api.reply import Refusal
from avito_sandbox.model import Chat
from avito_sandbox.world import World
from avito_scrapy.store import open_store
from tests.support.resumes_run import (
    ResumesRun,
    assert_true,
    run_again,
    run_resumes,
    write_chats,
)


def test_one_token_for_all_and_for_the_next_run(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=30, rate_limit_rps=900)) as sandbox:
        write_chats(sandbox, tmp_path)
        first = run_again(sandbox, tmp_path)
        assert (first.result.reason, first.result.status) == ("finished", 0), first.result.log
        assert first.requests["token"] == 1
        truth = {chat["chat_id"]: chat for chat in sandbox.truth()}
        assert_true(first.lines, truth)

        again = run_again(sandbox, tmp_path, args={"refresh": "yes"})
        assert again.requests["token"] == 1
        assert {line["from_store"] for line in again.lines.values()} == {False}
        assert_true(again.lines, truth)


def test_a_kept_token_that_has_died_is_renewed_once(tmp_path: Path) -> None:
    scenario = Scenario(chats=10, rate_limit_rps=900, token_ttl_s=0.001)
    with Sandbox(scenario) as sandbox:
        write_chats(sandbox, tmp_path)
        # Every token is dead on arrival: a refusal is believed when a new one has not helped.
        run = run_again(sandbox, tmp_path)
        assert (run.result.reason, run.result.status) == ("unauthorized", 6)
        assert 2 <= run.requests["token"] <= 4
        assert run.lines == {}


def test_a_token_is_renewed_before_its_end(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 30, "rate_limit_rps": 15, "token_claims_s": 1}, tmp_path)
    assert run.counters["tokens_refused"] == 0
    assert run.requests["token"] >= 2
    assert_true(run.lines, truth)


@pytest.mark.parametrize("status", [400, 402, 403, 404, 422])
def test_wrong_keys_end_the_run_after_one_honest_try(tmp_path: Path, status: int) -> None:
    with Sandbox(Scenario(chats=5, credentials_status=status)) as sandbox:
        write_chats(sandbox, tmp_path)
        run = run_again(sandbox, tmp_path, env={"AVITO_CLIENT_SECRET": "sesame-open"})
    assert (run.result.reason, run.result.status) == ("unauthorized", 6)
    assert run.requests == {"token": 1}
    assert "check AVITO_CLIENT_ID and AVITO_CLIENT_SECRET" in run.result.log
    assert "sesame-open" not in run.result.log
    assert "Traceback" not in run.result.log
    with open_store(f"sqlite:///{tmp_path}/.avito/store.db") as store:
        last = store.runs.last("resumes")
    assert last is not None
    assert last.reason == "unauthorized"


@pytest.mark.parametrize("error", ["invalid_client", {"code": 7}])
def test_an_error_instead_of_a_token_is_a_no_whatever_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: object
) -> None:
    async def token(api: AuthApi, request: web.Request) -> web.Response:
        return web.json_response({"error": error, "error_description": "no"})

    monkeypatch.setattr(AuthApi, "token", token)
    run, _ = run_resumes({"chats": 5}, tmp_path)
    assert (run.result.reason, run.result.status) == ("unauthorized", 6)
    assert run.requests == {"token": 1}


def forbid(monkeypatch: pytest.MonkeyPatch, which: Callable[[Sequence[str]], set[str]]) -> None:
    """Chats that the API answers 403 for; ``which`` chooses them from all in the list's order."""
    find = MessengerApi.find

    def found(api: MessengerApi, request: web.Request) -> Chat:
        if request.match_info["chat_id"] in which([chat.id for chat in api._world.chats]):
            raise Refusal(403, "Forbidden")
        return find(api, request)

    monkeypatch.setattr(MessengerApi, "find", found)


def assert_only_forbidden_failed(
    run: ResumesRun, truth: dict[str, dict[str, Any]], forbidden: set[str]
) -> None:
    """Forbidden chats may lack what they would have told; all others are true."""
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert set(run.lines) == set(truth)
    assert {c for c, line in run.lines.items() if line["outcome"] == "failed"} <= forbidden
    # What contacts lead to may be known through a forbidden chat alone.
    others = {c for c, told in truth.items() if told["kind"] != "by_contacts"} - forbidden
    assert_true({c: run.lines[c] for c in others}, {c: truth[c] for c in others})


def test_chats_that_are_forbidden_beside_others_cost_no_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forbid(monkeypatch, lambda chats: set(chats[::6]))
    run, truth = run_resumes({"chats": 60, "latency_ms": 20}, tmp_path)
    assert_only_forbidden_failed(run, truth, set(list(truth)[::6]))
    assert run.requests["token"] == 1
    refused = sum(answers.get("403", 0) for answers in run.counters["answers"].values())
    assert refused == run.result.stats["avito/oauth/believed"] > 5
    assert "avito/oauth/repeated" not in run.result.stats, "each is asked once"


@pytest.mark.parametrize("status", [401, 403])
def test_what_was_forbidden_does_not_speak_for_a_token_that_dies_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    died: list[int] = []

    def check(world: World, header: str | None) -> None:
        if not died and world.counters.requests["messages"] > 70:
            died.append(world.expire_tokens())
        check_token(world, header)

    monkeypatch.setattr("avito_sandbox.gate.check_token", check)
    forbid(monkeypatch, lambda chats: set(chats[:60]))
    run, truth = run_resumes({"chats": 120, "latency_ms": 20, "expired_status": status}, tmp_path)
    assert_only_forbidden_failed(run, truth, set(list(truth)[:60]))
    assert died == [1]
    assert run.requests["token"] == 2


@pytest.mark.parametrize("status", [401, 403])
def test_tokens_that_are_refused_everywhere_from_some_time_on_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def check(world: World, header: str | None) -> None:
        if world.counters.requests["messages"] > 10:
            raise Refusal(status, "Forbidden")

    monkeypatch.setattr("avito_sandbox.gate.check_token", check)
    run, _ = run_resumes({"chats": 60, "rate_limit_rps": 20}, tmp_path)
    assert (run.result.reason, run.result.status) == ("unauthorized", 6), run.result.log
    # It ends by itself, soon.
    assert run.requests["token"] <= 6


def test_an_employer_that_is_not_verified_costs_no_token(tmp_path: Path) -> None:
    """The 403 of the contacts looks like that of a dead token."""
    run, truth = run_resumes(
        {"chats": 60, "verified": False, "unpurchased_share": 0.1, "package": 9,
         "employee_of": 77},
        tmp_path,
        args={"contacts": "all", "budget": 3},
        env={"AVITO_EMPLOYEE_OF": "77"},
    )  # fmt: skip
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert run.requests["token"] == 1
    assert run.counters["contacts_bought"] == 0
    assert run.result.log.count("Nothing more is bought") == 1
    assert_true(run.lines, truth)
