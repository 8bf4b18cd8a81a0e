"""Every reason the code can give is told in Russian in the workbook."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from avito_scrapy.report.reasons import in_russian
from tests.policy.imports import python_files
from tests.unit.report.helpers import chat, write

FOLDERS = ("avito_scrapy/avito", "avito_scrapy/inquiry", "avito_scrapy/downloadermiddlewares")
TELLERS = {"Ends", "Trouble", "GaveUp", "failed", "give_up", "_again"}


def reasons() -> Iterator[str]:
    """Texts with a space that go into a reason, numbers in the place of what is filled in."""
    for path in python_files(*FOLDERS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in TELLERS:
                yield from filter(None, map(_text, node.args))
            elif isinstance(node, ast.Assign) and _mentions(node, {"reason", "about", "trouble"}):
                yield from filter(None, map(_text, ast.walk(node.value)))


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _mentions(node: ast.Assign, names: set[str]) -> bool:
    targets = [one for target in node.targets for one in ast.walk(target)]
    return any(isinstance(one, ast.expr) and _name(one) in names for one in targets)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        parts = node.values
        text = "".join(str(p.value) if isinstance(p, ast.Constant) else "500" for p in parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return None
    return text if " " in text.strip() else None


def test_reasons_are_found() -> None:
    assert len(set(reasons())) > 15


@pytest.mark.parametrize("reason", sorted(set(reasons())))
def test_it_is_told_in_russian(reason: str) -> None:
    assert not re.search(r"[A-Za-z]{2,}", in_russian(reason).replace("JSON", ""))


def test_a_reason_of_parts(tmp_path: Path) -> None:
    reason = "the resume could not be read: Avito answered 500 (10 tries)"
    people = [chat(1, outcome="failed", reason=reason)]
    (row,) = write(tmp_path, people).rows("Ошибки")
    assert row["Причина"] == "резюме не прочитано: Авито ответил 500 (попыток: 10)"
    english = write(tmp_path, people, lang="en")
    assert english.rows("Errors")[0]["Reason"] == reason


def test_what_is_not_known_stays() -> None:
    assert in_russian("something else happened") == "something else happened"
