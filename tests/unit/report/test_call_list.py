"""What the recruiter wrote, and what a candidate did since, decide where a person stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from avito_scrapy.errors import UsageError
from avito_scrapy.items import Note
from avito_scrapy.report.call_outcomes import default_outcomes, parse_outcomes, read_outcomes
from avito_scrapy.report.people import merge
from avito_scrapy.report.ranking import Ranked, call
from avito_scrapy.report.texts import Texts
from tests.unit.report.helpers import NOW, TZ, ago, chat, write

HOUR = 3600.0
HERE = NOW.astimezone(TZ)  # 15:00
WAITS: dict[str, Any] = {
    "chat_status": "awaits_us", "waiting_since": ago(hours=5), "last_message_at": ago(hours=5),
    "last_message": "Какая зарплата?",
}  # fmt: skip

APPLIED: dict[str, Any] = {"chat_status": "never_written", "waiting_since": None}


def place(
    *given: dict[str, Any], outcome: str | None = None, next_call: str | None = None,
    made: float = 2, seen: float | None = None,
) -> Ranked | None:  # fmt: skip
    """The place of a person with these chats; the note was ``made`` so many hours ago, by somebody
    who had ``seen`` the chats as they were so many hours ago."""
    at = NOW.timestamp()
    note = Note(
        outcome, None, next_call, "Мария", at - made * HOUR,
        None if seen is None else at - seen * HOUR,
    )  # fmt: skip
    chats = [chat(n, **fields) for n, fields in enumerate(given or ({**WAITS},), 1)]
    return call(merge(1, None, chats, TZ), note, HERE, default_outcomes(), Texts("ru"))


def block(*given: dict[str, Any], **note: Any) -> str | None:
    found = place(*given, **note)
    return None if found is None else found.block


@pytest.mark.parametrize(
    ("outcome", "made", "expected"),
    [
        (None, 2, "now"),
        ("Приглашён", 2, None),
        ("приглашен ", 2, None),
        ("Отказ", 2, None),
        ("Не подходит", 2, None),
        ("Неверный номер", 2, None),
        ("Отказали мы", 2, None),
        ("Отказался кандидат", 2, None),
        ("Вышел на работу", 2, None),
        ("Не ответил", 2, "today"),
        ("Не ответил", 3.1, "now"),
        ("Не пришёл", 2, "now"),
        ("Перезвонить", 2, "today"),
        ("Дозвонились", 2, "rest"),
        ("обещал подумать", 2, "rest"),
    ],
)
def test_an_outcome_takes_off_or_down_or_brings_back(
    outcome: str | None, made: float, expected: str | None
) -> None:
    assert block(outcome=outcome, made=made) == expected


@pytest.mark.parametrize("outcome", [None, "Перезвонить", "Не ответил", "Приглашён"])
@pytest.mark.parametrize(
    ("next_call", "expected"),
    [("2026-01-20 14:59", "now"), ("2026-01-20 18:00", "today"), ("2026-01-21 09:00", None)],
)
def test_an_agreed_call_decides(outcome: str | None, next_call: str, expected: str | None) -> None:
    assert block(outcome=outcome, next_call=next_call) == expected


@pytest.mark.parametrize(
    ("outcome", "next_call", "made", "expected"),
    [
        ("Не ответил", "2026-01-20 12:00", 1, "today"),  # called at that time, in vain
        ("Приглашён", "2026-01-20 12:00", 1, None),
        ("Перезвонить", "2026-01-20 12:00", 1, "now"),
        ("Перезвонить", "2026-01-20", 1, "now"),
        ("Перезвонить", "после обеда", 1, "today"),
        (None, "после обеда", 1, "today"),
        (None, "2026-02-31", 1, "today"),
    ],
)
def test_a_time_that_had_passed_when_the_note_was_made(
    outcome: str | None, next_call: str, made: float, expected: str | None
) -> None:
    assert block(outcome=outcome, next_call=next_call, made=made) == expected


def test_a_due_call_stands_on_top_the_earliest_first() -> None:
    due = [place(next_call=f"2026-01-20 {hour}:00") for hour in ("09", "14")]
    fresh = place({**WAITS, "waiting_since": ago(minutes=5), "last_message": "Готов выйти"})
    back = place(outcome="Не ответил", made=4)
    found = [one for one in (*due, back, fresh) if one is not None]
    assert len(found) == 4
    assert found == sorted(found, key=lambda one: one.sort)
    assert found[0].why.startswith("звонок назначен на 20.01.2026 09:00: пора")


def test_an_agreed_call_counts_for_who_refused_or_has_no_phone() -> None:
    quiet = {"chat_status": "refused", "phone": None}
    assert block(quiet) is None
    assert block(quiet, next_call="2026-01-20 14:00") == "now"


@pytest.mark.parametrize("outcome", ["Приглашён", "Не ответил", "Дозвонились"])
def test_who_writes_again_comes_back_with_the_note(outcome: str) -> None:
    again = place({**WAITS, "waiting_since": ago(hours=1)}, outcome=outcome, made=6)
    assert again is not None
    assert again.block == "now"
    assert again.why.startswith(f"новое от кандидата после вашей записи «{outcome}»; ждёт ответа")


def test_news_is_what_the_author_of_the_note_had_not_seen() -> None:
    # Saved two hours ago, on a list of six hours ago: the message of five hours ago was not on it.
    assert block(outcome="Приглашён", made=2, seen=6) == "now"
    assert block(outcome="Приглашён", made=2, seen=4) is None
    applied = {"chat_status": "replied", "last_message_at": ago(days=9), "applied_at": ago(hours=1)}
    assert block(applied, outcome="Отказ", made=2) == "rest"
    ours = {
        **applied,
        "applied_at": None,
        "last_message_at": ago(),
        "last_message_direction": "out",
    }
    assert block(ours, outcome="Отказ", made=2) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"waiting_since": ago(hours=24)}, "now"),
        ({"waiting_since": ago(hours=25)}, "today"),
        ({"waiting_since": ago(hours=72)}, "today"),
        ({"waiting_since": ago(hours=73)}, "rest"),
        ({**APPLIED, "applied_at": ago(hours=3)}, "now"),
        ({**APPLIED, "applied_at": ago(days=2)}, "today"),
        ({**APPLIED, "applied_at": ago(days=4)}, "rest"),
        ({"chat_status": "unread", "waiting_since": None}, "rest"),
        ({"chat_status": "unknown", "waiting_since": None}, "rest"),
        ({"chat_status": "refused", "waiting_since": None}, None),
        ({"chat_status": "replied", "waiting_since": None, "phone": None}, None),
    ],
)  # fmt: skip
def test_without_a_note_the_wait_decides(fields: dict[str, Any], expected: str | None) -> None:
    assert block({**WAITS, **fields}) == expected


def test_courtesy_ranks_after_questions_and_hides_nobody() -> None:
    thanks = {**WAITS, "last_message": "Ок 👍"}
    polite, asks = place(thanks), place({**WAITS, "waiting_since": ago(days=2)})
    assert polite is not None
    assert asks is not None
    assert polite.block == asks.block == "today"
    assert polite.sort > asks.sort
    assert "без вопроса (вежливость)" in polite.why
    # An earlier message waits too, and it is not known what it asks.
    assert block({**thanks, "waiting_since": ago(hours=6)}) == "now"
    assert block(thanks, {**WAITS, "waiting_since": ago(hours=7)}) == "now"


def test_what_waits_is_what_is_shown(tmp_path: Path) -> None:
    same = {"resume_id": "1", "phone": "+79000000001"}
    ours = chat(1, **same, chat_status="unread", last_message="Ждём вас", last_message_at=ago(),
                last_message_direction="out")  # fmt: skip
    thanks = chat(2, **same, **{**WAITS, "last_message": "Ок", "waiting_since": ago(hours=1),
                                "last_message_at": ago(hours=1)})  # fmt: skip
    written = write(tmp_path, [ours, thanks, chat(3, **same, **WAITS)])
    for title in ("Для_звонков", "На_сегодня"):
        [row] = written.rows(title)
        assert row["Сообщение кандидата"] == "Какая зарплата?"
    [row] = written.rows("Кандидаты")
    assert row["Последнее сообщение"] == "Какая зарплата?"


def test_the_blocks_follow_one_another_and_can_be_filtered(tmp_path: Path) -> None:
    chats = [chat(n, **{**WAITS, "waiting_since": ago(hours=h)}) for n, h in
             enumerate((200, 1, 50, 2, 100, 30), 1)]  # fmt: skip
    rows = write(tmp_path, chats).rows("Для_звонков")
    assert [row["Очередь"] for row in rows] == [
        "Сейчас", "Сейчас", "Сегодня", "Сегодня", "Остальные", "Остальные",
    ]  # fmt: skip


def test_later_is_counted_from_the_note_in_the_zone_of_the_workbook() -> None:
    later = place(outcome="Не ответил", made=1)
    assert later is not None
    back = HERE + timedelta(hours=2)
    assert later.why.startswith(f"исход «Не ответил»: снова звонить после {back:%d.%m %H:%M}")


OWN = "Исход;Что;Ч\r\nДумает;Позже сегодня;1,5\r\n\r\nНа обучении;убрать\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_a_file_of_one_s_own(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_bytes(OWN.encode(encoding))
    found = read_outcomes(path)
    assert found.names("ru") == found.names("en") == ["Думает", "На обучении"]
    thinks = found.find("думает")
    assert thinks is not None
    assert (thinks.effect, thinks.hours) == ("later", 1.5)
    assert found.find("Отказ") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no outcome"),
        ("Исход;Что\n", "holds no outcome"),
        ("Исход;Что\nДумает;ждать", "line 2: the second column must be one of «убрать», "),
        ("Исход;Что\nДумает", "line 2: the second column"),
        ("Исход;Что\n;убрать", "line 2: the outcome must be a name"),
        ("Исход;Что\n\nа, б;убрать", "line 3: the outcome must be a name without commas"),
        ("Исход;Что;Ч\nДумает;позже сегодня;25", "line 2: the third column must be hours"),
        ("Исход;Что;Ч\nДумает;позже сегодня;nan", "line 2: the third column must be hours"),
        ("Исход;Что\nДумает;убрать\nдумает.;убрать", "line 3: the outcome is there twice"),
        ("Исход;Что\n" + "".join(f"{n} {'я' * 60};убрать\n" for n in range(5)), "255 characters"),
    ],
)
def test_a_file_that_is_wrong_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "outcomes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"^AVITO_CALL_OUTCOMES: ") as raised:
        read_outcomes(path)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"\x98" * 20, None])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "outcomes.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"^AVITO_CALL_OUTCOMES: "):
        read_outcomes(path)


def test_outcomes_of_earlier_workbooks_keep_their_meaning() -> None:
    for known in ("Дозвонились", "Не ответил", "Перезвонить", "Приглашён", "Отказ"):
        assert default_outcomes().find(known) is not None
    assert default_outcomes().find("Invited") == default_outcomes().find("Приглашён")
    assert parse_outcomes(OWN).find("") is None
