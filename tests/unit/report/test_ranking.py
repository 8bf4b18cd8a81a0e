from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from avito_scrapy.items import ChatResume
from tests.unit.report.helpers import ago, chat, write

CALLS = "Для_звонков"


def waiting(number: int, name: str, since: str, **fields: Any) -> ChatResume:
    known = {"chat_status": "awaits_us", "waiting_since": since, "full_name": name}
    return chat(number, **{**known, **fields})


def test_the_order_of_calls_and_the_reasons(tmp_path: Path) -> None:
    people = [
        chat(1, full_name="молчит", chat_status="read_no_reply"),
        chat(2, full_name="неизвестно", chat_status="unknown"),
        waiting(15, "ждёт месяц", ago(days=30)),
        waiting(3, "ждёт неделю", ago(days=7)),
        waiting(4, "ждёт десять минут", ago(minutes=10)),
        waiting(5, "ждёт полчаса", ago(minutes=30)),
        waiting(6, "ждёт сутки без телефона", ago(hours=20), phone=None),
        waiting(7, "ждёт двое суток", ago(hours=50)),
        waiting(8, "ждёт пять часов", ago(hours=5)),
        waiting(9, "готова выйти", ago(hours=2), last_message="Могу выйти завтра"),
        chat(10, full_name="отвечал", chat_status="replied"),
        chat(11, full_name="не прочитал", chat_status="unread"),
        chat(12, full_name="новый отклик", chat_status="never_written", applied_at=ago(hours=3)),
        chat(13, full_name="отказался", chat_status="refused"),
        chat(14, full_name="не ждёт и без телефона", chat_status="replied", phone=None),
    ]
    rows = write(tmp_path, people).rows(CALLS)
    why = {row["Кандидат"]: row["Почему здесь"] for row in rows}
    assert list(why) == [
        "ждёт полчаса",
        "ждёт десять минут",
        "готова выйти",
        "ждёт пять часов",
        "ждёт сутки без телефона",
        "новый отклик",
        "ждёт двое суток",
        "ждёт неделю",
        "ждёт месяц",
        "не прочитал",
        "молчит",
        "отвечал",
        "неизвестно",
    ]
    assert [row["№"] for row in rows] == list(range(1, 14))
    assert why["ждёт полчаса"] == "ждёт ответа 30 мин; телефон есть"
    assert why["готова выйти"] == "ждёт ответа 2 ч; готов выйти; телефон есть"
    assert why["ждёт сутки без телефона"] == "ждёт ответа 20 ч; телефона нет: написать в чат"
    assert why["ждёт неделю"] == "ждёт ответа 7 дн.; телефон есть"
    assert why["новый отклик"] == "откликнулся 3 ч назад, мы не писали; телефон есть"
    assert why["неизвестно"].startswith("переписка не прочитана")
    assert rows[0]["Ждёт, ч"] == 0.5


@pytest.mark.parametrize(
    ("text", "ready"),
    [
        ("Готова приступить с понедельника", True),
        ("да, готов хоть завтра", True),
        ("Когда можно выходить?", True),
        ("Пока не готов выйти", False),
        ("Не смогу выйти завтра, могу выйти позже", False),
        ("Здравствуйте", False),
    ],
)
def test_readiness_is_read_from_their_own_words(tmp_path: Path, text: str, ready: bool) -> None:
    theirs = waiting(1, "а", ago(hours=1), last_message=text)
    ours = waiting(2, "б", ago(hours=1), last_message=text, last_message_direction="out")
    rows = {row["Кандидат"]: row for row in write(tmp_path, [theirs, ours]).rows(CALLS)}
    assert ("готов выйти" in rows["а"]["Почему здесь"]) is ready
    assert "готов выйти" not in rows["б"]["Почему здесь"]


def test_today_is_the_last_24_hours(tmp_path: Path) -> None:
    people = [
        chat(1, full_name="вчера вечером", last_message_at=ago(hours=23)),
        chat(2, full_name="позавчера", last_message_at=ago(hours=25)),
        chat(3, full_name="откликнулся", applied_at=ago(hours=2)),
        chat(4, full_name="резюме", resume_updated_at=ago(hours=4), chat_status="refused"),
        chat(5, full_name="мы", last_message_at=ago(hours=1), last_message_direction="out",
             applied_at=ago(hours=5)),
    ]  # fmt: skip
    rows = write(tmp_path, people).rows("На_сегодня")
    assert {row["Кандидат"]: row["Почему здесь"] for row in rows} == {
        "мы": "новый отклик",
        "откликнулся": "новый отклик",
        "резюме": "резюме обновлено",
        "вчера вечером": "новое сообщение от кандидата",
    }
    assert rows[0]["Кандидат"] == "откликнулся"


def test_never_written_is_never_unknown(tmp_path: Path) -> None:
    people = [
        chat(1, full_name="не писали", chat_status="never_written"),
        chat(2, full_name="неизвестно", chat_status="unknown"),
        chat(3, full_name="ошибка", chat_status="unknown", outcome="failed", reason="нет ответа"),
        chat(4, full_name="пишем", chat_status="unread"),
        chat(5, full_name="ждёт", chat_status="never_written", waiting_since=ago(hours=1),
             last_message_at=ago(hours=1)),
    ]  # fmt: skip
    rows = write(tmp_path, people).rows("Кому_не_писали")
    assert [row["Кандидат"] for row in rows] == ["ждёт", "не писали"]
    assert rows[0]["Почему здесь"] == "ни одного нашего сообщения; ждёт первого ответа 1 ч"


def test_every_chat_stands_somewhere(tmp_path: Path) -> None:
    nothing: dict[str, Any] = {
        "resume_id": None, "application_id": None, "phone": None, "full_name": None, "match": None,
    }  # fmt: skip
    people = [
        chat(1),
        chat(2, outcome="resume_removed"),
        chat(3, **{**nothing, "outcome": "no_resume", "user_name": "без резюме"}),
        chat(4, **{**nothing, "outcome": "not_candidate", "user_name": "Авито"}),
        chat(5, **{**nothing, "outcome": "failed", "reason": "Авито не ответил"}),
        chat(6, outcome="failed", reason="резюме не получено"),
        chat(7, **{**nothing, "outcome": None}),
    ]
    written = write(tmp_path, people)
    by_id = {c.chat_id: n for n, c in enumerate(people, 1)}
    shown = {
        title: [by_id[row[head]] for row in written.rows(title)]
        for title, head in (
            ("Кандидаты", "Номера чатов"), ("Без_резюме", "Номер чата"), ("Ошибки", "Номер чата"),
        )
    }  # fmt: skip
    assert shown == {"Кандидаты": [1, 2, 3, 6], "Без_резюме": [2, 3, 4], "Ошибки": [5, 6, 7]}
    reasons = [row["Причина"] for row in written.rows("Ошибки")]
    assert reasons == ["Авито не ответил", "резюме не получено", "причина не записана"]
    assert written.rows("Кандидаты")[3]["Примечание"] == "ошибка: резюме не получено"


def test_a_bot_s_chat_has_no_status_and_a_failed_one_says_that_nothing_is_known(
    tmp_path: Path,
) -> None:
    nobody = {"resume_id": None, "phone": None, "application_id": None, "chat_status": "unknown"}
    people = [chat(1, outcome="not_candidate", **nobody), chat(2, outcome="failed", **nobody)]
    written = write(tmp_path, people)
    assert [row["Статус переписки"] for row in written.rows("Без_резюме")] == [None]
    assert [row["Статус переписки"] for row in written.rows("Ошибки")] == [
        "? Нет данных о переписке"
    ]
