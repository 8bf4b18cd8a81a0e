from __future__ import annotations

import pytest

from avito_scrapy.avito.phrases import quiet_kind


@pytest.mark.parametrize(
    "text",
    [
        "👍", "🙏🏻", "👍👍 Ок", "Ок", "ок.", "Окей, спасибо!", "спасибо", "Спасибо большое",
        "Хорошо, спасибо за ответ", "Понял, принято", "Договорились, до завтра!", "Всего доброго",
    ],
)  # fmt: skip
def test_what_asks_nothing(text: str) -> None:
    assert quiet_kind(text) == "courtesy"


@pytest.mark.parametrize(
    "text",
    [
        "Ок, а во сколько?", "Спасибо, когда выходить", "Хорошо, готов завтра", "да", "+", "Ок +",
        "Буду", "Ок?", "Нет, спасибо", "спасибо, перезвоните", "Здравствуйте", "89000000000", "...",
        "", None, "ок " * 200 + "когда выходить",
    ],
)  # fmt: skip
def test_what_may_ask_something(text: str | None) -> None:
    assert quiet_kind(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Сообщение удалено", "deleted"),
        ("Автоответ: я занят, напишу позже. Что за вакансия?", "automatic"),
        ("Это автоматический ответ", "automatic"),
    ],
)
def test_what_was_deleted_or_sent_by_a_program(text: str, kind: str) -> None:
    assert quiet_kind(text) == kind
