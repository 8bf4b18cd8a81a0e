from __future__ import annotations

import pytest

from avito_scrapy.avito.forbidden_requests import (
    RULES,
    frame_must_not_be_sent,
    must_not_be_sent,
    network_rules,
)


def test_every_rule_stops_its_example() -> None:
    for rule in RULES:
        url = f"https://www.avito.ru{rule.example}"
        assert rule.matches("POST", url)
        assert must_not_be_sent("POST", url)


def test_the_rules_for_the_browser() -> None:
    rules = network_rules()
    assert [rule["id"] for rule in rules] == list(range(1, len(rules) + 1))
    assert all("websocket" in r["condition"]["resourceTypes"] for r in rules if r["priority"] == 3)
    assert [r["action"]["type"] for r in rules].count("block") == len(RULES) + 1  # all sockets


@pytest.mark.parametrize(
    "frame",
    [
        '{"id": 1, "method": "messenger.readChats.v2", "params": {}}',
        '{"method": "messenger.\\u0072eadChats"}',
        b'{"type": "markAsRead"}',
        '42["chat_opened", {}]',
        '{"type": "CHAT_READ"}',
        '{"method": "messenger.history", "params": {"channelId": "u2i-1-2"}}',
    ],
)
def test_frames_that_are_dropped(frame: str | bytes) -> None:
    assert frame_must_not_be_sent(frame)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        '{"type": "ping"}',
        '{"method": "messenger.getChats", "params": {"unreadOnly": false}}',
        '{"type": "ready", "market": 1, "thread": 2}',
        b"\x08\x01\x12\x00",
    ],
)
def test_frames_that_pass(frame: str | bytes) -> None:
    assert not frame_must_not_be_sent(frame)
