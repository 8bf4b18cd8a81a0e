"""Folders and files for their owner only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from avito_scrapy.store.files import private_file, private_folder


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
