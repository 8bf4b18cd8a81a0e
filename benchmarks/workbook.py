"""How long a workbook of 100,000 people takes, and how much memory.

Each part runs in a process of its own: the libraries alone; the workbook; openpyxl's write-only
mode on the very same cells with their formats and links, taken ready-made from a file whose
reading is not counted. Seconds are the processor's.
Wanted: at most 1.25 times raw openpyxl, at most 300 MB.

Run: ``python -m benchmarks.workbook [--rows N]``. Exit status 1 when a figure is missed.
"""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.cell import WriteOnlyCell

from avito_scrapy.items import ChatResume
from avito_scrapy.report import ReportOptions, sheet, write_workbook
from avito_scrapy.report.style import dress

MAX_RATIO, MAX_MEMORY = 1.25, 300.0
NOW = datetime(2026, 1, 20, 12, tzinfo=timezone.utc)


def records(count: int) -> Iterator[ChatResume]:
    """Made-up people: each with a resume, a phone and a place on the call sheet."""
    for number in range(count):
        when = (NOW - timedelta(minutes=number)).isoformat()
        yield ChatResume(
            chat_id=f"u2i-{number:022d}",
            chat_url=f"https://www.avito.ru/profile/messenger/channel/u2i-{number:022d}",
            user_name=f"Проба{number}",
            item_title=f"Курьер на склад {number % 40}",
            last_message=f"Добрый день, сообщение {number}: когда можно выйти? <Жду> & спасибо",
            last_message_at=when,
            last_message_direction="in",
            position=number + 1,
            outcome="found",
            match="application",
            resume_id=str(3_000_000_000 + number),
            resume_url=f"https://www.avito.ru/moskva/rezume/kurer_{3_000_000_000 + number}",
            title="Курьер с личным автомобилем",
            full_name=f"Пробников Черновик{number} Макетович",
            phone=f"+79{number:09d}",
            email=f"proba{number}@example.invalid",
            age=18 + number % 40,
            gender="Мужской",
            address="Москва, Примерная улица, 1",
            citizenship="Россия",
            salary=60_000 + number % 1000,
            schedule="fullDay",
            education="Среднее специальное",
            experience_months=number % 200,
            moving="Возможен",
            is_purchased=True,
            resume_updated_at=when,
            vacancy_id=number % 40,
            application_id=str(number),
            applied_at=when,
            chat_status="awaits_us",
            waiting_since=when,
            fetched_at=when,
            replies=[(when, 60 + number % 5000)],
        )


def write(target: Path, count: int) -> None:
    """The workbook under test."""
    options = ReportOptions(tz=ZoneInfo("Europe/Moscow"), now=NOW, inputs=count)
    write_workbook(target, lambda: records(count), options)


def dump(target: Path, count: int) -> None:
    """Write all cells of the workbook into ``target``, with their formats and links, in order."""
    append = sheet.Sheet.append

    with target.open("wb") as out:

        def noting(one: sheet.Sheet, values: Any, *how: Any, **more: Any) -> None:
            cells = [_plain(kind, value) for kind, value in zip(one.kinds, values, strict=False)]
            pickle.dump((one.sheet.title, cells), out)
            append(one, values, *how, **more)

        sheet.Sheet.append = noting  # type: ignore[method-assign, assignment]
        write(target.with_suffix(".xlsx"), count)


def _plain(kind: str, value: sheet.Value) -> tuple[str, Any, str | None]:
    if isinstance(value, sheet.Styled):
        kind, value = value.style, value.value
    if isinstance(value, sheet.Link):
        return kind, value.label, value.url
    if isinstance(value, datetime):
        return kind, value.replace(tzinfo=None, microsecond=0), None
    return kind, value, None


def raw(cells: Path, target: Path) -> float:
    """Seconds that openpyxl alone takes for ``cells``."""
    spent = 0.0
    book = openpyxl.Workbook(write_only=True)
    sheets: dict[str, Any] = {}
    links: Counter[str] = Counter()
    dressed: dict[tuple[str, str], Any] = {}
    with cells.open("rb") as source:
        while rows := list(_some(source, 1000)):
            started = time.process_time()
            for title, values in rows:
                if title not in sheets:
                    sheets[title] = book.create_sheet(title)
                sheets[title].append(_row(sheets[title], values, links, dressed))
            spent += time.process_time() - started
    started = time.process_time()
    book.save(target)
    return spent + time.process_time() - started


def _row(
    one: Any, values: Any, links: Counter[str], dressed: dict[tuple[str, str], Any]
) -> list[Any]:
    row = []
    for kind, value, link in values:
        cell = None
        if value is not None:
            if (one.title, kind) not in dressed:
                dress(dressed.setdefault((one.title, kind), WriteOnlyCell(one)), kind)
            cell = copy(dressed[one.title, kind])
            cell.value = value
            if link and links[one.title] < sheet.MAX_LINKS:
                links[one.title] += 1
                cell.hyperlink = link
        row.append(cell)
    return row


def _some(source: IO[bytes], count: int) -> Iterator[Any]:
    for _ in range(count):
        try:
            yield pickle.load(source)  # noqa: S301  (written by dump a moment ago)
        except EOFError:
            return


def peak() -> float:
    """The most memory this process has had, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def child(part: str, folder: Path, count: int) -> None:
    """Run one part and print its figures."""
    started = time.process_time()
    if part == "libraries":
        write(folder / "small.xlsx", 10)
        for _ in records(count):
            pass
    elif part == "workbook":
        write(folder / "workbook.xlsx", count)
    elif part == "cells":
        dump(folder / "cells", count)
    seconds = time.process_time() - started
    if part == "raw":
        seconds = raw(folder / "cells", folder / "raw.xlsx")
    print(json.dumps({"seconds": seconds, "peak": peak()}))


def main() -> int:
    """Run all parts and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--part")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.part:
        child(given.part, given.folder, given.rows)
        return 0
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in ("libraries", "cells", "raw", "workbook"):
            command = [sys.executable, "-m", "benchmarks.workbook", "--part", part]
            command += ["--folder", folder, "--rows", str(given.rows)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            figures[part] = json.loads(done.stdout)
        size = (Path(folder) / "workbook.xlsx").stat().st_size / 1e6
    ours, libraries = figures["workbook"], figures["libraries"]
    ratio = ours["seconds"] / figures["raw"]["seconds"]
    print(f"{given.rows:,} people, with links; {size:.0f} MB")
    print(f"raw openpyxl write-only, same cells: {figures['raw']['seconds']:.1f} s")
    print(f"workbook, from records to file: {ours['seconds']:.1f} s")
    print(f"ratio {ratio:.2f} (wanted: at most {MAX_RATIO})")
    print(f"memory {ours['peak']:.0f} MB (wanted: at most {MAX_MEMORY:.0f}),")
    print(f"raw openpyxl {figures['raw']['peak']:.0f} MB, libraries {libraries['peak']:.0f} MB")
    return 0 if ratio <= MAX_RATIO and ours["peak"] <= MAX_MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
