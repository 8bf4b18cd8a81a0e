"""No command passes on a secret, whatever goes wrong with the setting that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.commands.test_usage import COMMANDS, scrapy

SECRET = "hunter2"
SETTINGS = {
    "AVITO_STORE_URL": [
        f"postgresql://u:{SECRET}:x@127.0.0.1:1/d",
        f"postgresql://u:x@{SECRET}@127.0.0.1:1/d",
        f"postgresql://u@127.0.0.1:{SECRET}/d",
        f"postgresql://127.0.0.1:1/d?password={SECRET}",
        f"{SECRET}@nowhere",
    ],
    "AVITO_API_URL": [f"http://u:{SECRET}@127.0.0.1:x", f"http://u:{SECRET}@[::1"],
    "AVITO_WEB_URL": [f"http://u:{SECRET}@127.0.0.1:99999", f"ftp://{SECRET}@h"],
    "AVITO_WEBHOOK_URL": [f"https://[/{SECRET}", f"hooks.example/{SECRET}"],
    "AVITO_EMPLOYEE_OF": [SECRET],
    "AVITO_CLIENT_SECRETS": [SECRET],
}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "login"])
def test_a_store_that_refuses_is_told_without_its_password(tmp_path: Path, command: str) -> None:
    arguments = [*COMMANDS[command]]
    if command == "crawl":
        arguments = ["crawl", "resumes", "-a", "input=chats.jl"]
        (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-a"}\n', encoding="utf-8")
    env = {
        "AVITO_STORE_URL": SETTINGS["AVITO_STORE_URL"][0],
        "AVITO_CLIENT_ID": "id", "AVITO_CLIENT_SECRET": SECRET,
        "AVITO_API_URL": f"http://u:{SECRET}@127.0.0.1:9", "AVITO_BROWSER": "/nowhere",
    }  # fmt: skip
    done = scrapy(tmp_path, *arguments, env=env)
    told = done.stdout + done.stderr
    assert done.returncode in (2, 3), told
    assert "127.0.0.1" in told
    assert SECRET not in told
    assert "Traceback" not in told


@pytest.mark.parametrize("name", SETTINGS)
def test_a_wrong_setting_is_told_without_its_value(tmp_path: Path, name: str) -> None:
    for value in SETTINGS[name]:
        done = scrapy(tmp_path, "report", env={name: value})
        told = done.stdout + done.stderr
        assert done.returncode == 2, told
        assert SECRET not in told
        assert "Traceback" not in told


@pytest.mark.parametrize(
    ("spider", "name", "arguments"),
    [
        ("chats", "AVITO_WEB_URL", ["chats"]),
        ("resumes", "http_proxy", ["resumes", "-a", "input=chats.jl", "-s", "RETRY_TIMES=0"]),
    ],
)
def test_a_run_tells_of_no_password_in_its_whole_log(
    tmp_path: Path, spider: str, name: str, arguments: list[str]
) -> None:
    (tmp_path / "chats.jl").write_text('{"chat_id": "u2i-a"}\n', encoding="utf-8")
    env = {
        "AVITO_CLIENT_ID": "id", "AVITO_CLIENT_SECRET": f"{SECRET}-too",
        "AVITO_API_URL": "http://api.example", name: f"http://u:{SECRET}@127.0.0.1:9",
    }  # fmt: skip
    done = scrapy(tmp_path, "crawl", *arguments, "-L", "DEBUG", env=env)
    told = done.stdout + done.stderr
    assert done.returncode == 10, told
    assert "DEBUG" in told
    assert SECRET not in told
