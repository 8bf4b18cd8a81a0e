from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from avito_scrapy.extensions import healthfile
from avito_scrapy.extensions.healthfile import RunHealth
from avito_scrapy.extensions.thresholds import RULES, crossed, figures
from avito_scrapy.extensions.webhook import message

OFF = {rule.setting: None for rule in RULES}
GOOD = {
    "item_scraped_count": 100,
    "downloader/response_count": 400,
    "downloader/request_count": 410,
    "elapsed_time_seconds": 12.34,
}


def run(spider: str = "chats", **more: Any) -> RunHealth:
    return RunHealth(spider, "finished", 0, "all there", "2026-01-02T03:04:05+00:00", **more)


def test_figures_of_a_good_run() -> None:
    assert figures(GOOD, "resumes", None, limited=False) == {
        "chats": 100,
        "chats_before": None,
        "chats_drop": None,
        "failed": 0,
        "failed_share": 0.0,
        "drift": 0,
        "requests": 410,
        "rate_limited_share": 0.0,
        "bought": 0,
        "seconds": 12.3,
    }


def test_what_cannot_be_known_is_none() -> None:
    nothing = figures({}, "resumes", None, limited=False)
    assert nothing["failed_share"] is None
    assert nothing["rate_limited_share"] is None
    chats = figures(GOOD, "chats", 200, limited=False)
    assert chats["failed_share"] is chats["failed"] is chats["bought"] is None
    assert chats["chats_drop"] == 0.5
    assert figures(GOOD, "chats", 200, limited=True)["chats_drop"] is None
    assert figures(GOOD, "resumes", 200, limited=False)["chats_drop"] is None
    assert figures(GOOD, "chats", 50, limited=False)["chats_drop"] == 0


@pytest.mark.parametrize(
    ("spider", "stats", "setting", "limit"),
    [
        ("resumes", {"avito/resumes/outcome/failed": 6}, "AVITO_HEALTH_MAX_FAILED_SHARE", 0.05),
        ("chats", {"item_scraped_count": 79}, "AVITO_HEALTH_MAX_CHATS_DROP", 0.2),
        ("resumes", {"avito/drift/resume/title": 1}, "AVITO_HEALTH_MAX_DRIFT", 0),
        (
            "resumes",
            {"downloader/response_status_count/429": 21},
            "AVITO_HEALTH_MAX_429_SHARE",
            0.05,
        ),
        ("resumes", {"avito/contacts/bought": 4}, "AVITO_HEALTH_MAX_BOUGHT", 3),
        ("resumes", {"avito/contacts/bought": 4}, "AVITO_HEALTH_MAX_BOUGHT", "budget"),
    ],
)
def test_each_threshold_is_crossed_by_its_figure_alone(
    spider: str, stats: dict[str, int], setting: str, limit: Any
) -> None:
    ill = figures(GOOD | stats, spider, 100, limited=False)
    limits = {rule.setting: 0.0 for rule in RULES} | OFF | {setting: limit}
    [over] = crossed(ill, limits, budget=3)
    assert over.setting == setting
    assert setting in str(over)
    assert f"{over.value:g}" in str(over)
    assert over.advice in str(over)
    assert not crossed(ill, OFF, budget=3)
    well = figures(GOOD, spider, 100, limited=False)
    assert not crossed(well, limits, budget=3)


def test_a_figure_at_its_limit_is_well() -> None:
    at = figures(GOOD | {"avito/resumes/outcome/failed": 5}, "resumes", None, limited=False)
    assert not crossed(at, OFF | {"AVITO_HEALTH_MAX_FAILED_SHARE": 0.05}, budget=0)


def test_the_file_holds_the_latest_run_of_each_spider(tmp_path: Path) -> None:
    healthfile.write(tmp_path, run("chats", last_whole_chats=7))
    path = healthfile.write(tmp_path, run("resumes", figures={"chats": 7.0}))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["spider"] == "resumes"
    assert told["healthy"] is True
    assert set(told["runs"]) == {"chats", "resumes"}
    assert told["runs"]["chats"]["last_whole_chats"] == 7
    assert healthfile.chats_of_last_whole_run(tmp_path, "chats") == 7
    assert healthfile.chats_of_last_whole_run(tmp_path, "resumes") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [healthfile.NAME]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"runs": 1}', '{"runs": {"chats": 1}}'])
def test_a_damaged_file_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / healthfile.NAME).write_text(text, encoding="utf-8")
    assert healthfile.read(tmp_path) == {}
    healthfile.write(tmp_path, run())
    assert set(healthfile.read(tmp_path)) == {"chats"}


def test_a_folder_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        healthfile.write(tmp_path / "gone", run())


def test_the_message_sums_up_in_one_line() -> None:
    over = {"figure": "drift", "value": 3.0}
    told = message(run("resumes", figures={"chats": 12}, crossed=[over]))
    assert told["text"] == "resumes: finished (status 0), 12 chats; drift 3"
    assert told["figures"] == {"chats": 12}
