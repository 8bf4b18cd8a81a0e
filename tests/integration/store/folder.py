"""A data folder as two crawls leave it, with a recruiter's notes in the workbook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from scrapy.utils.project import get_project_settings

from avito_scrapy.config import Config
from avito_scrapy.items import CHAT_FIELDS, RESUME_FIELDS, ChatResume
from avito_scrapy.report.replace import renew
from avito_scrapy.store import Store, open_store
from avito_scrapy.store.record_source import records_of_run
from avito_scrapy.workbook import options_for
from tests.integration.store.records import new_run
from tests.unit.report.helpers import plain

CALLS = "Для_звонков"


def config_for(folder: Path, url: str) -> Config:
    settings = get_project_settings()
    settings.set("AVITO_DATA_DIR", str(folder))
    settings.set("AVITO_STORE_URL", url)
    return Config.from_settings(settings)


def fill(config: Config, store: Store, records: list[ChatResume]) -> None:
    """chats.jl, resumes.jl, resumes.xlsx and the store, all of ``records``."""
    config.data_dir.mkdir(exist_ok=True)
    config.private_dir.mkdir(exist_ok=True)
    run_id = new_run(store)
    for record in records:
        store.outcomes.put(run_id, record)
    for name, wanted in (("chats", CHAT_FIELDS), ("resumes", RESUME_FIELDS)):
        with (config.data_dir / f"{name}.jl").open("w", encoding="utf-8") as file:
            for record in records:
                line = {key: value for key, value in asdict(record).items() if key in wanted}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    target = config.data_dir / "resumes.xlsx"
    source = records_of_run(store, run_id, len(records))
    renew(store, source, options_for(config, None), replaces=target, draft=target)


def leave_run(config: Config, records: list[ChatResume]) -> None:
    """The same as a run leaves it that has finished."""
    with open_store(config.store_url) as store:
        fill(config, store, records)
        store.runs.finish(1, "finished", {})


def lines(path: Path) -> list[Any]:
    return [json.loads(line)["chat_id"] for line in path.read_text("utf-8").splitlines()]


def call_sheet(path: Path) -> list[Mapping[str, Any]]:
    """The rows of the call sheet by heading."""
    book = openpyxl.load_workbook(path)
    rows = book[CALLS].iter_rows(values_only=True)
    heading = [str(cell) for cell in next(rows)]
    return [{n: plain(n, cell) for n, cell in zip(heading, row, strict=True)} for row in rows]


def comment(path: Path, phone: str, text: str) -> None:
    """Type ``text`` into «Комментарий» of the person with ``phone``, as a recruiter would."""
    book = openpyxl.load_workbook(path)
    sheet = book[CALLS]
    assert isinstance(sheet, Worksheet)
    places = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    for row in range(2, sheet.max_row + 1):
        if plain("Телефон", sheet.cell(row, places["Телефон"]).value) == phone:
            sheet.cell(row, places["Комментарий"], text)
            book.save(path)
            return
    raise AssertionError(f"{phone} is not on the call sheet")


def everything(folder: Path) -> bytes:
    """All bytes of all files below ``folder``, those of archives unpacked."""
    from zipfile import ZipFile, is_zipfile

    found = b""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and is_zipfile(path):
            with ZipFile(path) as archive:
                found += b"".join(archive.read(name) for name in archive.namelist())
        elif path.is_file():
            found += path.read_bytes()
    return found
