from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from avito_sandbox.counters import Counters
from avito_sandbox.limits import Limits
from tests.support.clock import FakeClock
from tests.unit.sandbox.client import SandboxClient

SELF = "/core/v1/accounts/self"


def admitted(limits: Limits, scenario: Scenario, times: int, method: str = "chat") -> int:
    return sum(limits.admit(scenario, method)[0] for _ in range(times))


def test_sliding_window_allows_no_more_in_any_second() -> None:
    clock, scenario = FakeClock(6_000.0), Scenario()
    limits = Limits(clock)
    assert admitted(limits, scenario, 12) == 10
    clock.now += 0.99
    assert admitted(limits, scenario, 1) == 0
    clock.now += 0.01
    assert admitted(limits, scenario, 12) == 10
    assert admitted(limits, scenario, 12, "messages") == 10  # each method by itself


def test_bucket_refills_evenly() -> None:
    clock, scenario = FakeClock(6_000.0), Scenario(rate_window="bucket")
    limits = Limits(clock)
    assert admitted(limits, scenario, 12) == 10
    clock.now += 0.35
    assert admitted(limits, scenario, 12) == 3


def test_minute_window_and_headers() -> None:
    clock, scenario = FakeClock(6_000.0), Scenario(rate_window="minute", rate_limit_rps=0.1)
    limits = Limits(clock)
    seen = [limits.admit(scenario, "chat") for _ in range(7)]
    assert [passes for passes, _ in seen] == [True] * 6 + [False]
    assert seen[0][1] == {"X-RateLimit-Limit": "6", "X-RateLimit-Remaining": "5"}
    assert seen[-1][1]["X-RateLimit-Remaining"] == "0"
    clock.now += 60
    assert admitted(limits, scenario, 7) == 6


def test_special_limits_and_none() -> None:
    scenario = Scenario(rate_limit_rps=None, rate_limits={"chat": 2})
    limits = Limits(FakeClock(6_000.0))
    assert admitted(limits, scenario, 5) == 2
    assert limits.admit(scenario, "messages") == (True, {})


def test_clients_at_once() -> None:
    counters = Counters()

    def most() -> int:
        return int(counters.as_dict(0)["clients_at_once"])

    for _ in range(2):  # one after another
        for token in ("a", "b"):
            counters.enter("chat", token)
            counters.enter("messages", token)
            counters.leave("chat", 200, token)
            counters.leave("messages", 200, token)
    assert most() == 1
    counters.enter("chat", "a")
    counters.enter("self", "b")
    counters.leave("self", 200, "b")
    assert most() == 1
    counters.enter("chat", "b")
    assert most() == 2
    counters.reset()
    counters.leave("chat", 200, "a")
    assert most() == 0


def test_clients_at_once_over_http() -> None:
    with Sandbox(Scenario(chats=5, latency_ms=500)) as sandbox:
        clients = SandboxClient(sandbox), SandboxClient(sandbox)
        for api in clients:
            api.get(api.chats)
        assert sandbox.counters()["clients_at_once"] == 1
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda api: api.get(api.chats), clients))
        assert sandbox.counters()["clients_at_once"] == 2
        sandbox.reset_counters()
        with ThreadPoolExecutor() as pool:  # one token, two programs
            one = clients[0]
            list(pool.map(lambda name: one.get(one.chats, User_Agent=name), ("one", "other")))
        assert sandbox.counters()["clients_at_once"] == 2


def test_429_over_http() -> None:
    with Sandbox(Scenario(chats=5, rate_limits={"self": 0.001})) as sandbox:
        api = SandboxClient(sandbox)
        answers = [api.get(SELF) for _ in range(3)]
        assert [answer.status for answer in answers] == [200, 429, 429]
        refused = answers[1]
        assert refused.json["error"]["code"] == 429
        assert refused.headers["X-RateLimit-Limit"] == "1"
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert "Retry-After" not in refused.headers
        counters = sandbox.counters()
        assert counters["too_many"] == 2
        assert counters["answers"]["self"] == {"200": 1, "429": 2}


