from __future__ import annotations

import json
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from avito_scrapy.monitors import health_file
from avito_scrapy.monitors.health_file import RunHealth
from avito_scrapy.monitors.monitors import Figures, RunMonitors, crossed, evaluate, figures

SETTINGS = [monitor.setting for monitor in RunMonitors.monitors if monitor.setting]
GOOD = {
    "item_scraped_count": 100,
    "downloader/response_count": 400,
    "downloader/request_count": 410,
    "elapsed_time_seconds": 12.34,
}


def over(run: Figures, limits: dict[str, Any], budget: float = 3) -> list[Any]:
    fields = {setting.removeprefix("AVITO_").lower(): None for setting in SETTINGS}
    fields |= {setting.removeprefix("AVITO_").lower(): limit for setting, limit in limits.items()}
    return crossed(evaluate(run, SimpleNamespace(**fields), budget))  # type: ignore[arg-type]


def run(spider: str = "chats", **more: Any) -> RunHealth:
    return RunHealth(spider, "finished", 0, "all there", **more)


def test_figures_of_a_good_run() -> None:
    assert figures(GOOD, "resumes", None, whole=True) == {
        "chats": 100,
        "chats_before": None,
        "chats_drop": None,
        "new_chats": None,
        "waiting_new": 0,
        "waiting": 0,
        "waiting_over_hour": 0,
        "failed": 0,
        "failed_share": 0.0,
        "contacts_unread_share": None,
        "stoplist_unread": 0,
        "drift": 0,
        "requests": 410,
        "rate_limited_share": 0.0,
        "bought": 0,
        "seconds": 12.3,
    }


def test_what_cannot_be_known_is_none() -> None:
    nothing = figures({}, "resumes", None, whole=True)
    assert nothing["failed_share"] is None
    assert nothing["rate_limited_share"] is None
    chats = figures(GOOD, "chats", 200, whole=True)
    assert chats["failed_share"] is chats["failed"] is chats["bought"] is None
    assert chats["chats_drop"] == 0.5
    assert figures(GOOD, "chats", 200, whole=False)["chats_drop"] is None
    assert figures(GOOD, "resumes", 200, whole=True)["chats_drop"] is None
    assert figures(GOOD, "chats", 50, whole=True)["chats_drop"] == 0


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
        (
            "resumes",
            {"avito/contacts/unread": 3, "avito/resumes/found": 10},
            "AVITO_HEALTH_MAX_CONTACTS_UNREAD_SHARE",
            0.2,
        ),
        ("resumes", {"avito/contacts/bought": 4}, "AVITO_HEALTH_MAX_BOUGHT", "budget"),
    ],
)
def test_each_threshold_is_crossed_by_its_figure_alone(
    spider: str, stats: dict[str, int], setting: str, limit: Any
) -> None:
    ill = figures(GOOD | stats, spider, 100, whole=True)
    [one] = over(ill, dict.fromkeys(SETTINGS, 0.0) | {setting: limit})
    assert one["setting"] == setting
    assert setting in one["text"]
    assert f"{one['value']:g}" in one["text"]
    assert one["advice"] in one["text"]
    assert not over(ill, {})
    well = figures(GOOD, spider, 100, whole=True)
    assert not over(well, dict.fromkeys(SETTINGS, 0.0) | {setting: limit})


def test_a_stop_list_that_was_not_read_is_never_well() -> None:
    ill = figures(GOOD | {"avito/stoplist/unread": 1}, "resumes", 100, whole=True)
    [one] = over(ill, {})
    assert (one["figure"], one["fails"], one["setting"]) == ("stoplist_unread", True, "")
    assert one["text"].startswith("stoplist_unread is 1, over 0: ")


def test_a_figure_at_its_limit_is_well() -> None:
    at = figures(GOOD | {"avito/resumes/outcome/failed": 5}, "resumes", None, whole=True)
    assert not over(at, {"AVITO_HEALTH_MAX_FAILED_SHARE": 0.05})


def test_the_file_holds_the_latest_run_of_each_spider(tmp_path: Path) -> None:
    health_file.write(tmp_path, run("chats", last_whole_chats=7))
    path = health_file.write(tmp_path, run("resumes", figures={"chats": 7.0}))
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["spider"] == "resumes"
    assert told["healthy"] is True
    assert set(told["runs"]) == {"chats", "resumes"}
    assert told["runs"]["chats"]["last_whole_chats"] == 7
    assert health_file.chats_of_last_whole_run(tmp_path, "chats") == 7
    assert health_file.chats_of_last_whole_run(tmp_path, "resumes") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [health_file.NAME]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"runs": 1}', '{"runs": {"chats": 1}}'])
def test_a_damaged_file_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / health_file.NAME).write_text(text, encoding="utf-8")
    assert health_file.read(tmp_path) == {}
    health_file.write(tmp_path, run())
    assert set(health_file.read(tmp_path)) == {"chats"}


def test_a_folder_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        health_file.write(tmp_path / "gone", run())


def test_a_notification_names_account_and_figures() -> None:
    figure = {"chats": 12, "new_chats": 3.0, "waiting": 2.0, "waiting_over_hour": 1.0}
    one = {"figure": "drift", "value": 3.0, "russian": "ответы Авито изменились"}
    told = run(
        "resumes", figures=figure, crossed=[one], account="acme (123)", russian="всё собрано"
    )  # fmt: skip
    assert told.in_one_line() == "resumes: finished (status 0), 12 chats; drift 3"
    assert told.for_recruiter().splitlines() == [
        "Авито, acme (123), резюме: всё собрано (код 0)",
        "новых: 3, ждут ответа: 2, дольше часа: 1",
        "ответы Авито изменились",
    ]


def test_only_who_newly_waits_is_news() -> None:
    waiting = {"waiting_new": 2, "waiting": 7, "waiting_over_hour": 3}
    told = run("resumes", account="Север", russian="всё собрано", figures=waiting)
    assert told.is_news
    assert told.for_recruiter().splitlines() == [
        "Авито, Север, резюме: всё собрано (код 0)",
        "ждут ответа впервые: 2, ждут ответа: 7, дольше часа: 3",
    ]
    assert not run("resumes", figures={**waiting, "waiting_new": 0}).is_news
    assert not run("chats", figures={"waiting_new": None}).is_news
    assert RunHealth("chats", "blocked", 5, "wait", figures={}).is_news
