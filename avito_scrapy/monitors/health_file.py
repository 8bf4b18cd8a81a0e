"""``health.json``: how the latest run of each spider ended, for a script to read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from avito_scrapy import __version__
from avito_scrapy.errors import UsageError
from avito_scrapy.files import read_json, write_private
from avito_scrapy.times import now_iso

NAME = "health.json"


@dataclass(frozen=True)
class RunHealth:
    """How one run ended. Times are ISO 8601; nobody's data is in it."""

    spider: str
    reason: str
    """``avito_scrapy.exit_reasons``, one of Scrapy's own, or ``not_started``."""
    status: int
    """What ``scrapy crawl`` exits with."""
    advice: str
    finished_at: str = field(default_factory=now_iso)
    started_at: str | None = None
    account: str | None = None
    russian: str = ""
    """The advice in a few words, for a notification."""
    figures: dict[str, float | None] = field(default_factory=dict)
    crossed: list[dict[str, Any]] = field(default_factory=list)
    last_whole_chats: float | None = None
    """Chats of the latest run that finished and had no ``limit``: what the next is held against."""
    stats: dict[str, float] = field(default_factory=dict)
    version: str = __version__

    def as_dict(self) -> dict[str, Any]:
        """As it stands in the file; ``healthy`` says the same as status 0."""
        return {"healthy": self.status == 0, **asdict(self)}

    def in_one_line(self) -> str:
        """The run for a program that shows one line of a webhook's notice."""
        over = "".join(
            f"; {threshold['figure']} {threshold['value']:g}" for threshold in self.crossed
        )
        chats = self.figures.get("chats")
        return f"{self.spider}: {self.reason} (status {self.status}), {chats} chats{over}"

    def for_recruiter(self) -> str:
        """The run in Russian, in a few short lines: account, figures, how it ended."""
        labels = {
            "new_chats": "новых",
            "waiting_new": "ждут ответа впервые",
            "waiting": "ждут ответа",
            "waiting_over_hour": "дольше часа",
        }
        known = [
            f"{label}: {self.figures[name]:g}"
            for name, label in labels.items()
            if self.figures.get(name) is not None
        ]
        what = {"chats": "чаты", "resumes": "резюме"}.get(self.spider, self.spider)
        lines = [
            f"Авито, {self.account}, {what}: {self.russian} (код {self.status})",
            ", ".join(known),
            *(threshold["russian"] for threshold in self.crossed),
        ]
        return "\n".join(line for line in lines if line)


def read(folder: Path) -> dict[str, Any]:
    """The latest run of each spider, by its name; empty when there is none or it is unreadable."""
    try:
        runs = read_json(folder / NAME)["runs"]
        return {str(name): run for name, run in runs.items() if isinstance(run, dict)}
    except (UsageError, KeyError, TypeError, AttributeError):
        return {}


def write(folder: Path, latest: RunHealth) -> Path:
    """Put ``latest`` in the place of that spider's earlier one; the others stay.

    The file is whole at any moment, for its owner only. At its top stands the run that ended
    last, under ``runs`` the latest of each spider.

    Raises:
        OSError: the folder cannot be written; the earlier file is as it was.
    """
    run = latest.as_dict()
    runs = read(folder) | {latest.spider: run}
    text = json.dumps({**run, "runs": runs}, ensure_ascii=False, indent=2)
    write_private(folder / NAME, text + "\n")
    return folder / NAME


def chats_of_last_whole_run(folder: Path, spider: str) -> int | None:
    """How many chats the last run had that finished and was not limited; None when unknown."""
    known = read(folder).get(spider, {}).get("last_whole_chats")
    return known if isinstance(known, int) else None
