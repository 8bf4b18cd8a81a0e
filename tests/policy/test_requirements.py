"""What the code imports is asked for by name, not left to come along with something else."""

from __future__ import annotations

import re
import sys

import pytest

from tests.policy.imports import ROOT, imports, python_files

# What a package is called where it is not called as it is imported.
DISTRIBUTION = {"dotenv": "python-dotenv", "yaml": "pyyaml"}
# Parts of another package, or what it is made of and hands out.
COMES_WITH = {"twisted": "scrapy", "pydantic_core": "pydantic"}
OWN = {"avito_scrapy", "avito_sandbox", "tests", "tools", "benchmarks"}


def asked_for(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    named = [re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith("-")]
    return {found[0].lower().replace("_", "-") for found in named if found}


@pytest.mark.parametrize(
    ("folders", "files"),
    [
        (("avito_scrapy", "avito_sandbox"), ("requirements.txt", "requirements-dashboard.txt")),
        (
            ("tests", "tools", "benchmarks"),
            ("requirements.txt", "requirements-dev.txt", "requirements-dashboard.txt"),
        ),
    ],
)
def test_every_import_is_asked_for(folders: tuple[str, ...], files: tuple[str, ...]) -> None:
    listed = {name for file in files for name in asked_for(file)}
    used = {name.partition(".")[0] for path in python_files(*folders) for name in imports(path)}
    strangers = used - set(sys.stdlib_module_names) - OWN
    assert strangers
    missing = {
        name
        for name in strangers
        if COMES_WITH.get(name, DISTRIBUTION.get(name, name)).lower().replace("_", "-")
        not in listed
    }
    assert not missing
