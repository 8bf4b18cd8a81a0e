"""The messenger's list as the page loads it: what is read of it and what is written down."""

from __future__ import annotations

import copy
from dataclasses import fields
from typing import Any

import pytest

from avito_scrapy.avito.web_messenger import Channel, read_answer, read_request
from tools.contract.operations import used
from tools.contract.shapes import Shape

LIST = used()["getChannels"]
VALUES: dict[str, Any] = {"string": "text", "integer": 7, "boolean": True}


def _made(shape: Shape, name: str = "") -> Any:
    """A value with everything that ``shape`` has."""
    kind = next(iter((shape.types or frozenset()) - {"null"}))
    if kind == "object":
        return {key: _made(lazy(), key) for key, lazy in shape.properties.items()}
    if kind == "array":
        assert shape.items is not None
        return [_made(shape.items())]
    if name.endswith(("Timestamp", "At")):
        return 1_760_000_000_123_456_789
    return VALUES[kind]


def _whole() -> Any:
    return _made(LIST.answers["200"].media["application/json"])


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, (dict, list)) and value:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        return [leaf for key, inner in pairs for leaf in _leaves(inner, (*path, key))]
    return [path]


def _without(value: Any, path: tuple[Any, ...]) -> Any:
    changed = copy.deepcopy(value)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    return changed


def test_all_that_is_read_is_written_down() -> None:
    page = read_answer(_whole())
    assert page is not None
    assert page.has_more is True
    (channel,) = page.channels
    empty = [one.name for one in fields(Channel) if getattr(channel, one.name) is None]
    assert not empty, "what the document has gives every field"


TEXTS = {"preview", "composite", "body"}


def test_the_kind_of_a_message_tells_notices_only() -> None:
    whole = _whole()
    last = whole["success"]["channels"][0]["lastMessage"]
    del last["type"]
    assert read_answer(whole) == read_answer(_whole())
    last["type"] = "system"
    assert read_answer(whole) != read_answer(_whole())


READ = [path for path in _leaves(_whole()) if path[-1] != "type"]


@pytest.mark.parametrize("path", READ, ids=lambda path: ".".join(map(str, path)))
def test_all_that_is_written_down_is_read(path: tuple[Any, ...]) -> None:
    whole = _whole()
    if TEXTS & set(path):  # one of three places: the others must not stand in for it
        last = whole["success"]["channels"][0]["lastMessage"]
        here = [key for key in path if key in ("preview", "composite")]
        for place in ("preview", "body"):
            if place not in path:
                del last[place]
        if "body" in path:
            del last["body"]["text" if here else "composite"]
    assert read_answer(_without(whole, path)) != read_answer(whole)


def test_the_request_is_understood() -> None:
    assert LIST.body is not None
    shape = LIST.body.media["application/json"]
    assert set(shape.properties) == {"limit", "filters", "offsetTimestamp", "category"}
    asked = read_request(
        '{"limit": 30, "filters": {"excludeTags": [2, 3], "anyTags": []},'
        ' "offsetTimestamp": 1760000000123456789, "category": 1}'
    )
    assert asked.whole
    assert asked.offset == pytest.approx(1_760_000_000, abs=1)
