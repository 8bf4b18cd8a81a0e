"""The dashboard on many people: how long it loads, filters, edits, by itself and in a browser with
many pages open; NiceGUI's start and size."""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import Browser, BrowserContext, ViewportSize, sync_playwright
from scrapy.utils.project import get_project_settings

from avito_scrapy.browser.launch import find_browser
from avito_scrapy.config import Config
from avito_scrapy.dashboard.account import AccountPeople
from avito_scrapy.dashboard.edits import Edit
from avito_scrapy.dashboard.rows import Filters, grid_row, matching
from avito_scrapy.items import ChatResume
from avito_scrapy.store import open_store

ACCOUNT = 4_000_000_123
VIEW: ViewportSize = {"width": 1500, "height": 900}
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


def seconds(what: str, took: list[float]) -> None:
    print(f"{what}: median {median(took):.2f} s, at most {max(took):.2f} s of {len(took)}")


def in_a_browser(folder: str, pages: int) -> None:
    """Measure what a person waits for while ``pages`` pages are open."""
    server = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "dashboard", "--port", "0"],
        env={**os.environ, "AVITO_DATA_DIR": folder}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    address = server.stdout.readline().strip()
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser(None), args=["--no-sandbox"]
            )
            measure_pages(browser, address, pages)
            browser.close()
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
        status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
        [peak] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        print(f"memory of the server at most: {int(peak.split()[1]) // 1024} MB")
    finally:
        server.send_signal(signal.SIGINT)
        timed("end of the server", server.wait)


def measure_pages(browser: Browser, address: str, pages: int) -> None:
    """Open ``pages`` pages, then some more in fresh browsers; search in the last."""
    root = address.partition("?")[0]
    context = browser.new_context(viewport=VIEW)
    seconds("first page of a server that loads the people", [first_screen(context, address)])
    seconds("next page of a browser", [first_screen(context, root) for _ in range(pages - 1)])
    fresh = []
    for _ in range(8):
        other = browser.new_context(viewport=VIEW, storage_state=context.storage_state())
        fresh.append(first_screen(other, root))
        other.close()
    seconds(f"first page of a browser, {pages} open", fresh)
    page, took = context.pages[-1], []
    page.bring_to_front()
    for number in range(777, 797):
        begun = perf_counter()
        page.get_by_placeholder("Имя, телефон, слова").fill(f"+7900{number:07d}")
        page.get_by_text(f"Примеров Образец {number}", exact=True).first.wait_for()
        took.append(perf_counter() - begun)
    seconds("filter by words", took)


def first_screen(context: BrowserContext, url: str) -> float:
    """Open ``url``; gives the seconds until people are to be seen."""
    page, begun = context.new_page(), perf_counter()
    page.goto(url, wait_until="commit")
    page.locator(".ag-row").first.wait_for(timeout=120_000)
    return perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=20)
    given = parser.parse_args()
    count = given.people
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
        in_a_browser(folder, given.pages)
        print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    timed("import nicegui", lambda: subprocess.run([sys.executable, "-c", "import nicegui"],
                                                   check=True))  # fmt: skip
    size = subprocess.run([sys.executable, "-c", _SIZE], check=True, capture_output=True, text=True)
    print(f"nicegui on the disk: {int(size.stdout) // 1_000_000} MB")


if __name__ == "__main__":
    main()
