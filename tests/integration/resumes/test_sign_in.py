"""Tokens: one for all who wait, kept, renewed when refused, never told."""

from __future__ import annotations

from pathlib import Path

import pytest

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.store import open_store
from tests.support.resumes_run import assert_true, run_again, run_resumes, write_chats


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
        # Every token is dead on arrival: the second refusal is believed.
        run = run_again(sandbox, tmp_path)
        assert (run.result.reason, run.result.status) == ("unauthorized", 6)
        assert run.requests["token"] == 2
        assert run.lines == {}


def test_a_token_is_renewed_before_its_end(tmp_path: Path) -> None:
    run, truth = run_resumes({"chats": 30, "rate_limit_rps": 15, "token_claims_s": 1}, tmp_path)
    assert run.counters["tokens_refused"] == 0
    assert run.requests["token"] >= 2
    assert_true(run.lines, truth)


@pytest.mark.parametrize("status", [400, 403])
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


def test_an_employer_that_is_not_verified_costs_one_token_and_no_storm(tmp_path: Path) -> None:
    """The 403 of the contacts looks like that of a dead token."""
    run, truth = run_resumes(
        {"chats": 60, "verified": False, "unpurchased_share": 0.1, "package": 9,
         "employee_of": 77},
        tmp_path,
        args={"contacts": "all", "budget": 3},
        env={"AVITO_EMPLOYEE_OF": "77"},
    )  # fmt: skip
    assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
    assert run.requests["token"] == 2
    assert run.counters["contacts_bought"] == 0
    assert run.result.log.count("Nothing more is bought") == 1
    assert_true(run.lines, truth)
