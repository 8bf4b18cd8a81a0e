"""Who wrote: a person or nobody."""

from __future__ import annotations

from typing import Any

import pytest

from avito_scrapy.avito.phrases import is_notice, is_stub
from avito_scrapy.avito.results import ChatFacts
from tests.unit.avito.test_parsing import CHAT, chat

NOBODYS = """
[Системное сообщение] Кандидат открыл контакты
  [СИСТЕМНОЕ СООБЩЕНИЕ]
Иван создал чат
Анна-Мария создала чат.
Иван И. создал чат
Кандидат пока ничего не написал
Юлия пока ничего не написала
пока ничего не написал
посмотрел номер
Иван посмотрел ваш номер телефона
Алёна поделилась контактом
поделился контактом
""".strip().split("\n")
SOMEBODYS = """
Я посмотрел номер
Посмотрел номер и позвонил
Иван создал чат, а дальше что?
Спасибо. Жена создала чат
Уже создал чат
Я с вами поделился контактом, позвоните
Он пока ничего не написал
Вчера поделился контактом
Системное сообщение не приходит
не написал
чат
Здравствуйте
""".strip().split("\n")


@pytest.mark.parametrize("text", NOBODYS)
def test_avitos_own_texts(text: str) -> None:
    assert is_notice(text)


@pytest.mark.parametrize("text", [None, "", *SOMEBODYS])
def test_what_people_write(text: str | None) -> None:
    assert not is_notice(text, kind="text", author_id=94235311)


@pytest.mark.parametrize("marks", [{"kind": "system"}, {"author_id": 0}, {"author_id": 1}])
def test_marks_of_a_notice(marks: dict[str, Any]) -> None:
    assert is_notice("Здравствуйте", **marks)
    assert is_notice(None, **marks)


@pytest.mark.parametrize(
    ("text", "stub"),
    [
        ("Перейдите на подписку с API мессенджера", True),
        ("Перейдите на\u00a0подписку с API мессенджера, чтобы увидеть сообщение", True),
        ("Перейдите на страницу", False),
        ("Как перейти на подписку с API мессенджера?", False),
        (None, False),
    ],
)
def test_stubs(text: str | None, stub: bool) -> None:
    assert is_stub(text) is stub


def last(**message: Any) -> ChatFacts:
    found, _ = chat({**CHAT, "last_message": {**CHAT["last_message"], **message}})
    assert isinstance(found, ChatFacts)
    return found


@pytest.mark.parametrize(
    "notice",
    [
        {"type": "system"},
        {"author_id": 0},
        {"author_id": "1"},
        {"content": {"text": "[Системное сообщение] да"}},
        {"content": {"text": "да", "flow_id": "job"}},
    ],
)
def test_a_notice_is_no_last_message_of_a_chat(notice: dict[str, Any]) -> None:
    found = last(**notice)
    assert (found.last_message, found.last_message_direction) == (None, None)
    assert (found.item_id, found.texts_hidden) == (77, False)
    assert found.last_message_at == "2019-10-21T10:34:00+00:00"


def test_a_stub_is_no_last_message_of_a_chat() -> None:
    found = last(content={"text": "Перейдите на подписку с API мессенджера"})
    assert (found.last_message, found.last_message_direction) == (None, None)
    assert found.texts_hidden


@pytest.mark.parametrize("content", [{}, {"text": None}, None])
def test_a_message_without_a_text_has_a_writer(content: Any) -> None:
    found = last(type="image", content=content, author_id=8)
    assert (found.last_message, found.last_message_direction) == (None, "in")
