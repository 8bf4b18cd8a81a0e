"""The end of a run as a person, a script and a webhook get it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.health.runs import Hook, crawl, health


@pytest.mark.parametrize("hook", [[500, 204]], indirect=True)
def test_a_good_run_then_one_with_half_the_chats(tmp_path: Path, hook: Hook) -> None:
    first = crawl(tmp_path, "-a", "chats=10")
    assert first.returncode == 0, first.stderr
    assert "Ended: finished (status 0)" in first.stderr.splitlines()[-1]
    told = health(tmp_path)
    assert (told["reason"], told["status"], told["healthy"]) == ("finished", 0, True)
    assert told["figures"]["chats"] == told["last_whole_chats"] == 10
    assert told["crossed"] == []

    second = crawl(tmp_path, "-a", "chats=5", "-s", f"AVITO_WEBHOOK_URL={hook.url}")
    assert second.returncode == 9
    [line] = [line for line in second.stderr.splitlines() if "Health: " in line]
    assert "ERROR: Health: chats_drop is 0.5, over 0.3" in line
    told = health(tmp_path)
    assert (told["reason"], told["status"], told["healthy"]) == ("finished", 9, False)
    assert [over["figure"] for over in told["crossed"]] == ["chats_drop"]

    again, taken = hook.told
    assert again == taken
    assert taken == {
        "text": "chats: finished (status 9), 5 chats; chats_drop 0.5",
        **told["runs"]["chats"],
    }
    assert "secret" not in second.stderr + json.dumps(taken)
    assert "Проб" not in json.dumps(taken, ensure_ascii=False)


def test_drift_is_told_and_the_run_has_not_failed(tmp_path: Path) -> None:
    ended = crawl(tmp_path, "-a", "chats=3", "-a", "drift=2")
    assert ended.returncode == 0
    assert "ERROR: Health: drift is 2, over 0 (AVITO_HEALTH_MAX_DRIFT)" in ended.stderr
    told = health(tmp_path)
    assert (told["reason"], told["status"], told["healthy"]) == ("finished", 0, True)
    assert [over["figure"] for over in told["crossed"]] == ["drift"]


def test_a_run_that_ended_early_says_why_and_keeps_the_earlier_measure(tmp_path: Path) -> None:
    assert crawl(tmp_path, "-a", "chats=10").returncode == 0
    early = crawl(
        tmp_path, "-a", "chats=9", "-a", "end=login_required", "-a", "drift=2",
        "-s", "AVITO_WEBHOOK_URL=http://127.0.0.1:9/secret-path",
    )  # fmt: skip
    assert early.returncode == 4
    told = health(tmp_path)
    assert (told["reason"], told["status"]) == ("login_required", 4)
    assert told["last_whole_chats"] == 10
    assert "scrapy login" in told["advice"]
    assert [over["figure"] for over in told["crossed"]] == ["drift"]
    assert "WARNING: The webhook was not told: NewConnectionError, 3 tries" in early.stderr
    assert "secret" not in early.stderr


def test_an_error_on_the_way_replaces_nothing(tmp_path: Path) -> None:
    assert crawl(tmp_path, "-a", "chats=10").returncode == 0
    earlier = (tmp_path / "chats.jl").read_bytes()
    assert crawl(tmp_path, "-a", "chats=3", "-a", "end=callback").returncode == 1
    assert (tmp_path / "chats.jl").read_bytes() == earlier
    assert len((tmp_path / "chats.partial.jl").read_text(encoding="utf-8").splitlines()) == 3
    told = health(tmp_path)
    assert (told["healthy"], told["last_whole_chats"]) == (False, 10)


def test_what_could_not_be_written_is_never_well(tmp_path: Path) -> None:
    assert crawl(tmp_path, "-a", "chats=10").returncode == 0
    earlier = (tmp_path / "chats.jl").read_bytes()
    cut = crawl(tmp_path, "-a", "chats=200", "-a", "full=20000")
    assert cut.returncode == 11
    assert (tmp_path / "chats.jl").read_bytes() == earlier
    told = health(tmp_path)
    assert (told["reason"], told["status"], told["healthy"]) == ("finished", 11, False)
    # Not even what there is to say of it.
    other = tmp_path / "other"
    other.mkdir()
    assert crawl(other, "-a", "full=100").returncode == 11
    assert not (other / "health.json").exists()


def test_an_error_of_the_spider_is_never_well(tmp_path: Path) -> None:
    assert crawl(tmp_path, "-a", "chats=3", "-a", "end=error").returncode == 1
    assert health(tmp_path)["healthy"] is False


def test_a_refused_run_of_scrapyd_is_told_in_log_and_file(tmp_path: Path) -> None:
    log = tmp_path / "job.log"
    refused = crawl(tmp_path, "-a", "end=refuse", "-a", "_job=1", "--logfile", str(log))
    assert refused.returncode == 2
    line = "argument end: must be something else"
    assert refused.stderr == f"scrapy crawl: {line}\n"
    assert line in log.read_text(encoding="utf-8").splitlines()[-1]
    told = health(tmp_path)
    assert (told["reason"], told["status"], told["advice"]) == ("not_started", 2, line)


def test_a_store_that_is_broken_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".avito").mkdir()
    (tmp_path / ".avito" / "store.db").write_bytes(b"no database" * 1000)
    broken = crawl(tmp_path, "-s", "SPIDER_MODULES=tests.integration.health.keeper", "--nolog")
    assert broken.returncode == 2
    assert broken.stderr.count("\n") == 1
    assert "store.db is not a database" in broken.stderr
