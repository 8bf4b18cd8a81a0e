from __future__ import annotations

import http.client
import json
import time
import urllib.error
from collections import Counter
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from avito_sandbox.faults import Faults
from tests.unit.sandbox.client import Reply, SandboxClient

SELF = "/core/v1/accounts/self"


def outcome_of(api: SandboxClient, path: str) -> str:
    try:
        answer: Reply = api.get(path)
    except TimeoutError:
        return "silence"
    except (urllib.error.URLError, ConnectionError, http.client.RemoteDisconnected):
        return "reset"
    except http.client.IncompleteRead:
        return "cut_body"
    if answer.status != 200:
        return str(answer.status)
    if "html" in answer.headers["Content-Type"]:
        return "html"
    try:
        json.loads(answer.body)
    except ValueError:
        return "cut_json"
    return "good"


@pytest.mark.parametrize("kind", ["500", "503", "silence", "reset", "html", "cut_json", "cut_body"])
def test_faults_of_every_kind(kind: Any) -> None:
    scenario = Scenario(
        chats=5, fault_share=1, faults=(kind,), fault_methods=("self",), silence_s=0.1
    )
    with Sandbox(scenario) as sandbox:
        api = SandboxClient(sandbox)
        expected = "reset" if kind == "silence" else kind  # the silence ends with a reset
        assert [outcome_of(api, SELF) for _ in range(4)] == [expected] * 3 + ["good"]
        assert sandbox.counters()["faults"] == {kind: 3}


def test_faults_are_the_same_every_time() -> None:
    scenario = Scenario(fault_share=0.2, seed=3)
    runs = []
    for _ in range(2):
        faults = Faults()
        runs.append([faults.draw(scenario, "chat", f"key {n}") for n in range(2_000)])
    assert runs[0] == runs[1]
    kinds = Counter(kind for kind in runs[0] if kind)
    assert sum(kinds.values()) == pytest.approx(400, abs=60)
    assert set(kinds) == set(scenario.faults)


def test_a_broken_purchase_is_paid_once() -> None:
    scenario = Scenario(
        chats=600, package=5, fault_share=1, faults=("cut_json",), fault_methods=("contacts",)
    )
    with Sandbox(scenario) as sandbox:
        api = SandboxClient(sandbox)
        paid = (c.resume for c in sandbox.world.chats if c.kind == "unpurchased")
        resume_id = next(one.id for one in paid if one and not one.removed)
        path = f"/job/v1/resumes/{resume_id}/contacts/"
        assert [outcome_of(api, path) for _ in range(4)] == ["cut_json"] * 3 + ["good"]
        assert len(sandbox.ledger()) == 1


def test_silence_does_not_hold_up_the_end() -> None:
    scenario = Scenario(chats=5, fault_share=1, faults=("silence",), fault_methods=("self",))
    with Sandbox(scenario) as sandbox:
        api = SandboxClient(sandbox)
        api_url = api.sandbox.api_url
        connection = http.client.HTTPConnection(api_url.removeprefix("http://"), timeout=5)
        connection.request("GET", SELF, headers={"Authorization": f"Bearer {api.token}"})
        while "self" not in sandbox.counters()["requests"]:
            assert connection.sock is not None
        started = time.monotonic()
    connection.close()
    assert time.monotonic() - started < 5
