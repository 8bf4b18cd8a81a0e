"""The dashboard on many people: how long it loads, filters, edits; NiceGUI's start and size."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from scrapy.utils.project import get_project_settings

from avito_scrapy.config import Config
from avito_scrapy.dashboard.account import AccountPeople, Edit
from avito_scrapy.dashboard.rows import Filters, grid_row, matching
from avito_scrapy.items import ChatResume
from avito_scrapy.store import open_store

ACCOUNT = 4_000_000_123
_SIZE = """
import pathlib
import nicegui
folder = pathlib.Path(nicegui.__file__).parent
print(sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()))
"""


def timed(what: str, work: Callable[[], object]) -> None:
    begun = perf_counter()
    work()
    print(f"{what}: {(perf_counter() - begun) * 1000:.0f} ms")


def person(number: int) -> ChatResume:
    """A made-up person who waits."""
    return ChatResume(
        f"u2i-{number:022d}", position=number, outcome="found", resume_id=str(number),
        full_name=f"Примеров Образец {number}", phone=f"+7900{number:07d}", age=18 + number % 50,
        item_title=f"Курьер {number % 30}", address=f"Город {number % 40}, Лесная улица, 1",
        last_message="Здравствуйте, вакансия ещё открыта?", last_message_direction="in",
        last_message_at="2026-11-20T12:00:00+03:00", chat_status="awaits_us",
        waiting_since="2026-11-20T12:00:00+03:00",
    )  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    count = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder:
        settings = get_project_settings()
        settings.set("AVITO_DATA_DIR", folder)
        config = Config.from_settings(settings)
        Path(config.private_dir).mkdir()
        with open_store(config.store_url) as store:
            run = store.runs.start("resumes")
            store.runs.set_account(run, ACCOUNT, count)
            for number in range(1, count + 1):
                store.outcomes.put(run, person(number))
            store.runs.finish(run, "finished", {})
        people = AccountPeople(config)
        timed(f"load {count} people", people.refresh)
        timed("look whether anything changed", people.refresh)
        timed("filter by words", lambda: matching(people.rows, Filters(search="образец 777")))
        timed("filter by city and age",
              lambda: matching(people.rows, Filters(city="Город 7", age_from=30)))  # fmt: skip
        timed("a hundred rows for the grid",
              lambda: [grid_row(row, people.texts) for row in people.rows[:100]])  # fmt: skip
        edit = Edit("+79000000001", "comment", None, "x", None, 1.8e9)
        timed("write a note", lambda: people.edit(edit))
        people.close()
        print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    timed("import nicegui", lambda: subprocess.run([sys.executable, "-c", "import nicegui"],
                                                   check=True))  # fmt: skip
    size = subprocess.run([sys.executable, "-c", _SIZE], check=True, capture_output=True, text=True)
    print(f"nicegui on the disk: {int(size.stdout) // 1_000_000} MB")


if __name__ == "__main__":
    main()
