from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.unit.sandbox.client import ask, load


def test_orders_change_the_world() -> None:
    with Sandbox(Scenario(chats=100)) as sandbox:
        url = f"{sandbox.url}/__sandbox__/control"

        def order(**body: Any) -> Any:
            return ask(url, "POST", json.dumps(body).encode()).json

        moved = order(action="shuffle_top", count=3)["chat_ids"]
        assert {one["chat_id"] for one in sandbox.truth()[:3]} == set(moved)
        new = order(action="new_chat")["chat_id"]
        assert sandbox.truth()[0]["chat_id"] == new
        order(action="new_message", chat_id=new, direction="out", text="Ждём")
        assert sandbox.truth()[0]["last_message_direction"] == "out"
        assert sandbox.truth()[0]["chat_status"] == "unread"
        applied = order(action="new_application", chat_id=new)
        assert sandbox.truth()[0]["application_id"] == applied["application_id"]
        assert sandbox.truth()[0]["outcome"] == "found"
        found = next(one for one in sandbox.truth() if one["outcome"] == "found")
        order(action="remove_resume", resume_id=found["resume_id"])
        again = next(one for one in sandbox.truth() if one["chat_id"] == found["chat_id"])
        assert again["outcome"] == "resume_removed"
        order(action="set", field="fail_every", value=2)
        assert [load(sandbox).status for _ in range(2)] == [200, 500]
        order(action="set", package=4, wander_times=9)
        assert (sandbox.world.package, sandbox.world.wanders_left) == (4, 9)
        sessid = order(action="sign_in")["sessid"]
        assert sessid in sandbox.world.sessions
        assert order(action="reset_counters") == {"ok": True}
        assert sandbox.counters()["loads"] == 0
        for wrong in (
            {"action": "nonsense"},
            {"action": "new_message", "chat_id": "none"},
            {"action": "new_message", "chat_id": new, "direction": "up"},
            {"action": "set", "field": "nonsense", "value": 1},
        ):
            assert ask(url, "POST", json.dumps(wrong).encode()).status == 400


def test_backstage_is_not_counted() -> None:
    with Sandbox(Scenario(chats=20)) as sandbox:
        base = f"{sandbox.url}/__sandbox__"
        page = ask(f"{base}/").body.decode()
        assert "contacts bought" in page
        assert ask(f"{base}/counters").json["requests"] == {}
        assert ask(f"{base}/truth").json == sandbox.truth()
        assert ask(f"{base}/ledger").json == ask(f"{base}/requests").json == []


def test_static_files_only() -> None:
    with Sandbox(Scenario(chats=1)) as sandbox:
        assert ask(f"{sandbox.url}/s/main.js").headers["Content-Type"].startswith("text/javascript")
        for name in ("nothing.js", "front.html", "..%2fpages.py"):
            assert ask(f"{sandbox.url}/s/{name}").status == 404
        assert ask(f"{sandbox.url}/job/v1/nothing").json["error"]["code"] == 404
        assert (
            ask(f"{sandbox.url}/job/v1/nothing")
            .headers["Content-Type"]
            .startswith("application/json")
        )


def test_a_taken_port_is_an_error() -> None:
    with Sandbox(Scenario(chats=1)) as sandbox:
        port = int(sandbox.url.rpartition(":")[2])
        with pytest.raises(OSError, match=str(port)), Sandbox(Scenario(chats=1), port):
            pass
    assert not [one for one in threading.enumerate() if one.name == "avito-sandbox"]
