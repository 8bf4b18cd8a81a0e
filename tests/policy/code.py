"""What the code says of itself, read without running it: settings, stats, reasons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.policy.imports import ROOT, python_files

PLACE = "<>"
"""Stands for a part of a stat's name that is known only at run time."""


def own_settings() -> dict[str, str]:
    """The AVITO_* settings of settings.py with their defaults."""
    tree = ast.parse((ROOT / "avito_scrapy" / "settings.py").read_text(encoding="utf-8"))
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            [target] = node.targets
            assert isinstance(target, ast.Name)
            if target.id.startswith("AVITO_"):
                name, *default = [ast.literal_eval(argument) for argument in node.value.args]
                assert name == target.id
                found[name] = default[0] if default else ""
    return found


def scrapys_settings() -> set[str]:
    """The settings of Scrapy's and of its plugins that settings.py sets."""
    text = (ROOT / "avito_scrapy" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"^(?!AVITO_)([A-Z][A-Z_]+)[ :]", text, re.MULTILINE))


def stats() -> set[str]:
    """Every stat's name in the code; ``<>`` where it is put together at run time.

    A text that ends with a slash counts only where something is added to it: elsewhere it is
    there to look for stats, not to write them.
    """
    found = set()
    for path in python_files("avito_scrapy"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = {id(part) for part in _parts(tree)}
        prefixes = {id(node.left) for node in ast.walk(tree) if isinstance(node, ast.BinOp)}
        for node in ast.walk(tree):
            name = _text(node)
            if name is None or id(node) in skipped or not _STAT.fullmatch(name):
                continue
            if not name.endswith("/"):
                found.add(name)
            elif id(node) in prefixes:
                found.add(name + PLACE)
    return found


def promised_stats() -> set[str]:
    """The stats that docstrings name; ``<>`` for every ``<word>`` and for three dots."""
    found = set()
    for path in python_files("avito_scrapy"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                text = re.sub(r"<\w+>|\.\.\.", PLACE, ast.get_docstring(node) or "")
                found.update(re.findall(rf"``(avito/(?:[\w/]|{PLACE})+)``", text))
    return found


def related(one: str, other: str) -> bool:
    """Whether two names of stats can mean the same one."""
    return bool(_pattern(one).fullmatch(other) or _pattern(other).fullmatch(one))


def reasons_in_use() -> set[str]:
    """Every reason that the code closes a spider with, as far as it is written out there."""
    return {
        str(node.args[0].value)
        for path in python_files("avito_scrapy")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "CloseSpider"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def documented_stats() -> set[str]:
    """The stats that docs/stats.md tells of, with ``<>`` for every ``<word>``."""
    return {re.sub(r"<[^<>]+>", PLACE, row[0]) for row in rows("stats.md") if "avito/" in row[0]}


_STAT = re.compile(rf"avito/(?:[\w/]|{PLACE})+")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(PLACE, ".+"))


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else PLACE for part in node.values
        )
    return None


def _parts(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, and the parts of f-strings: their whole is looked at."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield from (part for part in ast.walk(node) if part is not node)


def rows(document: str, heading: str | None = None) -> list[list[str]]:
    """The cells of the tables' rows in a page of docs/, those under ``heading`` only if given.

    Back quotes are taken off; headings of the tables are left out.
    """
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    if heading is not None:
        _, found, text = text.partition(f"\n## {heading}\n")
        assert found, f"docs/{document} has no part called {heading}"
        text = text.partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [
        [cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines
    ]
    ruled = {place for place, row in enumerate(cells) if set("".join(row)) <= {"-", "|", " "}}
    return [row for place, row in enumerate(cells) if not {place, place + 1} & ruled]
