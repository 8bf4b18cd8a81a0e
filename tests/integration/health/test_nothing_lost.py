"""What goes wrong where Scrapy only logs it: the earlier file stays, and the status tells."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.integration.health.runs import command, crawl, environment, health, lines, scrapy
from tests.policy.imports import ROOT

FUSSY = 'ITEM_PIPELINES={"tests.integration.health.probe.Fussy": 1}'


def errors(log: str) -> list[str]:
    return [line for line in log.splitlines() if " ERROR: " in line and "[avito" in line]


@pytest.fixture
def earlier(tmp_path: Path) -> bytes:
    assert crawl(tmp_path, "-a", "chats=10").returncode == 0
    return (tmp_path / "chats.jl").read_bytes()


def test_a_pipeline_that_fails_on_one_chat(tmp_path: Path, earlier: bytes) -> None:
    run = crawl(tmp_path, "-a", "chats=10", "-s", FUSSY)
    assert run.returncode == 1
    assert (tmp_path / "chats.jl").read_bytes() == earlier
    assert len(lines(tmp_path / "chats.partial.jl")) == 9
    told = health(tmp_path)
    assert (told["reason"], told["healthy"], told["last_whole_chats"]) == ("finished", False, 10)
    [last] = errors(run.stderr)
    assert "Ended: finished (status 1): something of the run went wrong" in last


def test_chats_that_came_and_were_not_written(tmp_path: Path, earlier: bytes) -> None:
    first = '"avito_scrapy.pipelines.DedupePipeline": 0'
    both = FUSSY.replace("{", "{" + first + ", ")
    run = crawl(tmp_path, "-a", "chats=10", "-s", both)
    assert run.returncode == 11
    assert (tmp_path / "chats.jl").read_bytes() == earlier
    assert "Of 10 chats 10 came, 10 were stored and 9 written: chats.jl stays" in run.stderr


def test_a_chat_that_cannot_be_stored(tmp_path: Path, earlier: bytes) -> None:
    store = 'ITEM_PIPELINES={"avito_scrapy.pipelines.StorePipeline": 1}'
    keeper = "SPIDER_MODULES=tests.integration.health.keeper"
    run = crawl(tmp_path, "-a", "chats=10", "-a", "end=odd", "-s", store, "-s", keeper)
    assert run.returncode == 11
    assert "Traceback" not in run.stderr
    assert (tmp_path / "chats.jl").read_bytes() == earlier
    assert len(lines(tmp_path / "chats.partial.jl")) == 10
    assert "ERROR: A chat could not be stored: " in run.stderr
    assert "Of 10 chats 10 came, 9 were stored and 10 written: chats.jl stays" in run.stderr


def test_a_handler_that_fails_at_the_very_end(tmp_path: Path, earlier: bytes) -> None:
    run = crawl(tmp_path, "-a", "chats=11", "-a", "end=closed")
    assert run.returncode == 1
    assert (tmp_path / "chats.jl").read_bytes() == earlier
    assert health(tmp_path)["healthy"] is False
    assert "chats.jl is kept: not all of this run went well; its 11 chats are in" in run.stderr


def test_an_output_that_is_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "chats.jl").mkdir()
    run = crawl(tmp_path, "-a", "chats=3", "--nolog")
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert f"{tmp_path}/chats.jl is no file" in run.stderr


def test_an_output_that_cannot_be_replaced_is_one_line(tmp_path: Path) -> None:
    run = crawl(tmp_path, "-a", "chats=3", "-a", "end=folder")
    assert run.returncode == 11
    assert "Traceback" not in run.stderr
    assert f"ERROR: chats.jl cannot be replaced: {tmp_path}/chats.jl is a folder" in run.stderr
    assert len(lines(tmp_path / "chats.partial.jl")) == 3
    assert health(tmp_path)["status"] == 11


def test_what_an_unfinished_run_left_is_kept_until_a_better_one(
    tmp_path: Path, earlier: bytes
) -> None:
    assert crawl(tmp_path, "-a", "chats=8", "-a", "end=timeout").returncode == 8
    assert crawl(tmp_path, "-a", "chats=0", "-a", "end=unavailable").returncode == 10
    [kept] = tmp_path.glob("chats.partial*.jl")
    assert (len(lines(kept)), kept.stat().st_mode & 0o777) == (8, 0o600)
    assert crawl(tmp_path, "-a", "chats=8").returncode == 0
    assert not list(tmp_path.glob("*.partial*"))


def test_a_file_of_ones_own_is_written_beside_the_projects(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    assert crawl(tmp_path, "-a", "chats=3", "-O", str(own)).returncode == 0
    assert len(own.read_text(encoding="utf-8").splitlines()) == 4
    assert len(lines(tmp_path / "chats.jl")) == 3
    more = f'FEEDS={{"{tmp_path}/more.jl": {{"format": "jsonlines"}}}}'
    assert crawl(tmp_path, "-a", "chats=3", "-s", more).returncode == 0
    assert len(lines(tmp_path / "more.jl")) == len(lines(tmp_path / "chats.jl")) == 3


@pytest.mark.parametrize(
    "words",
    [
        ("parse", "--spider", "chats", "-c", "fail"),
        ("fetch", "--spider", "chats"),
        ("shell", "--spider", "chats", "-c", "1"),
    ],
    ids=lambda words: words[0],
)
def test_looking_at_a_page_leaves_the_folder_alone(
    tmp_path: Path, earlier: bytes, words: tuple[str, ...]
) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    looked = scrapy(tmp_path, *words, f"file://{tmp_path}/chats.jl")
    assert "Spider opened" in looked.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_run_that_is_interrupted_is_not_held_against_the_last(
    tmp_path: Path, earlier: bytes
) -> None:
    status, log = interrupted(tmp_path, signals=1)
    assert status == 1
    assert "Health:" not in log
    told = health(tmp_path)
    assert (told["reason"], told["crossed"], told["last_whole_chats"]) == ("shutdown", [], 10)


def test_a_run_that_is_interrupted_twice_leaves_no_earlier_health(
    tmp_path: Path, earlier: bytes
) -> None:
    status, _ = interrupted(tmp_path, signals=2)
    assert status == 1
    told = health(tmp_path)
    assert (told["reason"], told["status"], told["last_whole_chats"]) == ("killed", 1, 10)


def interrupted(folder: Path, *, signals: int) -> tuple[int, str]:
    """A run over 3 chats that gets so many Ctrl-C once they are there: its status and its log."""
    end = "wait" if signals == 1 else "deaf"
    words = command(folder, "crawl", "chats", "-a", "chats=3", "-a", f"end={end}")
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(words, cwd=ROOT, env=environment({}), stderr=output) as process,
    ):
        try:
            for number, sign in enumerate(("Spider opened", "Received SIGINT")[:signals]):
                while process.poll() is None and sign not in log.read_text(encoding="utf-8"):
                    time.sleep(0.05)
                if not number:
                    while not list(folder.glob("waiting")):
                        time.sleep(0.05)
                os.kill(process.pid, signal.SIGINT)
            status = process.wait(timeout=30)
        finally:
            process.kill()
    return status, log.read_text(encoding="utf-8")
