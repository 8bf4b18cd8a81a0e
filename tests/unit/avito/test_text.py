"""Strings and JSON from outside: one odd value costs nothing but itself."""

from __future__ import annotations

from typing import Any

import pytest

from avito_scrapy.avito.text import load_json, whole_text


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("да", "да"),
        ("\ud83d", "\ufffd"),
        ("жду\ud83d", "жду\ufffd"),
        ("\ude00жду", "\ufffdжду"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("", ""),
        ("ok \U0001f600", "ok 😀"),
    ],
)
def test_halves_of_characters_are_joined_or_replaced(text: str, whole: str) -> None:
    assert whole_text(text) == whole
    whole_text(text).encode()


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'{"text": "\ud83d", "id": 1}', {"text": "\ufffd", "id": 1}),
        (rb'{"text": "\ud83d\ude00"}', {"text": "😀"}),
        (rb'{"a\ud83d": [{"b": "c\ude00"}, 1, null]}', {"a\ufffd": [{"b": "c\ufffd"}, 1, None]}),
        (rb'"\ud83d"', "\ufffd"),
        (b'{"text": "\xd0", "id": 1}', {"text": "\ufffd", "id": 1}),
        (b'\xef\xbb\xbf{"id": 1}', {"id": 1}),
        (b'{"text": "a\nb"}', {"text": "a\nb"}),
        (b'{"id": ' + b"9" * 5000 + b', "b": 1}', {"id": float("inf"), "b": 1}),
    ],
)
def test_one_odd_value_does_not_cost_the_answer(body: bytes, value: Any) -> None:
    assert load_json(body) == value


def test_what_is_nested_too_deep_becomes_null_and_nothing_else_does() -> None:
    deep = b"[" * 200_000 + b'"]"' + b"]" * 200_000
    body = b'{"id": 7, "deep": {"a": ' + deep + b'}, "text": "[{\\"[", "last": [1, "\\ud83d"]}'
    found = load_json(body)
    assert found["id"] == 7
    assert found["text"] == '[{"['
    assert found["last"] == [1, "\ufffd"]
    inner, levels = found["deep"]["a"], 0
    while inner is not None:
        inner, levels = inner[0], levels + 1
    assert 50 < levels <= 100


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"a": 1', b"[" * 300, b"]", b"[" * 200_000])
def test_what_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        load_json(body)
