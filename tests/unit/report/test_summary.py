from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from avito_scrapy.items import ChatStatus, Note, OutcomeName
from tests.unit.report.helpers import ago, chat, write

CHECK = "Проверка и пояснения"


def test_outcomes_and_statuses_add_up_to_the_input(tmp_path: Path) -> None:
    outcomes, statuses = get_args(OutcomeName), get_args(ChatStatus)
    chats = [
        chat(n, outcome=outcomes[n % len(outcomes)], chat_status=statuses[n % len(statuses)])
        for n in range(1, 101)
    ]
    written = write(tmp_path, chats, inputs=100)
    figures = written.figures()
    for table in ("Чаты по исходам", "Чаты по статусам переписки", "По вакансиям"):
        rows = dict(figures[table])
        total, inputs = rows.pop("Итого"), rows.pop("На входе чатов")
        count = "Чатов" if table == "По вакансиям" else "Число"
        assert sum(row[count] for row in rows.values()) == total[count] == inputs[count] == 100
        assert total[CHECK] == "сходится с входом"
    assert figures["Чаты по исходам"]["Ошибка"]["Число"] == 20
    assert figures["Чаты по исходам"]["Ошибка"]["Доля"] == 0.2
    people = figures["Люди"]
    assert (
        people["Людей"]["Число"] + people["Повторных чатов тех же людей"]["Число"]
        == people["Чатов с кандидатами"]["Число"]
    )
    assert people["Чатов с кандидатами"][CHECK].startswith("сходится")
    sheets = figures["Строк на листах"]
    assert sheets["Без_резюме"]["Число"] == 60
    assert sheets["Ошибки"]["Число"] == len(written.rows("Ошибки")) == 20


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    written = write(tmp_path, [chat(1), chat(2)], inputs=5)
    total = written.figures()["Чаты по исходам"]["Итого"]
    assert total[CHECK] == "НЕ СХОДИТСЯ: не хватает 3"
    written = write(tmp_path, [chat(1), chat(2)], inputs=1)
    assert written.figures()["Чаты по исходам"]["Итого"][CHECK] == "НЕ СХОДИТСЯ: больше на 1"


def test_an_unknown_input_is_not_taken_for_a_fact(tmp_path: Path) -> None:
    inputs = write(tmp_path, [chat(1)]).figures()["Чаты по исходам"]["На входе чатов"]
    assert inputs["Число"] is None
    assert inputs[CHECK] == "вход не записан: сверено с числом чатов в отчёте"


def test_how_fast_we_answer(tmp_path: Path) -> None:
    seconds = [60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 3600]
    # 21:30 UTC is half past midnight in Moscow
    replies = [("2026-01-19T21:30:00Z", one) for one in seconds]
    chats = [chat(1, replies=replies[:5]), chat(2, replies=replies[5:]), chat(3)]
    figures = write(tmp_path, chats).figures()
    speed = figures["Как быстро мы отвечаем"]
    assert speed["Наших ответов"]["Число"] == 11
    assert speed["Медиана, мин"]["Число"] == 6
    assert speed["90 % быстрее, мин"]["Число"] == 10
    hours = figures["Наши ответы по часам суток"]
    assert {hour: row["Число"] for hour, row in hours.items() if row["Число"]} == {"00:00": 11}
    assert len(hours) == 24


def test_no_answers_is_no_data(tmp_path: Path) -> None:
    speed = write(tmp_path, [chat(1)]).figures()["Как быстро мы отвечаем"]
    assert speed["Медиана, мин"]["Число"] is None
    assert speed["Медиана, мин"][CHECK] == "нет данных"


def test_who_waits_for_how_long(tmp_path: Path) -> None:
    waits = [0.5, 2, 23, 25, 71, 73, 300]
    chats = [
        chat(n, chat_status="awaits_us", waiting_since=ago(hours=hours))
        for n, hours in enumerate(waits, 1)
    ]
    table = write(tmp_path, [*chats, chat(99)]).figures()["Ждут нашего ответа (чатов)"]
    assert {name: row["Число"] for name, row in table.items()} == {
        "Всего ждут": 7, "Дольше 1 ч": 6, "Дольше 4 ч": 5, "Дольше 24 ч": 4,
    }  # fmt: skip


