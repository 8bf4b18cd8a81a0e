from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.outputs import check_outputs, keep_partial, kept_partials

ZONE = ZoneInfo("Europe/Moscow")


def leave(folder: Path, chats: str, ended: int) -> Path:
    """What a run left that ended at ``ended``: a chat for each letter, and a workbook."""
    partial = folder / "resumes.partial.jl"
    partial.write_text("".join(f'{{"chat_id": "{chat}"}}\n' for chat in chats))
    partial.with_suffix(".xlsx").write_text(chats)
    os.utime(partial, (ended, ended))
    return partial


def kept(partial: Path) -> list[str]:
    assert not partial.exists()
    assert not partial.with_suffix(".xlsx").exists()
    return [path.with_suffix(".xlsx").read_text() for path in kept_partials(partial)]


def test_the_last_three_are_kept_under_the_time_they_ended(tmp_path: Path) -> None:
    for number, chats in enumerate(["ab", "bc", "cd", "de"]):
        partial = leave(tmp_path, chats, 1_700_000_000 + number)
        keep_partial(partial, ZONE)
    assert kept(partial) == ["bc", "cd", "de"]
    assert kept_partials(partial)[0].name == "resumes.partial.20231115-011321-000000.jl"


def test_one_with_nothing_of_its_own_is_not_kept(tmp_path: Path) -> None:
    for number, chats in enumerate(["abcd", "b", "", "bc", "x", "a", "abc"]):
        partial = leave(tmp_path, chats, 1_700_000_000 + number)
        keep_partial(partial, ZONE)
    assert kept(partial) == ["abcd", "x"]
    keep_partial(leave(tmp_path, "xabcd", 1_700_000_100), ZONE)
    assert kept(partial) == ["xabcd"]


def test_nothing_left_nothing_kept(tmp_path: Path) -> None:
    keep_partial(tmp_path / "resumes.partial.jl", ZONE)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["resumes.partial.jl", "health.json", ".avito/resumes.journal"])
def test_a_folder_where_a_file_is_to_be(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir(parents=True)
    with pytest.raises(UsageError, match=rf"{name} is no file"):
        check_outputs(tmp_path, "resumes", [])


@pytest.mark.parametrize("name", ["resumes.jl", "resumes.partial.jl", "chats.jl", "health.json"])
def test_a_feed_in_place_of_an_own_file(tmp_path: Path, name: str) -> None:
    for address in (str(tmp_path / name), (tmp_path / name).as_uri()):
        with pytest.raises(UsageError, match="name another"):
            check_outputs(tmp_path, "resumes", [address])


def test_a_feed_that_would_never_begin(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path / "pipe.json", tmp_path):
        with pytest.raises(UsageError, match="is no file"):
            check_outputs(tmp_path, "resumes", [str(path)])


def test_feeds_that_are_fine(tmp_path: Path) -> None:
    (tmp_path / "mine.json").touch()
    check_outputs(
        tmp_path, "resumes", [str(tmp_path / "mine.json"), "stdout:", "s3://b/resumes.jl"]
    )
