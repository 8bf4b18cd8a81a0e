from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.unit.sandbox.client import SandboxClient, ask, some


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Scenario(chats=1300, rate_limit_rps=None)) as running:
        yield running


@pytest.fixture(scope="module")
def api(sandbox: Sandbox) -> SandboxClient:
    return SandboxClient(sandbox)


def test_token_wants_the_right_form(sandbox: Sandbox, api: SandboxClient) -> None:
    good = api.new_token().json
    assert good["token_type"] == "Bearer"
    assert good["expires_in"] == 86_400
    bad = api.new_token("wrong")
    assert (bad.status, bad.json["error"]) == (403, "invalid_client")
    assert "error_description" in bad.json
    url = f"{sandbox.api_url}/token"
    assert ask(url, "POST", b"").status == 400
    assert ask(url, "POST", b"grant_type=password").json["error"] == "unsupported_grant_type"
    for broken in (b"\xff=\xff", b"{}"):
        assert ask(url, "POST", broken).json["error"] == "invalid_request"
    wrong = ask(url)
    assert (wrong.status, wrong.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_nothing_without_a_token(sandbox: Sandbox, header: str) -> None:
    answer = ask(f"{sandbox.api_url}/core/v1/accounts/self", headers={"Authorization": header})
    assert (answer.status, answer.json["error"]["code"]) == (401, 401)


def test_self_and_strangers(sandbox: Sandbox, api: SandboxClient) -> None:
    assert api.get("/core/v1/accounts/self").json["id"] == sandbox.world.account_id
    assert api.get("/messenger/v2/accounts/5/chats").status == 403
    assert api.get("/messenger/v2/accounts/x/chats").status == 400


def test_chats_are_paged_and_filtered(sandbox: Sandbox, api: SandboxClient) -> None:
    seen: list[dict[str, Any]] = []
    for offset in range(0, 1001, 100):
        seen += api.get(f"{api.chats}?limit=100&offset={offset}").json["chats"]
    assert len({chat["id"] for chat in seen}) == 1100
    assert {chat["id"][:3] for chat in seen} == {"u2i"}
    assert [chat["updated"] for chat in seen] == sorted((c["updated"] for c in seen), reverse=True)
    both = api.get(f"{api.chats}?chat_types=u2u,a2u").json["chats"]
    assert {chat["id"][:3] for chat in both} == {"u2u", "a2u"}
    chat = next(c for c in sandbox.world.chats if c.item)
    assert chat.item
    about = api.get(f"{api.chats}?item_ids={chat.item.id}").json["chats"]
    assert {one["context"]["value"]["id"] for one in about} == {chat.item.id}
    unread = api.get(f"{api.chats}?unread_only=true").json["chats"]
    assert unread
    assert not any(sandbox.world.chats_by_id[one["id"]].is_read for one in unread)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=--5",
        "limit=101",
        "offset=1001",
        "offset=-1",
        "chat_types=x",
        "limit=a",
        "item_ids=x",
    ],
)
def test_chats_refuse_what_is_out_of_bounds(api: SandboxClient, query: str) -> None:
    answer = api.get(f"{api.chats}?{query}")
    assert answer.status == 400
    assert answer.json["error"]["message"] == "Validation error"


def test_a_chat_shows_its_context(sandbox: Sandbox, api: SandboxClient) -> None:
    chat = some(sandbox, "purchased")
    assert chat.resume
    told = api.get(f"{api.chats}/{chat.id}").json
    value = told["context"]["value"]
    assert value["id"] == chat.resume.id
    assert value["user_id"] == chat.user_id != sandbox.world.account_id
    assert "/rezume/" in value["url"]
    assert told["last_message"]["direction"] in ("in", "out")
    assert api.get(f"{api.chats}/u2i-0").status == 404
    avito = next(c for c in sandbox.world.chats if c.kind == "avito")
    assert (api.get(f"{api.chats}/{avito.id}").json.get("context") or {}).get("type") != "item"


