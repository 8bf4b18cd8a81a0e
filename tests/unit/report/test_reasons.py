"""Words and reasons, in each language."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest

from avito_scrapy.reasons import ENGLISH, Reason
from avito_scrapy.report.texts import LANGUAGES, RUSSIAN
from tests.policy.imports import python_files
from tests.unit.report.helpers import chat, write

REASON = Reason(
    "resume_unreadable", cause=Reason("tries", cause=Reason("status", status=500), tries=10)
)


def used() -> Iterator[tuple[str, set[str]]]:
    """Codes that the code gives, with the names of their values."""
    for path in python_files("avito_scrapy"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Reason":
                [first] = node.args
                if isinstance(first, ast.Constant):
                    yield str(first.value), {str(one.arg) for one in node.keywords}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_word_is_there_in_both_languages() -> None:
    russian, english = LANGUAGES.values()
    assert all(russian.values())
    assert all(english.values())
    assert {key: places(text) for key, text in russian.items()} == {
        key: places(text) for key, text in english.items()
    }
    table = resources.files("avito_scrapy.report") / "texts.csv"
    keys = [line.partition(";")[0] for line in table.read_text(encoding="utf-8").splitlines()]
    assert keys == ["key", *russian]


def test_every_reason_is_told_in_both_languages() -> None:
    assert {code: places(text) for code, text in ENGLISH.items()} == {
        code: places(text) for code, text in RUSSIAN.items()
    }


@pytest.mark.parametrize(("code", "values"), sorted({(c, tuple(sorted(v))) for c, v in used()}))
def test_what_the_code_gives_fills_its_text(code: str, values: tuple[str, ...]) -> None:
    assert places(ENGLISH[code]) == set(values)


def test_a_reason_of_parts(tmp_path: Path) -> None:
    people = [chat(1, outcome="failed", reason=REASON)]
    (row,) = write(tmp_path, people).rows("Ошибки")
    assert row["Причина"] == "резюме не прочитано: Авито ответил 500 (попыток: 10)"
    english = write(tmp_path, people, lang="en")
    text = "the resume could not be read: Avito answered 500 (10 tries)"
    assert english.rows("Errors")[0]["Reason"] == str(REASON) == text


def test_a_date_is_russian(tmp_path: Path) -> None:
    reason = Reason("no_application", since="2025-11-27", about=Reason("no_item"))
    (row,) = write(tmp_path, [chat(1, outcome="no_resume", reason=reason)]).rows("Без_резюме")
    assert row["Причина"] == "отклика с 27.11.2025 нет; объявление в чате не названо"


def test_it_survives_as_json() -> None:
    assert Reason.unpacked(json.loads(json.dumps(REASON.packed()))) == REASON


@pytest.mark.parametrize("kept", [None, ""])
def test_no_reason(kept: str | None) -> None:
    assert Reason.unpacked(kept) is None


def test_a_text_of_an_earlier_version_stays_readable(tmp_path: Path) -> None:
    old = Reason.unpacked("the resume could not be read: something")
    assert str(old) == "the resume could not be read: something"
    (row,) = write(tmp_path, [chat(1, outcome="failed", reason=old)]).rows("Ошибки")
    assert row["Причина"] == "the resume could not be read: something"


@pytest.mark.parametrize("kept", [["new_code", {"x": 1}], ["status", {}], 7, ["?"]])
def test_what_another_version_wrote_breaks_nothing(kept: object) -> None:
    assert str(Reason.unpacked(kept))
