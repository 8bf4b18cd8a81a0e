"""``python -m tools.contract`` as a person types it."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.policy.imports import ROOT
from tools.contract.documents import ours

JSON = dict[str, Any]
SELF, RESUMES = "/core/v1/accounts/self", "/job/v2/resumes/{resume_id}"


def contract(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.contract", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def published(folder: Path, name: str, change: Callable[[JSON], Any] = lambda _: None) -> Path:
    """What Avito could publish: our document, changed."""
    document = copy.deepcopy(ours().value)
    change(document)
    path = folder / name
    dump = json.dumps if name.endswith(".json") else yaml.safe_dump
    path.write_text(dump(document), encoding="utf-8")
    return path


def _only(*paths: str) -> Callable[[JSON], None]:
    def change(document: JSON) -> None:
        document["paths"] = {path: document["paths"][path] for path in paths}

    return change


def test_everything_there_in_two_files(tmp_path: Path) -> None:
    rest = [path for path in ours().value["paths"] if path != SELF]
    done = contract(
        published(tmp_path, "a.json", _only(SELF)), published(tmp_path, "b.yaml", _only(*rest))
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "self  GET /core/v1/accounts/self" in lines
    assert "  there       answer 200 params.experience_list[].work_start" in lines
    assert lines[-1].startswith("11 methods, ")
    assert lines[-1].endswith(" there")


def _old(document: JSON) -> None:
    document["paths"][SELF]["get"]["deprecated"] = True
    age = document["components"]["schemas"]["Resume"]["properties"]["params"]["properties"]["age"]
    age["type"] = "string"


def test_changed_and_deprecated(tmp_path: Path) -> None:
    done = contract("--brief", published(tmp_path, "a.yaml", _old))
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[:-1] == [
        "self  GET /core/v1/accounts/self",
        "  deprecated  method: deprecated",
        "              touches: knowing which account the run is for",
        "resumes  GET /job/v2/resumes/{resume_id}",
        "  changed     answer 200 params.age: type is now string, was integer",
        "              touches: the candidate's particulars in resumes.jl and the workbook",
    ]
    assert "1 deprecated, 1 changed" in done.stdout.splitlines()[-1]


def test_gone(tmp_path: Path) -> None:
    def change(document: JSON) -> None:
        document["paths"]["/job/v3/resumes/{id}"] = document["paths"].pop(RESUMES)

    done = contract("--brief", published(tmp_path, "a.yaml", change))
    assert done.returncode == 3, done.stderr
    assert "  gone        method: there is GET /job/v3/resumes/{id}" in done.stdout
    assert "touches: the candidate's particulars" in done.stdout


def test_not_all_documents_given(tmp_path: Path) -> None:
    done = contract("--brief", published(tmp_path, "a.yaml", _only(SELF)))
    assert done.returncode == 4, done.stderr
    assert "  not given   method: no document given is about /job" in done.stdout


WRONG = {
    "no file": ([], "name Avito's OpenAPI documents: FILE..."),
    "not there": (["nowhere.json"], "nowhere.json: cannot be read: No such file or directory"),
    "broken": (["broken.json"], "broken.json: is broken JSON, at line 1"),
    "no OpenAPI": (["list.yaml"], "list.yaml: no OpenAPI document; it must be 3.0 or 3.1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_one_line(tmp_path: Path, name: str) -> None:
    files, line = WRONG[name]
    (tmp_path / "broken.json").write_text('{"openapi": ', encoding="utf-8")
    (tmp_path / "list.yaml").write_text("- a\n- b\n", encoding="utf-8")
    done = contract(*(tmp_path / file for file in files))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"tools.contract: {line}\n"
