"""Folders and files for their owner only, replaced in one step, read within bounds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from avito_scrapy import files
from avito_scrapy.files import (
    UnreadableFile,
    chat_lines,
    open_regular,
    private_file,
    private_folder,
    read_bounded,
    read_json,
    remove_chats,
    write_private,
)

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


def test_chat_lines(path: Path) -> None:
    assert [line["chat_id"] for line in chat_lines(path)] == ["u2i-a", "u2i-b"]
    assert list(chat_lines(path.with_name("nowhere.jl"))) == []


def test_other_lines_stay_as_they_are(path: Path) -> None:
    assert remove_chats(path, {"u2i-a", "u2i-x"}, []) == 1
    assert path.read_bytes() == LINES.split(b"\n", 1)[1]
    assert path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(path.parent) == ["chats.jl"]


def test_nothing_to_remove(path: Path) -> None:
    before = path.stat()
    assert remove_chats(path, {"u2i-x"}, []) == 0
    assert remove_chats(path.with_name("nowhere.jl"), {"u2i-a"}, []) == 0
    assert path.read_bytes() == LINES
    assert path.stat().st_ino == before.st_ino, "the file itself is left alone"
    assert os.listdir(path.parent) == ["chats.jl"]


@pytest.mark.parametrize(("chats", "words"), [({"u2i-c"}, []), (set(), ["+79000"])])
def test_a_line_cut_short_goes_by_what_is_in_it(
    path: Path, chats: set[str], words: list[str]
) -> None:
    assert remove_chats(path, chats, words) == 1
    assert path.read_bytes() == LINES.rpartition(b"\n")[0] + b"\n"


@pytest.fixture(autouse=True)
def _loose_umask() -> None:
    os.umask(0o022)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_folders_that_are_missing(tmp_path: Path) -> None:
    folder = tmp_path / "data" / ".avito"
    private_folder(folder)
    private_folder(folder)
    assert (mode(folder), mode(folder.parent)) == (0o700, 0o700)


def test_a_loose_folder_is_tightened(tmp_path: Path) -> None:
    folder = tmp_path / ".avito"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert mode(folder) == 0o700


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.db"
    private_file(path)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_loose_file_is_tightened_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("kept")
    path.chmod(0o644)
    tmp_path.chmod(0o755)
    private_file(path)
    assert (mode(path), path.read_text()) == (0o600, "kept")
    assert mode(tmp_path) == 0o755, "the folder may hold other things"


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="Not a directory"):
        private_file(tmp_path / "file" / "store.db")


def test_a_device_keeps_its_mode(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o644)
    private_file(tmp_path / "pipe")
    assert mode(tmp_path / "pipe") == 0o644


def test_a_file_is_replaced_in_one_step(path: Path) -> None:
    write_private(path, "Анна")
    assert path.read_text(encoding="utf-8") == "Анна"
    assert mode(path) == 0o600, "it was readable by all before"
    assert os.listdir(path.parent) == ["chats.jl"]


def test_what_cannot_be_written_leaves_the_earlier_file(path: Path) -> None:
    with pytest.raises(ValueError, match="closed"), files.replacing(path) as file:
        file.close()
    assert path.read_bytes() == LINES
    assert os.listdir(path.parent) == ["chats.jl"]


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * (files.MEGABYTE + 1))
    for path, why in {
        tmp_path: "is a folder, not a file",
        tmp_path / "pipe": "is not a regular file",
        Path("/dev/zero"): "is not a regular file",
        tmp_path / "gone": "is not there",
        tmp_path / "large": "is larger than 1 MB",
        tmp_path / "large" / "inside": "cannot be read",
        tmp_path / ("long" * 100): "cannot be read",
        tmp_path / "a\0b": "NUL",
    }.items():
        with pytest.raises(UnreadableFile, match=why):
            read_bounded(path, files.MEGABYTE)
        if why.startswith("is") and path.name not in ("gone", "large"):
            with pytest.raises(UnreadableFile, match=why):
                list(chat_lines(path))
    assert len(read_bounded(tmp_path / "large", files.MEGABYTE + 1)) == files.MEGABYTE + 1


def test_a_file_that_does_not_tell_its_size() -> None:
    """Those of /proc are regular, say that they are empty, and are not."""
    path = Path("/proc/self/status")
    with pytest.raises(UnreadableFile, match="is larger than 0 MB"):
        read_bounded(path, 10)
    with open_regular(path) as file:
        assert file.read(1)


def test_odd_lines_are_read(tmp_path: Path) -> None:
    """Nested too deep, half a character, an endless number: the chat is still told."""
    path = tmp_path / "resumes.jl"
    path.write_text(
        '{"chat_id": "u2i-a", "deep": ' + "[" * 200_000 + "]" * 200_000 + "}\n"
        '{"chat_id": "u2i-b", "user_name": "\\ud83d"}\n'
        '{"chat_id": "u2i-c", "salary": ' + "9" * 10_000 + "}\n",
        encoding="utf-8",
    )
    lines = list(chat_lines(path))
    assert [line["chat_id"] for line in lines] == ["u2i-a", "u2i-b", "u2i-c"]
    assert lines[1]["user_name"] == "\ufffd"
    assert remove_chats(path, {"u2i-a"}, []) == 1
    assert len(path.read_bytes().splitlines()) == 2


def test_a_line_without_an_end_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 100)
    path = tmp_path / "resumes.jl"
    path.write_bytes(b"x" * 101)
    for read in (lambda: list(chat_lines(path)), lambda: remove_chats(path, {"u2i-a"}, [])):
        with pytest.raises(UnreadableFile, match="has a line of more than"):
            read()


def test_what_a_link_leads_to_keeps_its_mode(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    (theirs / "file").touch(0o644)
    (tmp_path / "folder").symlink_to(theirs)
    (tmp_path / "file").symlink_to(theirs / "file")
    private_folder(tmp_path / "folder")
    private_file(tmp_path / "file")
    assert theirs.stat().st_mode & 0o777 == 0o755
    assert (theirs / "file").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\x00", b"[" * 200_000, b" " * (files.MEGABYTE + 1)]
)
def test_an_own_record_that_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_json(tmp_path / "run.json")
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UnreadableFile):
        read_json(tmp_path / "pipe.json")
