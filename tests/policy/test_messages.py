"""Texts of foreign errors stay where they are: they may hold passwords and people's data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.policy.imports import ROOT, python_files

# Classes whose text is the project's own.
OWN = {
    "UsageError", "StoreProblem", "UnreadableFile", "NotTaken", "NotRead", "Unreachable",
    "ListUnreadable", "PreviousOpen", "PreviousDamaged", "PreviousChanged", "NotConfigured",
    "MessengerError", "ApiUnusable", "DocumentError",
}  # fmt: skip


def test_no_text_of_a_foreign_error_is_passed_on() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: use errors.describe"
        for path in python_files("avito_scrapy")
        if path.name != "errors.py"
        for line in _passed_on(path)
    ]
    assert not found


def _passed_on(path: Path) -> Iterator[int]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "strerror":
            yield node.lineno
        if not isinstance(node, ast.ExceptHandler) or node.name is None or _is_own(node.type):
            continue
        compared = {
            id(part) for one in ast.walk(node) if isinstance(one, ast.Compare)
            for part in ast.walk(one)
        }  # fmt: skip
        for inner in ast.walk(node):
            for text in _texts(inner):
                own = isinstance(text, ast.Name) and text.id == node.name
                if own and id(text) not in compared:
                    yield text.lineno


def _is_own(caught: ast.expr | None) -> bool:
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return all(isinstance(kind, ast.Name) and kind.id in OWN for kind in kinds)


def _texts(node: ast.AST) -> Iterator[ast.expr]:
    """What becomes text in ``node``: of f-strings and of lines of the log."""
    if isinstance(node, ast.FormattedValue):
        yield node.value
    if isinstance(node, ast.Call) and re.fullmatch(r"logger\.\w+|str|repr", ast.unparse(node.func)):
        yield from node.args
