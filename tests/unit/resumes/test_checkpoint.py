from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from avito_scrapy.resumes.checkpoint import Checkpoint


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "resumes.journal"


def test_it_says_whether_it_goes_on(path: Path) -> None:
    assert Checkpoint(path, "a").open(resume=True) is False
    assert Checkpoint(path, "a").open(resume=True) is True
    assert Checkpoint(path, "b").open(resume=True) is False


def opened(path: Path, about: str = "a", resume: bool = True) -> Checkpoint:
    checkpoint = Checkpoint(path, about)
    checkpoint.open(resume)
    return checkpoint


def left_by_a_kill(path: Path) -> None:
    checkpoint = opened(path)
    checkpoint.put("chat", "u2i-1", ["ChatFacts", 7, "Имя\u2028"])
    checkpoint.put("chat", "u2i-1", ["ChatFacts", 8])
    checkpoint.put("resumes", "7", ["Gone"])


def test_answers_survive_a_kill(path: Path) -> None:
    left_by_a_kill(path)
    checkpoint = opened(path)
    assert checkpoint.get("chat", "u2i-1") == ["ChatFacts", 8], "the last one counts"
    assert checkpoint.get("resumes", "7") == ["Gone"]
    assert checkpoint.get("resumes", "8") is None
    assert checkpoint.taken_up == 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_and_a_second_one(path: Path) -> None:
    left_by_a_kill(path)
    opened(path).put("resumes", "9", ["Gone"])
    checkpoint = opened(path)
    assert checkpoint.get("resumes", "7") == ["Gone"]
    assert checkpoint.get("resumes", "9") == ["Gone"]


@pytest.mark.parametrize(
    "torn", [b'["resumes", "8", 17', b"\x00\x00", b'{"a": 1}', b"[1, 2]", b"3"]
)
def test_a_torn_line_costs_itself_only(path: Path, torn: bytes) -> None:
    left_by_a_kill(path)
    with path.open("ab") as file:
        file.write(torn)
    checkpoint = opened(path)
    checkpoint.put("resumes", "9", ["Gone"])
    again = opened(path)
    assert [again.get("resumes", key) for key in ("7", "8", "9")] == [["Gone"], None, ["Gone"]]


@pytest.mark.parametrize(("about", "resume"), [("b", True), ("a", False)])
def test_another_matter_begins_anew(path: Path, about: str, resume: bool) -> None:
    left_by_a_kill(path)
    checkpoint = opened(path, about, resume)
    assert checkpoint.get("resumes", "7") is None
    checkpoint.put("resumes", "7", ["New"])
    assert opened(path, about).get("resumes", "7") == ["New"]


@pytest.mark.parametrize(("later", "kept"), [(600, 3), (16 * 60, 1), (7 * 3600, 0)])
def test_old_answers_are_asked_anew_and_applications_sooner(
    path: Path, monkeypatch: pytest.MonkeyPatch, later: int, kept: int
) -> None:
    methods = ("application_ids", "applications", "messages")
    checkpoint = opened(path)
    for method in methods:
        checkpoint.put(method, "", [method])
    written = json.loads(path.read_text(encoding="utf-8").splitlines()[-1])[2]
    monkeypatch.setattr("avito_scrapy.resumes.checkpoint.time.time", lambda: written + later)
    again = opened(path)
    assert len([method for method in methods if again.get(method, "")]) == kept


def test_a_finished_run_leaves_nothing(path: Path) -> None:
    left_by_a_kill(path)
    checkpoint = opened(path)
    checkpoint.close(finished=False)
    assert path.exists()
    opened(path).close(finished=True)
    assert not path.exists()


@pytest.fixture
def full_disk(path: Path) -> Iterator[Path]:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    path.symlink_to("/dev/full")
    yield path
    path.unlink()


def test_a_full_disk_is_said_once_and_survived(
    full_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint = opened(full_disk, resume=False)
    for number in range(3):
        checkpoint.put("chat", str(number), [])
    checkpoint.close(finished=False)
    assert len(caplog.records) == 1
    assert "the next one asks everything again" in caplog.text


def test_a_folder_that_is_not_there(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    checkpoint = opened(tmp_path / "gone" / "resumes.journal")
    checkpoint.put("chat", "u2i-1", [])
    checkpoint.close(finished=True)
    assert len(caplog.records) == 1
