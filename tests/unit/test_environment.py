"""Settings in the environment and in ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from avito_scrapy import environment
from avito_scrapy.errors import UsageError


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_file_is_read() -> None:
    assert environment.env_file() == {}
    Path(".env").write_text("\ufeffAVITO_TZ=Asia/Omsk\nAVITO_CLIENT_ID='Ёж'\n", encoding="utf-8")
    assert environment.env_file() == {"AVITO_TZ": "Asia/Omsk", "AVITO_CLIENT_ID": "Ёж"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("AVITO_CLIENT_SECRET=hunter2".encode("utf-16"), "not text in UTF-8"),
        (b"AVITO_CLIENT_SECRET=hun\0ter2", "NUL"),
        (b"A=" + b"x" * 2_000_000, "larger than"),
    ],
)
def test_a_file_that_is_no_such_text(content: bytes, says: str) -> None:
    Path(".env").write_bytes(content)
    with pytest.raises(UsageError, match=says) as caught:
        environment.env_file()
    assert "hunter2" not in str(caught.value)
    assert environment.readable_env_file() == {}


def test_no_file() -> None:
    os.mkfifo(".env")
    with pytest.raises(UsageError, match="not a regular file"):
        environment.env_file()


def test_names_that_nobody_reads_are_told_with_the_nearest() -> None:
    Path(".env").write_text("AVITO_CLIENTID=1\nOTHER=2\nAVITO_TZ=UTC\n", encoding="utf-8")
    told = list(
        environment.unknown_names({"AVITO_QQQQQQQQQQQQ": "hunter2", "AVITO_TZ": "", "PATH": "x"})
    )
    assert told == [
        "environment: AVITO_QQQQQQQQQQQQ is no setting",
        ".env: AVITO_CLIENTID is no setting; did you mean AVITO_CLIENT_ID?",
    ]


def test_given_names() -> None:
    environment.check_given(["AVITO_TZ", "LOG_LEVEL"])
    with pytest.raises(UsageError, match="-s AVITO_STOREURL is no setting; did you mean"):
        environment.check_given(["AVITO_STOREURL"])