def test_by_vacancy(tmp_path: Path) -> None:
    refused: dict[str, Any] = {"chat_status": "refused"}
    chats = [
        chat(1, vacancy_id=1, item_title="Курьер", **refused),
        chat(2, vacancy_id=1, item_title="Курьер", chat_status="awaits_us",
             waiting_since=ago(hours=1)),
        chat(3, vacancy_id=2, item_title="Повар"),
        chat(4, vacancy_id=3, item_title="Повар"),
        # known by its title only: it can be but one of ours, or one of two
        chat(5, vacancy_id=None, item_title="Курьер", outcome="no_resume"),
        chat(6, vacancy_id=None, item_title="Повар", outcome="no_resume"),
        # we wrote to a resume: no vacancy
        chat(7, vacancy_id=None, match="chat_item", item_title="Резюме: Бариста"),
    ]  # fmt: skip
    table = write(tmp_path, chats, inputs=7).figures()["По вакансиям"]
    columns = ("Чатов", "С резюме", "Ждут нас", "Отказались")
    assert {name: tuple(row[c] for c in columns) for name, row in table.items()} == {
        "Курьер (№ 1)": (3, 2, 1, 1),
        "Повар (№ 2)": (1, 1, 0, 0),
        "Повар (№ 3)": (1, 1, 0, 0),
        "Повар": (1, 0, 0, 0),
        "(без вакансии)": (1, 1, 0, 0),
        "Итого": (7, None, None, None),
        "На входе чатов": (7, None, None, None),
    }


def test_each_step_of_the_funnel_comes_from_the_one_before(tmp_path: Path) -> None:
    chats = [
        chat(1),
        chat(2, chat_status="unread"),
        chat(3, phone=None),
        chat(4, outcome="no_resume"),
        chat(5, outcome="not_candidate", resume_id=None, phone=None, application_id=None),
        chat(6, chat_status="unknown"),
    ]
    written = write(tmp_path, chats).figures()
    funnel = next(table for name, table in written.items() if name.startswith("Воронка"))
    assert [row["Число"] for row in funnel.values()] == [6, 5, 4, 3, 2, 1]
    before = [row["От предыдущей"] for row in funnel.values()]
    assert before == pytest.approx([1, 5 / 6, 4 / 5, 3 / 4, 2 / 3, 1 / 2])
    assert [row["От всех"] for row in funnel.values()] == pytest.approx(
        [n / 6 for n in (6, 5, 4, 3, 2, 1)]
    )


def test_what_is_new_by_day_and_how_fast_the_first_answer_is(tmp_path: Path) -> None:
    # NOW is Tuesday, 15:00 in Moscow.
    chats = [
        chat(1, applied_at=ago(hours=1), replies=[(ago(minutes=50), 600), (ago(), 5)]),
        chat(2, applied_at=ago(hours=14), replies=[(ago(hours=13), 1200)]),
        chat(3, applied_at=ago(hours=16), item_title="Повар", vacancy_id=78),
        chat(4, applied_at=ago(days=3), replies=[(ago(days=3), 60)]),
        chat(5, applied_at=None),
    ]
    figures = write(tmp_path, chats).figures()
    new = {name: row["Число"] for name, row in figures["Новые отклики"].items()}
    assert new == {"Сегодня": 2, "На этой неделе": 3}
    days = figures["По дням"]
    assert len(days) == 14
    told = {name: (row["Новых откликов"], row["Наших ответов"]) for name, row in days.items()}
    assert told["20.01.2026"] == (2, 3)
    assert told["17.01.2026"] == (1, 1)
    assert told["19.01.2026"] == (1, 0)
    weeks = figures["Первый ответ по неделям"]
    first = {name: (r["Первых ответов"], r["Медиана, мин"]) for name, r in weeks.items()}
    assert first["19.01 – 25.01.2026"] == (2, 15)
    assert first["12.01 – 18.01.2026"] == (1, 1)
    assert figures["Как быстро мы отвечаем"]["Первых ответов"]["Число"] == 3
    assert {
        name: (row["Первых ответов"], row["Медиана, мин"], row["90 % быстрее, мин"])
        for name, row in figures["Первый ответ по вакансиям"].items()
    } == {"Курьер (№ 77)": (3, 10, 18)}


def test_outcomes_of_calls_are_counted_by_person(tmp_path: Path) -> None:
    notes = {"+79000000001": Note("Приглашён"), "+79000000002": Note("Приглашён", "в среду"),
             "+79000000003": Note(comment="без исхода")}  # fmt: skip
    people = [chat(1), chat(2), chat(3), chat(4, resume_id=chat(2).resume_id)]
    table = write(tmp_path, people, notes).figures()["Исходы звонков (людей)"]
    assert {name: row["Число"] for name, row in table.items()} == {
        "Приглашён": 2, "Всего людей с исходом": 2,
    }  # fmt: skip


def test_nobody_at_all(tmp_path: Path) -> None:
    written = write(tmp_path, [], inputs=0)
    assert written.rows("Кандидаты") == []
    total = written.figures()["Чаты по исходам"]["Итого"]
    assert (total["Число"], total[CHECK]) == (0, "сходится с входом")
