from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avito_scrapy.avito.answer_model import read
from avito_scrapy.avito.models import (
    Application,
    ChatAnswer,
    Contacts,
    Messages,
    Resume,
    SelfAnswer,
    TokenAnswer,
)
from avito_scrapy.avito.parsing import GrantedToken, read_token
from avito_scrapy.avito.results import Failure
from avito_scrapy.reasons import Reason

WHOLE_RESUME = {
    "id": 77,
    "title": "Повар",
    "url": "/moskva/rezume/povar_77",
    "update_time": "2026-08-21T09:53:06Z",
    "is_purchased": False,
}


def test_unknown_fields_are_left_out() -> None:
    answer, drifts = read(SelfAnswer, {"id": 5, "new": {"deep": [1]}})
    assert (answer.id, drifts) == (5, ())


@pytest.mark.parametrize("given", [5, "5", 5.0])
def test_ids_come_as_numbers_and_as_text(given: object) -> None:
    assert read(SelfAnswer, {"id": given}) == (SelfAnswer(id=5), ())
    answer, drifts = read(Contacts, {"contacts": [{"type": "phone", "value": given}]})
    assert answer.contacts
    assert answer.contacts[0]
    assert (answer.contacts[0].value, drifts) == (str(given), ())


def test_what_may_be_absent_is_no_drift() -> None:
    _, drifts = read(Resume, dict(WHOLE_RESUME))
    assert drifts == ()


@pytest.mark.parametrize(
    ("change", "drift"),
    [
        ({"title": ["Повар"]}, "title"),
        ({"update_time": "yesterday"}, "update_time"),
        ({"salary": "договорная"}, "salary"),
        ({"params": "none"}, "params"),
        ({"params": {"age": {"years": 3}, "pol": "Женский"}}, "params.age"),
        (
            {"params": {"experience_list": [{}, {"work_start": "?"}]}},
            "params.experience_list.work_start",
        ),
        ({"params": {"experience_list": [3]}}, "params.experience_list"),
    ],
)  # fmt: skip
def test_a_mistyped_field_is_named_and_left_empty(change: dict[str, Any], drift: str) -> None:
    answer, drifts = read(Resume, {**WHOLE_RESUME, **change})
    assert drifts == (drift,)
    assert answer.url == WHOLE_RESUME["url"]
    value: Any = answer
    for part in drift.split("."):
        value = getattr(value, part, None)
    assert value is None or "experience_list" in drift


def test_a_missing_field_is_named() -> None:
    answer, drifts = read(Resume, {"id": 77, "title": None, "url": "/x"})
    assert set(drifts) == {"update_time", "is_purchased"}
    assert answer.is_purchased is None


def test_several_drifts_at_once_are_all_named() -> None:
    answer, drifts = read(Application, {"id": "a", "applicant": [], "contacts": {"chat": 3}})
    assert set(drifts) == {"applicant", "contacts.chat", "vacancy_id", "created_at"}
    assert (answer.id, answer.applicant) == ("a", None)
    assert answer.contacts
    assert answer.contacts.chat is None


@pytest.mark.parametrize("data", [None, [], "text", 3, [[]]])
def test_an_answer_that_is_no_object(data: object) -> None:
    answer, drifts = read(TokenAnswer, data)
    assert drifts == ("",)
    assert answer == TokenAnswer()


def test_messages_come_in_two_shapes() -> None:
    one = {"created": 1, "direction": "in", "type": "text", "content": {"text": "да"}}
    bare, _ = read(Messages, [dict(one)])
    wrapped, _ = read(Messages, {"messages": [dict(one)], "meta": {"has_more": False}})
    assert bare.messages == wrapped.messages
    assert bare.messages
    assert bare.messages[0]
    assert bare.messages[0].content
    assert bare.messages[0].content.text == "да"


def test_a_system_context_has_no_item() -> None:
    data = {"users": [], "context": {"type": "system", "value": {"what": "ever"}}}
    answer, drifts = read(ChatAnswer, data)
    assert drifts == ()
    assert answer.context
    assert answer.context.value is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "contacts", "chat", "value", "applicant", "users", "context",
                             "type", "created_at", "data", "params", "messages"]),
            inner, max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(JSON)
def test_nothing_that_is_json_is_too_odd(data: Any) -> None:
    for model in (Application, ChatAnswer, Contacts, Messages, Resume):
        answer, _ = read(model, data)
        assert isinstance(answer, model)
        data = None if data is None else data


@pytest.mark.parametrize(
    ("status", "data", "refused"),
    [
        (200, {"access_token": "t\r\nX-Odd: 1", "expires_in": 86400}, False),
        (200, {"access_token": "токен"}, False),
        (200, {"access_token": ""}, False),
        (200, ["no object"], False),
        (503, None, False),
        (200, {"error": "invalid_client"}, True),
        (200, {"error": {"code": 7}}, True),
        (401, {}, True),
    ],
)
def test_no_token_and_whether_that_is_for_good(status: int, data: Any, refused: bool) -> None:
    answer, _ = read_token(status, data)
    assert answer == Failure(Reason("no_token", status=status), status if refused else None)


def test_a_token_and_how_long_it_lives() -> None:
    data = {"access_token": "a.b-c", "expires_in": "86400", "token_type": "Bearer"}
    assert read_token(200, data) == (GrantedToken("a.b-c", 86400), ())
