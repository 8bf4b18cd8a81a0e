"""The scripts that run both spiders hand each its own arguments and no others."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def crawl_both(folder: Path, *given: str, status: int = 0) -> tuple[int, list[str]]:
    program(folder / ".venv/bin/scrapy", f'echo "$@"; [ "$2" = chats ] && exit {status}; exit 0')
    done = subprocess.run(
        [DEPLOY / "crawl-both.sh", folder, *given], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.splitlines()


def schedule_both(folder: Path, *given: str) -> tuple[int, list[str]]:
    program(folder / "curl", 'shift 5; echo "$@"')
    done = subprocess.run(
        [DEPLOY / "schedule-both.sh", *given],
        env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


def test_each_spider_gets_its_own(tmp_path: Path) -> None:
    given = ("chats.source=api", "resumes.since=2026-01-01", "chats.until=known")
    assert crawl_both(tmp_path, *given) == (
        0, ["crawl chats -a source=api -a until=known", "crawl resumes -a since=2026-01-01"],
    )  # fmt: skip
    assert crawl_both(tmp_path) == (0, ["crawl chats", "crawl resumes"])
    assert crawl_both(tmp_path, status=3)[0] == 3
    assert crawl_both(tmp_path, status=4) == (4, ["crawl chats"])


@pytest.mark.parametrize("wrong", ["until=known", "chat.until=known", "chats.until", "-s"])
def test_what_names_no_spider_is_refused(tmp_path: Path, wrong: str) -> None:
    assert crawl_both(tmp_path, wrong) == (2, [])
    assert schedule_both(tmp_path, wrong) == (2, [])


def test_the_queue_gets_settings_for_both(tmp_path: Path) -> None:
    status, lines = schedule_both(
        tmp_path, "setting=AVITO_DATA_DIR=/srv/a b", "chats.until=known", "resumes.limit=3"
    )
    assert (status, len(lines)) == (0, 2)
    chats, resumes = lines
    for line in lines:
        assert "setting=AVITO_DATA_DIR=/srv/a b" in line
    assert ("spider=chats" in chats, "until=known" in chats, "limit=3" in chats) == (
        True, True, False,
    )  # fmt: skip
    assert ("until=known" in resumes, "limit=3" in resumes) == (False, True)