def test_messages_come_in_both_shapes_and_mark_nothing(
    sandbox: Sandbox, api: SandboxClient
) -> None:
    chats = sandbox.world.chats[:30]
    account = sandbox.world.account_id
    kinds = set()
    for chat in chats:
        path = f"/messenger/v3/accounts/{account}/chats/{chat.id}/messages"
        body = api.get(path).json
        assert body == api.get(path + "/").json
        kinds.add(type(body))
        found = body["messages"] if isinstance(body, dict) else body
        assert [one["id"] for one in found] == [m.id for m in reversed(chat.messages)][:100]
    assert kinds == {list, dict}
    assert sandbox.counters()["chats_marked_read"] == 0
    long = next(chat for chat in sandbox.world.chats if len(chat.messages) > 100)
    pages = api.messages(long.id) + api.messages(long.id, "?offset=100")
    assert {one["id"] for one in pages} == {message.id for message in long.messages}


def _all_ids(api: SandboxClient, since: str = "2000-01-01") -> list[str]:
    path = f"/job/v1/applications/get_ids?updatedAtFrom={since}"
    found: list[str] = []
    while page := api.get(path + (f"&cursor={found[-1]}" if found else "")).json["applies"]:
        assert len(page) <= 100
        found += [one["id"] for one in page]
    return found


def test_applications_name_the_chats(sandbox: Sandbox, api: SandboxClient) -> None:
    ids = _all_ids(api)
    assert len(ids) == len(set(ids)) == len(sandbox.world.applications)
    bodies = []
    for start in range(0, len(ids), 100):
        batch = ids[start : start + 100]
        bodies += api.post("/job/v1/applications/get_by_ids", {"ids": batch}).json["applies"]
    assert {one["id"] for one in bodies} == set(ids)
    named = {((one["contacts"].get("chat") or {}).get("value")) for one in bodies} - {None}
    assert named == {chat.id for chat in sandbox.world.chats if chat.kind == "application"}
    resume_ids = [one["applicant"].get("resume_id") for one in bodies]
    assert {type(one) for one in resume_ids} == {str, int, type(None)}
    phones = [one["value"] for body in bodies for one in body["contacts"]["phones"]]
    assert {type(one) for one in phones} == {str, int}
    assert all(body["created_at"].endswith("+03:00") for body in bodies)
    assert all(body["updated_at"].endswith("Z") for body in bodies)


def test_nothing_comes_after_an_unknown_cursor(api: SandboxClient) -> None:
    path = "/job/v1/applications/get_ids?updatedAtFrom=2000-01-01&cursor=none"
    assert api.get(path).json == {"applies": []}


@pytest.mark.parametrize("query", ["", "?updatedAtFrom=yesterday", "?updatedAtFrom=2026-02-30"])
def test_application_ids_refuse(api: SandboxClient, query: str) -> None:
    assert api.get(f"/job/v1/applications/get_ids{query}").status == 400


def test_a_hundred_applications_at_most(api: SandboxClient) -> None:
    path = "/job/v1/applications/get_by_ids"
    assert api.post(path, {"ids": ["x"] * 101}).status == 400
    assert api.post(path, {"ids": [1]}).status == 400
    assert api.post(path, []).status == 400
    assert api.post(path, {"ids": ["a"], "n": 1}).status == 200
    assert api.post(path, {"ids": ["unknown"]}).json == {"applies": []}


def test_resume_fields(sandbox: Sandbox, api: SandboxClient) -> None:
    chat = some(sandbox, "purchased")
    assert chat.resume
    path = f"/job/v2/resumes/{chat.resume.id}"
    whole = api.get(path).json
    assert whole["is_purchased"] is True
    assert whole["url"].startswith("/")
    assert "photos" not in whole
    less = api.get(f"{path}?fields=title&params=age,pol").json
    assert set(less) == {"id", "title", "params"}
    assert set(less["params"]) <= {"age", "pol"}
    assert api.get(f"{path}?fields=nonsense").status == 400
    assert api.get("/job/v2/resumes/1").status == 404
    assert api.get("/job/v2/resumes/x").status == 400


def test_params_are_there_null_and_missing(sandbox: Sandbox) -> None:
    states = {"there": 0, "null": 0, "missing": 0}
    for resume in sandbox.world.resumes.values():
        value = resume.body["params"].get("age", "missing")
        state = value if value == "missing" else "null" if value is None else "there"
        states[state] += 1
    assert min(states.values()) > 10
