"""What all commands do with wrong usage and with texts that are not for this console."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.policy.imports import ROOT
from tests.support.forked import run_module

COMMANDS = {
    "crawl": ["crawl", "chats"],
    "doctor": ["doctor"],
    "forget": ["forget", "--older-than", "1d"],
    "login": ["login", "-s", "AVITO_HEADLESS=true"],
    "report": ["report"],
}


def scrapy(
    folder: Path, *arguments: str, env: dict[str, str] | None = None, forked: bool = True
) -> subprocess.CompletedProcess[str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("AVITO_")}
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = avito_scrapy.settings\n", "utf-8")
    own |= {"PYTHONPATH": str(ROOT), "AVITO_DATA_DIR": str(folder), **(env or {})}
    return run_module(arguments, cwd=folder, env=own, timeout=60, forked=forked)


def one_line(done: subprocess.CompletedProcess[str], command: str) -> str:
    """What is wrong: the last line of stderr, or of the doctor's."""
    assert "Traceback" not in done.stdout + done.stderr
    if command == "doctor":
        assert done.returncode == 3, done.stderr
        [line] = done.stdout.splitlines()
        return line
    assert done.returncode == 2, done.stderr
    [line] = done.stderr.splitlines()
    assert line.startswith(f"scrapy {command}: ")
    return line


@pytest.mark.parametrize("command", COMMANDS)
def test_a_setting_that_is_none(tmp_path: Path, command: str) -> None:
    done = scrapy(tmp_path, *COMMANDS[command], "-s", "AVITO_STOREURL=x", forked=False)
    assert "AVITO_STOREURL is no setting; did you mean AVITO_STORE_URL?" in one_line(done, command)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_env_file_that_cannot_be_read(tmp_path: Path, command: str) -> None:
    (tmp_path / ".env").write_bytes("AVITO_TZ=UTC\n".encode("utf-16"))
    assert ".env: not text in UTF-8" in one_line(scrapy(tmp_path, *COMMANDS[command]), command)


def test_a_variable_that_is_no_setting_is_told(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "report", env={"AVITO_CLIENT_SECRETS": "hunter2"})
    assert done.stderr.splitlines() == [
        "scrapy report: warning: environment: AVITO_CLIENT_SECRETS is no setting; "
        "did you mean AVITO_CLIENT_SECRET?",
        "scrapy report: nothing is stored yet: run `scrapy crawl resumes` first",
    ]


@pytest.mark.parametrize("code_page", ["cp1252", "ascii"])
def test_a_console_of_another_code_page(tmp_path: Path, code_page: str) -> None:
    env = {"PYTHONIOENCODING": f"{code_page}:strict", "AVITO_TZ": "Москва"}
    done = scrapy(tmp_path, "doctor", env=env)
    assert (done.returncode, done.stderr) == (3, "")
    assert "AVITO_TZ" in done.stdout
    done = scrapy(tmp_path, "report", "-o", "люди/таблица.xlsx", env=env)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    done = scrapy(tmp_path, "report", "лишнее", env=env)
    assert done.returncode == 2
    assert "\\u043b" in done.stderr


def test_control_characters_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    for arguments in (["report", "\x1b[2J"], ["crawl", "chats", "-a", "\x1b]0;x\x07=1"]):
        done = scrapy(tmp_path, *arguments)
        assert done.returncode == 2
        assert "\\x1b" in done.stderr
        assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-o", "/proc/x.jl"], "-o /proc/x.jl: cannot be written"),
        (["-O", "/dev/null/x.jl"], "-o /dev/null/x.jl: cannot be written"),
        (["-o", "http://u:hunter2@h/x.jl"], "-o: Scrapy writes to no address of this kind"),
        (["-s", "FEEDS=[1]"], "not of its kind"),
        (["-s", "DOWNLOAD_DELAY=x"], "DOWNLOAD_DELAY: must be a number"),
        (["-a", "since=20260101"], "argument since: must be a date as YYYY-MM-DD"),
        (["-a", "since=0001-01-01"], "not before 2007"),
    ],
)
def test_what_a_run_cannot_do_is_said_before_it_starts(
    tmp_path: Path, options: list[str], says: str
) -> None:
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-a"}\n', "utf-8")
    keys = {"AVITO_CLIENT_ID": "id", "AVITO_CLIENT_SECRET": "hunter2"}
    done = scrapy(tmp_path, "crawl", "resumes", *options, env=keys)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr
    assert not (tmp_path / "health.json").exists()


def test_a_part_that_cannot_be_started_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-a"}\n', "utf-8")
    keys = {"AVITO_CLIENT_ID": "id", "AVITO_CLIENT_SECRET": "hunter2"}
    done = scrapy(tmp_path, "crawl", "resumes", "-s", 'EXTENSIONS={"hunter2.no": 1}', env=keys)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("scrapy crawl: something went wrong in the program: ModuleNotFoundError")
