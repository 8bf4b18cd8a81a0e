"""What is refused before a resumes run starts, in one line each."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from scrapy.spiderloader import SpiderLoader
from scrapy.utils.project import get_project_settings

from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.resumes import input_file
from avito_scrapy.resumes.input_file import input_path, read_chats


def check(folder: Path, args: dict[str, str], **own: str) -> None:
    settings = get_project_settings()
    given = {"AVITO_DATA_DIR": str(folder), "AVITO_CLIENT_ID": "a", "AVITO_CLIENT_SECRET": "b"}
    for name, value in {**given, **own}.items():
        settings.set(name, value, priority="cmdline")
    spider: Any = SpiderLoader.from_settings(settings).load("resumes")
    spider.check(Config.from_settings(settings), args)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-1-2"}\n', encoding="utf-8")
    (tmp_path / "empty.jl").write_text("", encoding="utf-8")
    (tmp_path / "blank.jl").write_text("\n \n", encoding="utf-8")
    (tmp_path / "prose.txt").write_text("hello\nworld\n", encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\xff\x00")
    (tmp_path / "none.json").write_text('{"all_chat_ids": []}', encoding="utf-8")
    (tmp_path / "prose.docx").write_bytes(b"PK")
    (tmp_path / "nested.jl").write_text("[" * 200_000 + "]" * 200_000, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def test_what_is_right_passes(folder: Path) -> None:
    check(folder, {})
    check(folder, {"input": "chats.jl", "contacts": "all", "budget": "3"})
    check(folder, {"input": str(folder / "chats.jl"), "stoplist": str(folder)})


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ({"input": "gone.jl"}, "argument input: .*gone.jl is not there; allowed: chats.jl, a list"),
        ({"input": "empty.jl"}, "argument input: .*empty.jl holds no chat"),
        ({"input": "blank.jl"}, "holds no chat"),
        ({"input": "prose.txt"}, "holds no chat; allowed: chats.jl, a list of chat ids"),
        ({"input": "none.json"}, "holds no chat"),
        ({"input": "photo.png"}, "photo.png is not a text file in UTF-8"),
        ({"input": "."}, r"argument input: \. is a folder, not a file; allowed"),
        ({"input": "/dev/zero"}, "argument input: /dev/zero is not a regular file"),
        ({"input": "pipe"}, "argument input: .*pipe is not a regular file"),
        ({"input": "a\0b"}, "argument input: "),
        ({"input": "long" * 100}, "argument input: .* cannot be read"),
        ({"input": "nested.jl"}, "argument input: .*nested.jl holds no chat"),
        (
            {"stoplist": "gone.xlsx"},
            "argument stoplist: gone.xlsx is not there; allowed: .xlsx, .*, or a folder of them",
        ),
        ({"stoplist": "/dev/null"}, "argument stoplist: /dev/null is not a regular file; allowed"),
        ({"stoplist": "a\0b"}, "argument stoplist: "),
        ({"stoplist": "long" * 100}, "argument stoplist: "),
        ({"stoplist": "~nobody-of-that-name/a.xlsx"}, "argument stoplist: .* is not there"),
        ({"input": "~nobody-of-that-name/a.jl"}, "argument input: .* is not there"),
        ({"stoplist": ""}, "argument stoplist: must be a path, or left out"),
        ({"input": ""}, "argument input: must be a path, or left out"),
        ({"contacts": "all"}, "budget=N"),
        ({"budget": "5"}, "budget=N is for contacts=all only"),
        ({"contacts": "some"}, "argument contacts: must be free, none or all"),
        ({"since": "yesterday"}, "argument since: must be a date as YYYY-MM-DD"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, args: dict[str, str], line: str) -> None:
    with pytest.raises(UsageError, match=line):
        check(folder, args)


def test_the_default_input_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"chats.jl is not there; `scrapy crawl chats` makes it; allowed"
    ):
        check(tmp_path, {})


@pytest.mark.parametrize("name", ["AVITO_CLIENT_ID", "AVITO_CLIENT_SECRET"])
def test_a_missing_key_is_named(folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match=f"{name} is not set"):
        check(folder, {}, **{name: ""})


@pytest.mark.parametrize(
    ("name", "why"),
    [("pipe", "is not a regular file"), ("prose.docx", "is not a file of a kind that is read")],
)
def test_a_stop_list_that_is_none(folder: Path, name: str, why: str) -> None:
    with pytest.raises(UsageError, match=f"argument stoplist: .*{name} {why}; allowed"):
        check(folder, {"stoplist": str(folder / name)})


def test_a_file_of_gigabytes_is_refused_at_once(folder: Path) -> None:
    with (folder / "huge.jl").open("wb") as file:
        file.truncate(10 * 1024**3)
    with pytest.raises(UsageError, match=r"huge\.jl is larger than 200 MB; allowed"):
        check(folder, {"input": "huge.jl"})


def test_more_chats_than_anybody_has(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_file, "MOST_CHATS", 2)
    (folder / "many.txt").write_text("u2i-1-2\nu2i-3-4\nu2i-5-6\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"many\.txt holds more than 2 chats"):
        check(folder, {"input": "many.txt"})


def test_a_limit_takes_the_first(folder: Path) -> None:
    path = folder / "many.txt"
    path.write_text("\n".join(["u2i-1-2", "nonsense", "u2i-3-4", "u2i-5-6"]), encoding="utf-8")
    chats, bad = read_chats(input_path(Path("many.txt"), folder), limit=2)
    assert ([chat.chat_id for chat in chats], bad) == (["u2i-1-2", "u2i-3-4"], [2])
