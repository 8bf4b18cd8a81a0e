"""`scrapy report` and `scrapy forget` on files that no crawl has written so."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import openpyxl

from avito_scrapy.files import chat_lines
from avito_scrapy.store import open_store
from tests.integration.store import folder as data
from tests.integration.store.records import record
from tests.policy.imports import ROOT
from tests.support.forked import run_module

ODD = [
    '{"chat_id": "u2i-odd", "outcome": "found", "full_name": "Забытов", "salary": 1' + "0" * 30,
    ', "phone": "+79000000077", "user_id": 1e999, "title": "\\ud83d", "age": [1]}\n',
    '{"chat_id": "u2i-deep", "outcome": "found", "deep": ' + "[" * 200_000 + "]" * 200_000 + "}\n",
]


def scrapy(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    store = {"AVITO_DATA_DIR": str(folder), "AVITO_STORE_URL": "sqlite:///store.db"}
    return run_module(command, cwd=ROOT, env={**os.environ, **store}, timeout=120)


def test_one_odd_record_stops_neither_report_nor_forget(tmp_path: Path) -> None:
    config = data.config_for(tmp_path, f"sqlite:///{tmp_path / 'store.db'}")
    with open_store(config.store_url) as store:
        data.fill(config, store, [record(1)])
    with (tmp_path / "resumes.jl").open("a", encoding="utf-8") as file:
        file.writelines(ODD)
    report = scrapy(tmp_path, "report")
    assert (report.returncode, report.stderr) == (0, "")
    assert "3 people, 3 chats" in report.stdout
    forget = scrapy(tmp_path, "forget", "--person", "+79000000077")
    assert (forget.returncode, forget.stderr) == (0, "")
    kept = [line["chat_id"] for line in chat_lines(tmp_path / "resumes.jl")]
    assert kept == [record(1).chat_id, "u2i-deep"]
    book = openpyxl.load_workbook(tmp_path / "resumes.xlsx", read_only=True)
    assert "Забытов" not in str([list(sheet.values) for sheet in book.worksheets])


def test_what_is_no_file_is_one_line(tmp_path: Path) -> None:
    config = data.config_for(tmp_path, f"sqlite:///{tmp_path / 'store.db'}")
    with open_store(config.store_url) as store:
        data.fill(config, store, [record(1)])
    (tmp_path / "resumes.jl").unlink()
    os.mkfifo(tmp_path / "resumes.jl")
    for command in (("report",), ("forget", "--person", "+79000000077")):
        done = scrapy(tmp_path, *command)
        assert done.returncode == 2
        assert done.stderr == (
            f"scrapy {command[0]}: {tmp_path / 'resumes.jl'} is not a regular file\n"
        )
