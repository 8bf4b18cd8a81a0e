"""`scrapy demo`, as a person types it, on a small account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.policy.imports import ROOT
from tests.support.privacy import assert_private

CHATS = 60


def demo(*options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "AVITO" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "demo", *options],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=False,
        timeout=120,
    )
    assert_private(done.stdout + done.stderr)
    return done


def lines(path: Path) -> list[dict[str, Any]]:
    # not splitlines(): names may hold other separators of lines
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def test_from_nothing_to_a_workbook(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    ended = demo("--chats", str(CHATS), "--dir", str(folder))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for told in ("chats:", "resumes:", "workbook:", "took:"):
        assert told in ended.stdout
    assert "scrapy dashboard" in ended.stdout.splitlines()[-1]
    chats, resumes = lines(folder / "chats.jl"), lines(folder / "resumes.jl")
    assert len(chats) == CHATS
    assert sorted(line["chat_id"] for line in resumes) == sorted(c["chat_id"] for c in chats)
    assert not [line for line in resumes if line["outcome"] == "failed"]
    book = load_workbook(folder / "resumes.xlsx", read_only=True)
    assert {"Кандидаты", "Ошибки", "Сводка"} <= set(book.sheetnames)
    book.close()
    for spider in ("chats", "resumes"):
        assert_private((folder / f"{spider}.log").read_text(encoding="utf-8"))
    for name in ("chats.jl", "resumes.jl", "resumes.xlsx"):
        assert (folder / name).stat().st_mode & 0o777 == 0o600


def test_wrong_size_is_one_line(tmp_path: Path) -> None:
    ended = demo("--chats", "0", "--dir", str(tmp_path / "demo"))
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == ["scrapy demo: --chats must be a number from 1 to 1000000"]
    assert not (tmp_path / "demo").exists()
