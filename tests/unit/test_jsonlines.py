from __future__ import annotations

import os
from pathlib import Path

import pytest

from avito_scrapy.jsonlines import objects, rewrite_without

LINES = (
    b'{"chat_id": "u2i-a", "user_name": "\xd0\x90"}\n'
    b'{"chat_id":"u2i-b","later":[1]}\n'
    b"\n"
    b"[1]\n"
    b'{"chat_id": 5}\n'
    b'{"chat_id": "u2i-c", "phone": "+79000'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "chats.jl"
    found.write_bytes(LINES)
    found.chmod(0o644)
    return found


def test_objects(path: Path) -> None:
    assert [line["chat_id"] for line in objects(path)] == ["u2i-a", "u2i-b"]
    assert list(objects(path.with_name("nowhere.jl"))) == []


def test_other_lines_stay_as_they_are(path: Path) -> None:
    assert rewrite_without(path, {"u2i-a", "u2i-x"}, []) == 1
    assert path.read_bytes() == LINES.split(b"\n", 1)[1]
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["chats.jl"]


def test_nothing_to_remove(path: Path) -> None:
    before = path.stat()
    assert rewrite_without(path, {"u2i-x"}, []) == 0
    assert rewrite_without(path.with_name("nowhere.jl"), {"u2i-a"}, []) == 0
    assert path.read_bytes() == LINES
    assert path.stat().st_ino == before.st_ino, "the file itself is left alone"
    assert os.listdir(path.parent) == ["chats.jl"]


@pytest.mark.parametrize(("chats", "words"), [({"u2i-c"}, []), (set(), ["+79000"])])
def test_a_line_cut_short_goes_by_what_is_in_it(
    path: Path, chats: set[str], words: list[str]
) -> None:
    assert rewrite_without(path, chats, words) == 1
    assert path.read_bytes() == LINES.rpartition(b"\n")[0] + b"\n"
