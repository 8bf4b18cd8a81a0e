"""The egg holds everything a run reads, and a run can read it there although it stays zipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.policy.imports import ROOT

READ_ALL = """
import sys
from importlib.resources import files
import avito_scrapy
assert ".egg" in avito_scrapy.__file__, avito_scrapy.__file__
for name in sys.argv[1:]:
    assert files("avito_scrapy").joinpath(name).read_bytes(), name
from avito_scrapy.store import open_store
open_store("sqlite:///store.db").close()
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings
print(*sorted(SpiderLoader.from_settings(get_project_settings()).list()))
"""


def files() -> set[str]:
    """Everything under avito_scrapy/ that is not made by running it."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "avito_scrapy").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("egg")
    # From a copy: it leaves build/ and *.egg-info, and takes in what an earlier build/ held.
    for name in ("avito_scrapy", "avito_sandbox", "tools"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.py", "scrapy.cfg", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    command = [sys.executable, "setup.py", "bdist_egg", "-d", "out"]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    [built] = (project / "out").glob("*.egg")
    return built


def test_the_egg_holds_every_file_of_the_package_alone(egg: Path) -> None:
    with ZipFile(egg) as packed:
        names = set(packed.namelist())
        entry = packed.read("EGG-INFO/entry_points.txt").decode()
    assert not files() - names
    assert "settings = avito_scrapy.settings" in entry
    assert not {name for name in names if name.startswith(("avito_sandbox", "tests", "tools"))}


def test_a_run_reads_its_data_from_the_zipped_egg(egg: Path, tmp_path: Path) -> None:
    data = [name.removeprefix("avito_scrapy/") for name in files() if not name.endswith(".py")]
    assert data
    environment = {
        **os.environ, "PYTHONPATH": str(egg), "SCRAPY_SETTINGS_MODULE": "avito_scrapy.settings"
    }  # fmt: skip
    command = [sys.executable, "-c", READ_ALL, *data]
    read = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert read.returncode == 0, read.stderr
    assert read.stdout.split() == ["chats", "resumes"]
