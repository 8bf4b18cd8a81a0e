"""``scrapy crawl chats -a until=known`` with a browser, against the sandbox."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.times import iso_to_seconds
from tests.support.scrapy_run import Result, crawl


def collect(sandbox: Sandbox, folder: Path, **args: object) -> Result:
    sandbox.reset_counters()
    return crawl(
        "chats",
        data_dir=folder,
        args={"pace": "fast", **args},
        env={"AVITO_WEB_URL": sandbox.web_url},
        timeout=90,
    )


def same(one: str | None, other: str | None) -> bool:
    """Whether both are the same time: the sandbox tells it to the nanosecond."""
    first, second = iso_to_seconds(one), iso_to_seconds(other)
    return first == second or abs((first or 0) - (second or 0)) < 0.002


def assert_whole(result: Result, truth: list[dict[str, Any]]) -> None:
    assert (result.reason, result.status) == ("finished", 0), result.log
    lines = {line["chat_id"]: line for line in result.items("chats.jl")}
    assert len(lines) == len(result.items("chats.jl"))
    assert set(lines) >= {chat["chat_id"] for chat in truth}
    wrong = {
        chat["chat_id"]
        for chat in truth
        if lines[chat["chat_id"]]["is_unread"] != chat["is_unread"]
        or not same(lines[chat["chat_id"]]["last_message_at"], chat["last_message_at"])
    }
    assert not wrong
    positions = [line["position"] for line in lines.values()]
    assert sorted(positions) == list(range(1, len(lines) + 1))


def test_what_has_changed_is_read_and_the_rest_is_kept(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=300)) as sandbox:
        first = collect(sandbox, tmp_path, until="known")
        assert "Reading to the end: there is no earlier chats.jl" in first.log
        assert_whole(first, sandbox.truth())
        assert os.stat(tmp_path / ".avito" / "chats.whole.json").st_mode & 0o777 == 0o600

        unchanged = collect(sandbox, tmp_path, until="known")
        assert_whole(unchanged, sandbox.truth())
        assert sandbox.counters()["loads"] <= 6
        assert unchanged.stats["avito/chats/kept"] > 100

        old = [chat["chat_id"] for chat in sandbox.truth()]
        for chat_id in old[200:203]:
            sandbox.control(action="new_message", chat_id=chat_id, text="Когда выходить?")
        new = sandbox.control(action="new_chat")["chat_id"]
        changed = collect(sandbox, tmp_path, until="known")
        assert_whole(changed, sandbox.truth())
        assert sandbox.counters()["loads"] <= 7
        lines = changed.items("chats.jl")
        assert {line["chat_id"] for line in lines[:4]} == {new, *old[200:203]}
        assert [line["last_message"] for line in lines[:4]].count("Когда выходить?") == 3

        # What was deleted is found by a run to the end.
        sandbox.control(action="delete_chat", chat_id=old[250])
        assert_whole(collect(sandbox, tmp_path, until="known"), sandbox.truth())
        to_the_end = collect(sandbox, tmp_path, until="end")
        assert_whole(to_the_end, sandbox.truth())
        assert old[250] not in {line["chat_id"] for line in to_the_end.items("chats.jl")}

        # A file that somebody has changed is no whole one.
        with (tmp_path / "chats.jl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"chat_id": "u2i-1-2"}) + "\n")
        to_the_end = collect(sandbox, tmp_path, until="known")
        assert "is not as a whole run left it" in to_the_end.log
        assert "avito/chats/kept" not in to_the_end.stats
        assert len(to_the_end.items("chats.jl")) == 300
        assert sandbox.counters()["chats_opened_ids"] == []
