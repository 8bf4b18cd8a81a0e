"""Settings in the environment and in ``.env``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from scrapy.settings import Settings

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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_TIMEOUT", "x"), ("CONCURRENT_REQUESTS", "-1"), ("DOWNLOAD_DELAY", "nan"),
        ("RETRY_TIMES", "inf"), ("DNS_TIMEOUT", []), ("LOG_LEVEL", "FOO"),
        ("LOG_FILE", "/proc/x/y"),
        ("LOG_FILE", "/proc/self"), ("LOG_FILE", "a\0b"), ("CLOSESPIDER_ITEMCOUNT", "9" * 400),
    ],
)  # fmt: skip
def test_a_setting_of_scrapys_that_is_none(name: str, value: object) -> None:
    with pytest.raises(UsageError, match=name):
        environment.check_scrapys(Settings({name: value}))


def test_settings_of_scrapys_that_are_well() -> None:
    Path("there.log").write_text("x")
    given = {"DOWNLOAD_TIMEOUT": "2.5", "LOG_LEVEL": "DEBUG", "RETRY_PRIORITY_ADJUST": "-3"}
    environment.check_scrapys(Settings({**given, "LOG_FILE": "new/a.log"}))
    environment.check_scrapys(Settings({"LOG_LEVEL": 10, "LOG_FILE": "there.log"}))
    assert (Path("there.log").read_text(), list(Path("new").iterdir())) == ("x", [])