def test_tokens_die_early_and_are_counted() -> None:
    with Sandbox(Scenario(chats=5, token_ttl_s=0.2, expired_status=403)) as sandbox:
        api = SandboxClient(sandbox)
        while api.get(SELF).status != 403:  # the token's life is real time
            time.sleep(0.05)
        counters = sandbox.counters()
        assert (counters["tokens_issued"], counters["tokens_died"]) == (1, 1)
        assert counters["tokens_refused"] == 1
        sandbox.reset_counters()
        assert sandbox.counters()["tokens_died"] == 0


def test_expire_tokens_by_order() -> None:
    with Sandbox(Scenario(chats=5)) as sandbox:
        api = SandboxClient(sandbox)
        assert sandbox.control("expire_tokens") == {"expired": 1}
        assert api.get(SELF).status == 401


@pytest.mark.parametrize(
    ("subscription", "messenger", "job"),
    [("full", 200, 200), ("no_messenger", 402, 200), ("no_job", 200, 402), ("none", 402, 402)],
)
def test_subscription(subscription: Any, messenger: int, job: int) -> None:
    with Sandbox(Scenario(chats=5, subscription=subscription)) as sandbox:
        api = SandboxClient(sandbox)
        ids = "/job/v1/applications/get_ids?updatedAtFrom=2026-01-01"
        assert api.get(SELF).status == 200
        assert (api.get(api.chats).status, api.get(ids).status) == (messenger, job)


def test_employees_of_a_company() -> None:
    with Sandbox(Scenario(chats=60, employee_of=77, rate_limit_rps=None)) as sandbox:
        api = SandboxClient(sandbox)
        ids = "/job/v1/applications/get_ids?updatedAtFrom=2000-01-01"
        assert api.get(ids).json == {"applies": []}
        assert api.get(api.chats).status == 403
        assert api.get(ids, X_Employee_Of="78").status == 403
        assert api.get(ids, X_Employee_Of="77").json["applies"]
        assert api.get(ids, X_Is_Employee="true").json["applies"]
        assert api.get(api.chats, X_Employee_Of="77").status == 200


def test_latency_and_concurrency() -> None:
    with Sandbox(Scenario(chats=5, latency_ms=50)) as sandbox:
        api = SandboxClient(sandbox)
        started = time.monotonic()
        api.get(SELF)
        assert time.monotonic() - started >= 0.05
        assert sandbox.counters()["max_concurrent"] == 1


def test_recording_keeps_no_secrets() -> None:
    with Sandbox(Scenario(chats=5, record=True)) as sandbox:
        api = SandboxClient(sandbox)
        api.get(f"{api.chats}?limit=3")
        token, chats = sandbox.requests()
        assert token["method"] == "token"
        assert token["body"].endswith("client_secret=***")
        assert api.token not in json.dumps([token, chats])
        assert chats["query"] == [["limit", "3"]]
        assert chats["headers"]["Authorization"] == "***"
        assert json.loads(chats["response_body"])["chats"]


@pytest.mark.parametrize(
    ("order", "shape"), [("oldest_first", "array"), ("newest_first", "object"), ("mixed", "mixed")]
)
def test_order_and_shape_of_messages(order: Any, shape: Any) -> None:
    scenario = Scenario(chats=40, messages_order=order, messages_shape=shape, rate_limit_rps=None)
    with Sandbox(scenario) as sandbox:
        api = SandboxClient(sandbox)
        orders = set()
        for chat in sandbox.world.chats:
            found = [one["id"] for one in api.messages(chat.id)]
            if len(found) > 1 and len(chat.messages) <= 100:
                orders.add(found == [message.id for message in chat.messages])
        assert (
            orders
            == {"oldest_first": {True}, "newest_first": {False}, "mixed": {True, False}}[order]
        )
