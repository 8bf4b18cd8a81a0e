from __future__ import annotations

from pathlib import Path

import pytest

from avito_scrapy.items import Note
from avito_scrapy.report.call_outcomes import default_outcomes, parse_outcomes
from avito_scrapy.report.pages import guide
from avito_scrapy.report.texts import LANGUAGES, Lang, Texts
from avito_scrapy.store import NoteVersion
from tests.policy.imports import ROOT
from tests.unit.report.helpers import NOW, chat, options, write
from tests.unit.report.test_file import load


def test_the_last_sheet_and_the_memo_of_the_docs_are_one_text(tmp_path: Path) -> None:
    docs = (ROOT / "docs" / "ru.md").read_text(encoding="utf-8")
    memo = docs.split("## Памятка рекрутёра\n")[1].split("\n## ")[0]
    told = [line.lstrip("#- ") for line in memo.splitlines() if line.strip()]
    lines = guide(Texts("ru"), default_outcomes())
    assert told == [line.lstrip("#- ") for line in lines]
    sheet = load(write(tmp_path, [chat(1)]).path).worksheets[-1]
    assert sheet.title == "Как пользоваться"
    assert [row[0].value for row in sheet] == told


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_the_guide_names_sheets_and_columns_that_are_there(lang: Lang) -> None:
    words = LANGUAGES[lang]
    text = "\n".join(guide(Texts(lang), default_outcomes()))
    sheets = ("sheet.calls", "sheet.people", "sheet.history")
    columns = ("col.why", "col.block", "col.comment", "col.call_outcome", "col.next_call")
    for key in (*sheets, *columns, "block.now", "block.today", "block.rest"):
        assert words[key].rstrip("ьйе") in text, key
    for name in default_outcomes().names(lang):
        assert name in text


def test_the_guide_tells_the_outcomes_that_are_in_use() -> None:
    own = parse_outcomes("И;Ч\nДумает;позже сегодня;1,5\nЗанято;позже сегодня;1\nНет;убрать")
    lines = guide(Texts("ru"), own)
    assert "- «Думает»: человек в «Сегодня», а через 1,5 ч снова в «Сейчас»." in lines
    assert "- «Занято»: человек в «Сегодня», а через 1 ч снова в «Сейчас»." in lines
    assert "- «Нет»: человек уходит из списка." in lines


def test_the_history_tells_who_wrote_what_the_latest_first(tmp_path: Path) -> None:
    at = NOW.timestamp()
    versions = [
        NoteVersion(Note("Не ответил", None, None, "Мария", at - 60), "workbook"),
        NoteVersion(Note("Приглашён", "=придёт", "2026-01-21 10:00", "Иван", at), "dashboard"),
    ]
    written = write(tmp_path, [chat(1)], history={"+79000000001": versions, "+7999": versions})
    rows = written.rows("История")
    assert [(row["Кто записал"], row["Исход был"], row["Где записано"]) for row in rows] == [
        ("Иван", "Приглашён", "в браузере"), ("Мария", "Не ответил", "в книге"),
    ]  # fmt: skip
    assert rows[0]["Комментарий был"] == "=придёт"
    assert rows[0]["Когда записано"] == NOW.astimezone(options().tz).replace(tzinfo=None)
    assert rows[0]["Телефон"] == "+79000000001"
