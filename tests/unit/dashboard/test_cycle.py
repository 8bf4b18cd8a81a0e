"""«Обновить сейчас», with a program in the place of the crawls."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from avito_scrapy.dashboard.cycle import UpdateCycle


def ended(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> str:
    """What a cycle says after crawls that do what ``script`` does."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)
    monkeypatch.setattr("sys.executable", str(program))

    async def run() -> str:
        cycle = UpdateCycle("")
        assert cycle.start()
        while cycle.is_running:
            await asyncio.sleep(0.01)
        return cycle.state

    return asyncio.run(asyncio.wait_for(run(), 30))


def test_a_very_long_line_of_the_log_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = "head -c 200000 /dev/zero | tr '\\0' x >&2; echo >&2; printf 'no keys' >&2; exit 2"
    state = ended(monkeypatch, tmp_path, script)
    assert state == "Не обновлено (чаты, код 2): no keys"


def test_the_end_of_a_very_long_line_is_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = "echo first >&2; head -c 200000 /dev/zero | tr '\\0' x >&2; echo END >&2; exit 2"
    assert ended(monkeypatch, tmp_path, script).endswith("xxxEND")


def test_after_both_crawls_it_is_updated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = f'echo "$4" >> {tmp_path}/crawls; echo "Progress: 3 of 9" >&2; exit 9'
    assert ended(monkeypatch, tmp_path, script) == "Обновлено."
    assert (tmp_path / "crawls").read_text().split() == ["chats", "resumes"]


def test_a_crawl_that_was_killed_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert ended(monkeypatch, tmp_path, "kill -9 $$") == (
        "Не обновлено (чаты, код -9): прервано, собранное сохранено"
    )
