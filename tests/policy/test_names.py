"""One class name stands for one thing."""

from __future__ import annotations

import ast
from collections import defaultdict

import pytest

from tests.policy.imports import ROOT, python_files

SAME_THING = {
    "Application", "Chat", "Contacts", "Item", "Message", "Person", "Resume", "UsageError",
}  # fmt: skip
"""Classes of the sandbox that mean what the package's class of that name means: the two programs
share no code."""
CONVENTION = {"Command"}
"""Every module of Scrapy's commands has one."""


def classes(*folders: str) -> dict[str, list[str]]:
    """Where each class is defined, by its name."""
    places = defaultdict(list)
    for path in python_files(*folders):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path.relative_to(ROOT)}:{node.lineno}")
    return places


@pytest.mark.parametrize(
    "folders",
    [("avito_scrapy", "tools", "benchmarks", "tests"), ("avito_sandbox", "tests")],
)
def test_no_class_name_is_used_twice(folders: tuple[str, ...]) -> None:
    twice = {name: places for name, places in classes(*folders).items() if len(places) > 1}
    assert twice.keys() <= CONVENTION, twice


def test_the_sandbox_uses_a_name_of_the_package_for_the_same_thing_only() -> None:
    assert classes("avito_scrapy", "tools").keys() & classes("avito_sandbox").keys() <= SAME_THING
