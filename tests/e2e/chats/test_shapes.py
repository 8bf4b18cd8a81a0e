"""Whatever the page is made of: every chat once, none opened, and the run says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.chats_run import assert_all_found, run_chats

SHAPES: dict[str, dict[str, Any]] = {
    "rows kept, the list scrolls": {"rows": "kept", "scroll": "list"},
    "rows virtualised, the window scrolls, a button after every page": {
        "rows": "virtualised", "scroll": "window", "more_button": "always",
    },
    "rows recycled, something around the list scrolls, ids in links only, loads reset": {
        "rows": "recycled", "scroll": "parent", "data_ids": "none", "hrefs": "mixed",
        "fail_every": 3, "fail_kind": "reset", "fail_mode": "retry_button",
    },
    "rows virtualised, something inside the list scrolls, first page embedded, loads fail": {
        "rows": "virtualised", "scroll": "inner", "data_ids": "all", "first_page": "embedded",
        "fail_every": 3, "fail_kind": "http_500", "fail_mode": "scroll_retry",
    },
    "rows kept, the window scrolls, a button at the end, slow loads": {
        "scroll": "window", "more_button": "at_end", "more_every": 2,
        "slow_every": 3, "slow_ms": 2200, "title_marker": "channel-name",
    },
    "chats jump to the top unseen, new ones come, the end is told late": {
        "rows": "virtualised", "jump_every": 1, "jump_live": False, "new_every": 3,
        "new_times": 2, "has_more_lies": "once",
    },
}  # fmt: skip


@pytest.mark.parametrize("scenario", SHAPES.values(), ids=SHAPES)
def test_every_chat_once(scenario: dict[str, Any], tmp_path: Path) -> None:
    run = run_chats({"chats": 95, "page_latency_ms": 30, **scenario}, tmp_path)
    assert_all_found(run)
    assert run.result.stats["avito/chats/end_seen"] == 1
    if scenario.get("fail_every"):
        assert run.counters["answers"]["getChannels"]
    if scenario.get("jump_every"):
        assert len(run.counters["jumps"]) > 2


def test_facts(tmp_path: Path) -> None:
    run = run_chats({"chats": 95, "rows": "virtualised"}, tmp_path)
    assert_all_found(run)
    truth = {chat["chat_id"]: chat for chat in run.truth}
    for position, chat in enumerate(run.found, 1):
        true = truth[chat["chat_id"]]
        assert chat["position"] == position
        assert chat["chat_url"].endswith(f"/profile/messenger/channel/{chat['chat_id']}")
        assert (chat["chat_type"], chat["is_unread"]) == (true["chat_type"], true["is_unread"])
        for name in ("user_name", "item_title"):
            assert (name, chat[name]) == (name, (true[name] or "").strip() or None)
        if true["last_message_at"] is None:
            assert chat["last_message_at"] is None
        else:
            when = datetime.fromisoformat(true["last_message_at"])
            off = datetime.fromisoformat(chat["last_message_at"]) - when
            assert abs(off) < timedelta(seconds=1)
        assert chat["last_message_direction"] in (true["last_message_direction"], None)
        assert (chat["last_message"] is None) >= (true["last_message_direction"] is None)
    known = [chat for chat in run.found if truth[chat["chat_id"]]["last_message_direction"]]
    directions = [chat["last_message_direction"] for chat in known]
    assert directions.count(None) <= 5
