from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.report.people import Person, merge
from avito_scrapy.report.records import account_key, of_account
from tests.unit.report.helpers import TZ, ago, chat, write


def merged(*chats: ChatResume) -> Person:
    return merge(1, None, chats, TZ)


def test_one_resume_is_one_row_with_all_its_chats(tmp_path: Path) -> None:
    written = write(
        tmp_path,
        [
            chat(1, resume_id="5", item_title="Курьер", last_message_at=ago(days=2)),
            chat(2),
            chat(3, resume_id="5", item_title="Повар", last_message="Свежее",
                 last_message_at=ago(hours=1), phone=None),
        ],
    )  # fmt: skip
    rows = written.rows("Кандидаты")
    assert [row["Номер резюме"] for row in rows] == ["5", "3000000002"]
    assert rows[0]["Номера чатов"] == f"{chat(3).chat_id}\n{chat(1).chat_id}"
    assert rows[0]["Вакансии и объявления"] == "Повар\nКурьер"
    assert rows[0]["Последнее сообщение"] == "Свежее"
    assert rows[0]["Телефон"] == "+79000000001"
    assert (rows[0]["Чатов"], rows[0]["Как объединено"]) == (2, "по резюме")
    assert rows[1]["Как объединено"] is None


def test_one_phone_is_one_row_when_the_names_agree(tmp_path: Path) -> None:
    phone = "+79001112233"
    written = write(
        tmp_path,
        [
            chat(1, phone="8 (900) 111-22-33", full_name="Пробников Глеб"),
            chat(2, phone=phone, full_name="Пробников Г.", resume_id=None, outcome="no_resume"),
            chat(3, phone=phone, full_name="Пробников Глеб Олегович", resume_id="3000000001"),
        ],
    )
    (row,) = written.rows("Кандидаты")
    assert row["Телефон"] == phone
    assert row["Как объединено"] == "по резюме и телефону"
    people = written.figures()["Люди"]
    assert people["Людей объединено по резюме"]["Число"] == 1
    assert people["Людей объединено по телефону"]["Число"] == 1
    assert people["Повторных чатов тех же людей"]["Число"] == 2


def test_one_phone_under_two_names_is_two_rows_with_a_remark(tmp_path: Path) -> None:
    phone = "+79001112233"
    written = write(
        tmp_path,
        [
            chat(1, phone=phone, full_name="Пробников Глеб"),
            chat(2, phone=phone, full_name="Тестова Нина"),
        ],
    )
    first, second = written.rows("Кандидаты")
    assert "Тестова Нина" in first["Примечание"]
    assert "Пробников Глеб" in second["Примечание"]
    assert written.figures()["Люди"]["Людей с общим телефоном и разными именами"]["Число"] == 2


def test_people_are_joined_along_a_chain(tmp_path: Path) -> None:
    name = "Пробников Глеб"
    written = write(
        tmp_path,
        [
            chat(1, resume_id="1", phone="+79000000001", full_name=name),
            chat(2, resume_id="1", phone="+79000000002", full_name=name),
            chat(3, resume_id="3", phone="+79000000002", full_name=name),
            chat(4, resume_id="4", phone="+79000000001", full_name=name),
        ],
    )
    (row,) = written.rows("Кандидаты")
    assert row["Чатов"] == 4
    assert "ещё телефон: +7 900 000-00-02" in row["Примечание"]


WAITS = {"chat_status": "never_written", "waiting_since": ago(hours=1)}
STATUSES: list[tuple[list[dict[str, Any]], str]] = [
    ([{"chat_status": "unknown"}, {"chat_status": "replied"}], "replied"),
    ([{"chat_status": "never_written"}, {"chat_status": "unknown"}], "unknown"),
    ([{"chat_status": "never_written"}, {"chat_status": "never_written"}], "never_written"),
    ([{"chat_status": "never_written"}, {"chat_status": "unread"}], "unread"),
    ([WAITS, {"chat_status": "unread"}], "awaits_us"),
    ([{"chat_status": "refused"}, {"chat_status": "awaits_us", "waiting_since": ago(days=9)}],
     "refused"),
    ([{"chat_status": "awaits_us", "waiting_since": ago(days=1)}, {"chat_status": "refused"}],
     "awaits_us"),
    ([{"chat_status": "replied"}, {"chat_status": "refused"}], "replied"),
    ([{"chat_status": "unknown"}, {"chat_status": "unknown"}], "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "status"), STATUSES)
def test_the_status_of_a_person_with_two_chats(fields: list[dict[str, Any]], status: str) -> None:
    # the first is the fresher one
    chats = [chat(n, last_message_at=ago(hours=n), **one) for n, one in enumerate(fields, 1)]
    assert merged(*chats).status == status
    assert merged(*reversed(chats)).status == status


def test_the_wait_that_counts_is_the_latest() -> None:
    person = merged(
        chat(1, chat_status="awaits_us", waiting_since=ago(days=10), last_message_at=ago(days=9)),
        chat(2, chat_status="awaits_us", waiting_since=ago(minutes=10)),
    )
    assert person.waits is not None
    assert person.waits.waiting_since == ago(minutes=10)


def test_keys_are_phone_then_resume_then_chat() -> None:
    assert merged(chat(1)).keys == ["+79000000001", "3000000001", chat(1).chat_id]
    shared = merge(1, "Тестова Нина", [chat(1)], TZ)
    assert shared.keys == ["3000000001", chat(1).chat_id]


def test_of_notes_in_two_accounts_that_of_the_fresher_chat_is_first() -> None:
    chats = [
        of_account(chat(1, last_message_at=ago(days=2)), "юг"),
        of_account(chat(2, last_message_at=ago(days=1), phone=chat(1).phone), "север"),
    ]
    told = {"юг": "Думает", "север": "Перезвонить"}
    notes = {
        account_key(account, "+79000000001"): Note(outcome=outcome, comment=account, made_at=1.0)
        for account, outcome in told.items()
    }
    note = merge(1, None, chats, TZ, notes).note
    assert (note.outcome, note.comment) == ("Перезвонить", "север / юг")
