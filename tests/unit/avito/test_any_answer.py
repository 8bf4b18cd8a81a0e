"""Whatever Avito answers: no exception, and only facts that files and databases can hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avito_scrapy.avito import parsing
from avito_scrapy.avito.answer_model import LARGEST_WHOLE
from avito_scrapy.avito.chat_status import MessagePage, read_messages, read_talk
from avito_scrapy.avito.parsing import read_applications
from avito_scrapy.avito.text import load_json
from avito_scrapy.avito.web_messenger import read_answer
from tests.unit.avito.test_parsing import CHAT
from tests.unit.avito.test_web import channel
from tests.unit.resumes.test_applications import entry

TODAY = date(2026, 11, 24)
RESUME: dict[str, Any] = {
    "id": 77, "title": "Повар", "url": "/x", "update_time": "2026-08-21T09:53:06Z",
    "is_purchased": True, "salary": 6,
    "params": {"age": 32, "pol": "Женский", "nationality": "rus", "education": "higher",
               "experience_list": [{"work_start": "2015-07-01", "work_finish": None}]},
}  # fmt: skip
CONTACTS: dict[str, Any] = {
    "contacts": [{"type": "phone", "value": "79990000000"}],
    "name": "Проба",
}
MESSAGE: dict[str, Any] = {
    "created": 1571654040, "direction": "out", "type": "text", "author_id": 7, "read": 1571654041,
    "content": {"text": "да", "flow_id": None},
}  # fmt: skip


def _talk(data: Any) -> Any:
    page, _ = read_messages([data])
    if isinstance(page, MessagePage):
        return read_talk(page.messages, timezone.utc, has_more=page.has_more)
    return page


METHODS: dict[str, tuple[dict[str, Any], Callable[[Any], Any]]] = {
    "chat": (CHAT, lambda data: parsing.read_chat("u2i-x", data, 1, timezone.utc)[0]),
    "messages": (MESSAGE, _talk),
    "resume": (RESUME, lambda data: parsing.read_resume("77", data, "https://a.example", TODAY)[0]),
    "contacts": (CONTACTS, lambda data: parsing.read_contacts(data)[0]),
    "applications": (
        entry(), lambda data: read_applications([data], TODAY)[0].found,
    ),
    "list": (channel(), lambda data: read_answer({"success": {"channels": [data]}})),
}  # fmt: skip
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**40), max_value=10**40),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["\ud83d", "0001-01-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]
    ),
    st.sampled_from([[], {}, [None], {"text": None}, {"value": []}, [[]], "9" * 5000, 1e300]).map(
        deepcopy
    ),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[tuple[Any, ...]] = []
    for key, held in inner:
        found.append((*path, key))
        if isinstance(held, (dict, list)):
            found += _places(held, (*path, key))
    return found


def _values(fact: Any) -> list[Any]:
    if isinstance(fact, (list, tuple)):
        return [value for inner in fact for value in _values(inner)]
    if hasattr(fact, "__dataclass_fields__"):
        return _values(list(vars(fact).values()))
    return [fact]


@pytest.mark.parametrize("method", METHODS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(data=st.data())
def test_one_odd_value(method: str, data: st.DataObject) -> None:
    whole, read = METHODS[method]
    changed = json.loads(json.dumps(whole))
    for path in data.draw(st.lists(st.sampled_from(_places(whole)), min_size=1, max_size=3)):
        holder: Any = changed
        try:
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = data.draw(ODD)
        except (KeyError, TypeError, IndexError):
            continue  # an earlier change has replaced what held it
    body = json.dumps(changed).encode()
    for value in _values(read(load_json(body))):
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, int):
            assert abs(value) <= LARGEST_WHOLE
