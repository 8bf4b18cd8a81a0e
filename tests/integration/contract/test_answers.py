"""Answers that no crawl of ours brings about are by the document too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.integration.contract.paper import Paper
from tests.unit.sandbox.client import SandboxClient, load


@pytest.fixture
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(Scenario(chats=60, record=True, **request.param)) as sandbox:
        yield sandbox


def _faults(sandbox: Sandbox, *statuses: int) -> list[str]:
    """What is wrong with the answers; the statuses must be these, in this order."""
    records = [one for one in sandbox.requests() if one["status"] in statuses]
    assert [one["status"] for one in records] == list(statuses)
    paper = Paper()
    return [fault for one in records for fault in paper.faults(one) if "answer" in fault]


@pytest.mark.parametrize("sandbox", [{"rate_limit_rps": 0.001}], indirect=True)
def test_too_many_requests(sandbox: Sandbox) -> None:
    api = SandboxClient(sandbox)
    answers = [api.get("/core/v1/accounts/self") for _ in range(2)]
    assert "X-RateLimit-Remaining" in answers[1].headers
    assert "Retry-After" not in answers[1].headers
    assert not _faults(sandbox, 200, 200, 429)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("sandbox", [{"rate_limit_rps": None}], indirect=True)
def test_a_token_that_has_died(sandbox: Sandbox, status: int) -> None:
    sandbox.control("set", expired_status=status)
    api = SandboxClient(sandbox)
    sandbox.control("expire_tokens")
    for path in ("/core/v1/accounts/self", api.chats, "/job/v2/resumes/1"):
        assert api.get(path).status == status
    assert not _faults(sandbox, status, status, status)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("sandbox", [{}], indirect=True)
def test_wrong_keys(sandbox: Sandbox, status: int) -> None:
    sandbox.control("set", credentials_status=status)
    SandboxClient(sandbox).new_token(secret="wrong")
    assert not _faults(sandbox, status)


@pytest.mark.parametrize("sandbox", [{"subscription": "none"}], indirect=True)
def test_no_subscription(sandbox: Sandbox) -> None:
    api = SandboxClient(sandbox)
    for path in (api.chats, f"{api.chats}/u2i-1", "/job/v2/resumes/1"):
        assert api.get(path).status == 402
    assert not _faults(sandbox, 402, 402, 402)


@pytest.mark.parametrize("shape", ["array", "object"])
@pytest.mark.parametrize("sandbox", [{"rate_limit_rps": None}], indirect=True)
def test_messages_and_chats_of_every_kind(sandbox: Sandbox, shape: str) -> None:
    sandbox.control("set", messages_shape=shape)
    api = SandboxClient(sandbox)
    assert api.get(f"{api.chats}?limit=1").status == 200
    chats = list(sandbox.world.chats_by_id)
    for chat in chats:
        assert api.get(f"{api.chats}/{chat}").status == 200
        api.messages(chat)
    assert not _faults(sandbox, *[200] * (2 + 2 * len(chats)))


@pytest.mark.parametrize("sandbox", [{"rate_limit_rps": None}], indirect=True)
def test_wrong_requests(sandbox: Sandbox) -> None:
    api = SandboxClient(sandbox)
    for path in (
        f"{api.chats}?limit=101",
        "/job/v1/applications/get_ids",
        "/job/v2/resumes/x",
        "/job/v1/resumes/x/contacts/",
    ):
        assert api.get(path).status == 400
    assert api.get(f"{api.chats}/u2i-none").status == 404
    assert not _faults(sandbox, *[400] * 4, 404)


WEB: list[tuple[dict[str, Any], int]] = [
    ({}, 200),
    ({"session": "signed_out"}, 401),
    ({"refuse": "forbidden_403"}, 403),
]


@pytest.mark.parametrize(("sandbox", "status"), WEB, indirect=["sandbox"])
def test_the_messengers_list(sandbox: Sandbox, status: int) -> None:
    assert load(sandbox).status == status
    assert not _faults(sandbox, status)


@pytest.mark.parametrize("sandbox", [{"fail_every": 2}], indirect=True)
def test_the_messengers_list_in_trouble(sandbox: Sandbox) -> None:
    assert [load(sandbox).status for _ in range(2)] == [200, 500]
    assert not _faults(sandbox, 200, 500)
