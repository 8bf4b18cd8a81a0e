"""The last message of a chat, wherever the page's answers hold it, and whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.chats_run import assert_all_found, run_chats


@pytest.mark.parametrize("texts_in", ["objects", "string", "chunks"])
def test_texts_are_whole_and_notices_are_none(tmp_path: Path, texts_in: str) -> None:
    run = run_chats({"chats": 90, "texts_in": texts_in, "notices_every": 3}, tmp_path)
    assert_all_found(run)
    truth = {chat["chat_id"]: chat for chat in run.truth}
    notices = 0
    for chat in run.found:
        true = truth[chat["chat_id"]]
        text = (true["last_message"] or "").strip()
        if true["last_message_direction"] is None:
            notices += 1
            assert (chat["last_message"], chat["last_message_direction"]) == (None, None)
        elif text:  # of others the row shows what kind they are
            assert chat["last_message"] == text
    assert notices >= 30
