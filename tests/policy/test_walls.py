"""Who may know whom."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy.imports import ROOT, imports, inside, python_files

CORES = ("avito", "browser", "resumes", "store", "report")
SHARED = {
    f"avito_scrapy.{name}" for name in ("items", "avito", "errors", "reasons", "files", "times")
}
MAY_KNOW = {core: set(SHARED) for core in CORES}
# Stored results and the ledger of purchases.
MAY_KNOW["resumes"].add("avito_scrapy.store")
# A workbook is replaced with the notes that the store keeps.
MAY_KNOW["report"].add("avito_scrapy.store")


@pytest.mark.parametrize("core", CORES)
def test_a_core_knows_no_scrapy(core: str) -> None:
    files = python_files(f"avito_scrapy/{core}")
    assert files
    known = {(path.name, name) for path in files for name in imports(path)}
    assert not {
        (file, name)
        for file, name in known
        if name.partition(".")[0] in {"scrapy", "scrapy_playwright", "twisted", "itemadapter"}
    }


@pytest.mark.parametrize("core", CORES)
def test_cores_know_nothing_of_each_other(core: str) -> None:
    allowed = {*MAY_KNOW[core], f"avito_scrapy.{core}"}
    foreign = {
        (str(path.relative_to(ROOT)), name)
        for path in python_files(f"avito_scrapy/{core}")
        for name in imports(path)
        if name.startswith("avito_scrapy.") and not any(inside(name, ok) for ok in allowed)
    }
    assert not foreign


def test_nobody_imports_a_spider() -> None:
    spiders = ROOT / "avito_scrapy" / "spiders"
    importers = {
        (str(path.relative_to(ROOT)), name)
        for path in python_files("avito_scrapy", "tests", "benchmarks")
        for name in imports(path)
        if inside(name, "avito_scrapy.spiders") and spiders not in path.parents
    }
    assert not importers


def test_a_spider_does_not_import_another() -> None:
    others = {
        (path.name, name)
        for path in python_files("avito_scrapy/spiders")
        for name in imports(path)
        if name in {"avito_scrapy.spiders.chats", "avito_scrapy.spiders.resumes"}
    }
    assert not others


@pytest.mark.parametrize(
    ("folder", "stranger"),
    [
        ("avito_sandbox", "avito_scrapy"),
        ("avito_scrapy", "avito_sandbox"),
        ("avito_scrapy", "tools"),
        ("avito_sandbox", "tools"),
    ],
)
def test_folders_that_know_nothing_of_another(folder: str, stranger: str) -> None:
    files = python_files(folder)
    assert files
    shared = {path.name for path in files for name in imports(path) if inside(name, stranger)}
    assert not shared


def test_a_crawl_knows_nothing_of_the_fleet() -> None:
    importers = {
        str(path.relative_to(ROOT / "avito_scrapy"))
        for path in python_files("avito_scrapy")
        for name in imports(path)
        if inside(name, "avito_scrapy.fleet") or name.partition(".")[0] == "procrastinate"
    }
    assert {name for name in importers if not name.startswith("fleet/")} == {"commands/fleet.py"}


def test_the_dashboard_knows_no_scrapy_and_nobody_knows_the_dashboard() -> None:
    own = python_files("avito_scrapy/dashboard")
    assert own
    needs_scrapy = {"scrapy", "twisted", "scrapy_playwright", "itemadapter"}
    assert not {name for path in own for name in imports(path)
                if name.partition(".")[0] in needs_scrapy}  # fmt: skip
    pages = {"nicegui", "fastapi", "uvicorn"}
    importers = {
        str(path.relative_to(ROOT / "avito_scrapy"))
        for path in python_files("avito_scrapy")
        for name in imports(path)
        if name.partition(".")[0] in pages or inside(name, "avito_scrapy.dashboard")
    }
    assert {name for name in importers if not name.startswith("dashboard/")} == {
        "commands/dashboard.py"
    }


def test_the_dashboards_model_knows_nothing_of_nicegui() -> None:
    model = [path for path in python_files("avito_scrapy/dashboard") if "pages" not in path.parts]
    importers = {
        path.name
        for path in model
        for name in imports(path)
        if name.partition(".")[0] in {"nicegui", "fastapi", "uvicorn"}
    }
    assert importers == {"server.py"}


def test_commands_import_lazily() -> None:
    # The settings bring the errors with them at every start.
    light = ("avito_scrapy.commands.base", "avito_scrapy.errors")
    heavy = {
        (path.name, name)
        for path in python_files("avito_scrapy/commands")
        for name in imports(path, top_level=True)
        if name.partition(".")[0]
        in {"avito_scrapy", "pandas", "openpyxl", "playwright", "sqlalchemy", "pydantic"}
        and not any(inside(name, ok) for ok in light)
    }
    assert not heavy


def test_files_hold_one_idea() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in python_files("avito_scrapy", "avito_sandbox", "tests", "benchmarks", "tools")
        if (lines := _count(path)) > 330
    }
    assert not long, "about 300 lines at most"


def _count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
