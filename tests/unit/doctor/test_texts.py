"""The doctor speaks both languages, and says the same in both."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import get_args

import pytest

from avito_scrapy.doctor.finding import EXIT, MARKS, TEXTS, TITLES, Finding, Level, exit_status
from tests.policy.imports import python_files

EVERY = [(key, text) for table in (MARKS, TITLES, TEXTS) for key, text in table.items()]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("key", "text"), EVERY)
def test_both_languages_hold_the_same_values(key: str, text: dict[str, str]) -> None:
    assert text["ru"]
    assert text["en"]
    assert places(text["ru"]) == places(text["en"])
    assert not re.search("[а-яА-Я]", text["en"].replace("«Максимальная»", ""))


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    words = {
        node.value
        for path in python_files("avito_scrapy/doctor")
        if path.name != "finding.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not set(TEXTS) - words
    assert not set(TITLES) - words
    assert set(MARKS) == set(EXIT) == set(get_args(Level))


def test_a_line_and_the_worst_status() -> None:
    ok = Finding("ok", "messenger", "api_ok")
    fault = Finding("fault", "token", "token_refused", {"status": 403})
    assert ok.line("en") == "ok     Messenger API: allowed"
    assert fault.line("ru").startswith("СБОЙ   Ключи API: Авито их не принимает (HTTP 403)")
    note, skipped = Finding("note", "clock", "clock_off"), Finding("skipped", "limits", "x")
    assert exit_status([]) == exit_status([ok, skipped]) == 0
    assert exit_status([ok, note]) == 1
    assert exit_status([fault, note, ok]) == 3
