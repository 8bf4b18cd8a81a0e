"""A real account's 2,655 chats: the right person behind every one, and cheap to ask again."""

from __future__ import annotations

from pathlib import Path

from avito_sandbox import Sandbox, Scenario
from tests.support.resumes_run import assert_true, run_again, write_chats


def test_every_chat_is_told_rightly_and_the_next_run_costs_little(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=2655, rate_limit_rps=20_000)) as sandbox:
        write_chats(sandbox, tmp_path)
        first = run_again(sandbox, tmp_path)
        assert (first.result.reason, first.result.status) == ("finished", 0), first.result.log
        truth = {chat["chat_id"]: chat for chat in sandbox.truth()}
        assert_true(first.lines, truth)
        assert first.result.stats["avito/resumes/total"] == 2655
        assert "failed" not in first.outcomes()
        assert not [name for name in first.result.stats if name.startswith("avito/drift/")]
        assert first.counters["contacts_bought"] == 0
        assert first.requests["token"] == 1
        # Each resume once, no messages of those who are no candidates.
        private = [told for told in truth.values() if told["kind"] == "private_item"]
        resumes = {told["resume_id"] for told in truth.values() if told["resume_id"]}
        assert first.requests["resumes"] == len(resumes) + len(private)
        assert first.counters["chats_marked_read_ids"] == []

        before = sum(first.requests.values())
        again = run_again(sandbox, tmp_path)
        assert again.result.status == 0
        assert sum(again.requests.values()) - before <= 100
        assert_true(again.lines, truth)
        assert {line["from_store"] for line in again.lines.values()} == {True}
        for chat_id, line in again.lines.items():
            assert line == {**first.lines[chat_id], "from_store": True}
