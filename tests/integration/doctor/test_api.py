"""The checks of the API against the sandbox's API, well and ill."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.accounts import claim
from avito_scrapy.config import Config
from avito_scrapy.doctor.api import api_checks
from avito_scrapy.doctor.finding import Finding


def config(url: str, folder: Path, **more: Any) -> Config:
    settings = Settings()
    settings.setmodule("avito_scrapy.settings")
    keys = {"AVITO_CLIENT_ID": "sandbox-id", "AVITO_CLIENT_SECRET": "sandbox-secret"}
    own = {"AVITO_API_URL": url, "AVITO_DATA_DIR": str(folder), "AVITO_EMPLOYEE_OF": "", **keys}
    settings.setdict(own | more, priority="cmdline")
    return Config.from_settings(settings)


def examine(folder: Path, scenario: dict[str, Any], **more: Any) -> dict[str, Finding]:
    with Sandbox(Scenario(chats=20, **scenario)) as sandbox:
        found = list(api_checks(config(sandbox.api_url, folder, **more)))
        asked = sandbox.counters()
        assert asked["contacts_bought"] == 0
        assert "contacts" not in asked["requests"]
        assert asked["chats_opened"] == 0
    assert len({finding.check for finding in found}) == len(found)
    return {finding.check: finding for finding in found}


CHECKS = ["token", "clock", "account", "messenger", "applications", "resumes", "limits"]


def test_a_healthy_account(tmp_path: Path) -> None:
    found = examine(tmp_path, {})
    assert list(found) == CHECKS
    assert {finding.level for finding in found.values()} == {"ok"}
    assert "94235311" in found["account"].line("ru")
    assert "24.0 h" in found["token"].line("en")
    assert "chats 600" in found["limits"].line("en")


@pytest.mark.parametrize(
    ("scenario", "more", "check", "text"),
    [
        ({}, {"AVITO_CLIENT_SECRET": "wrong"}, "token", "token_refused"),
        ({"credentials_status": 401}, {"AVITO_CLIENT_ID": "other"}, "token", "token_refused"),
        ({}, {"AVITO_CLIENT_ID": ""}, "token", "token_unset"),
        ({"subscription": "no_messenger"}, {}, "messenger", "api_402"),
        ({"employee_of": 77}, {}, "messenger", "api_403"),
        # What it answers while a run uses the limits up.
        (
            {"fault_share": 1.0, "faults": ("429",), "fault_methods": ("application_ids",)},
            {},
            "applications",
            "api_busy",
        ),
        ({"rate_limits": {"chats": 2.0}}, {}, "limits", "limits_low"),
        ({"rate_limit_rps": None}, {}, "limits", "limits_unknown"),
        (
            {"fault_share": 1.0, "faults": ("503",), "fault_methods": ("self",)},
            {},
            "account",
            "odd_answer",
        ),
        (
            {"fault_share": 1.0, "faults": ("reset",), "fault_methods": ("resumes",)},
            {},
            "resumes",
            "unreachable",
        ),
    ],
)
def test_one_thing_is_ill(
    tmp_path: Path, scenario: dict[str, Any], more: dict[str, Any], check: str, text: str
) -> None:
    found = examine(tmp_path, scenario, **more)
    assert list(found) == CHECKS
    assert found[check].text == text
    others = [finding for name, finding in found.items() if name != check]
    assert {finding.level for finding in others} <= {"ok", "skipped"}
    for lang in ("ru", "en"):
        assert "{" not in found[check].line(lang)


def test_without_the_job_subscription_both_its_apis_are_named(tmp_path: Path) -> None:
    found = examine(tmp_path, {"subscription": "no_job"})
    assert [name for name, f in found.items() if f.text == "api_402"] == ["applications", "resumes"]


def test_keys_of_another_account_than_the_folder(tmp_path: Path) -> None:
    claim(tmp_path / ".avito", 7)
    found = examine(tmp_path, {})["account"]
    assert (found.level, found.text) == ("fault", "account_other")
    assert "account 94235311's and the data folder account 7's" in found.line("en")


def test_nobody_answers(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        found = list(api_checks(config(f"http://127.0.0.1:{taken.getsockname()[1]}", tmp_path)))
    assert found[0].text == "unreachable"
    assert "127.0.0.1" in found[0].line("en")
    assert {finding.level for finding in found[1:]} == {"skipped"}


def test_neither_keys_nor_token_are_shown(tmp_path: Path) -> None:
    found = examine(tmp_path, {}, AVITO_CLIENT_SECRET="wrong-secret-word")
    assert all("wrong-secret-word" not in f.line("en") for f in found.values())


def test_a_429_is_no_fault(tmp_path: Path) -> None:
    for method in ("token", "self", "chats", "resumes"):
        found = examine(
            tmp_path, {"fault_share": 1.0, "faults": ("429",), "fault_methods": (method,)}
        )
        assert "fault" not in {finding.level for finding in found.values()}
        assert [f.text for f in found.values()].count("api_busy") == 1


@contextmanager
def raw_server(answer: bytes, end: threading.Event) -> Iterator[str]:
    """Answers every request with ``answer``, then keeps the connection until ``end``."""

    def serve() -> None:
        try:
            while True:
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65_536)
                    connection.sendall(answer)
                    end.wait()
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            end.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_a_token_that_would_begin_another_header(tmp_path: Path) -> None:
    body = b'{"access_token": "hunter2\\r\\nX-Odd: 1", "expires_in": 86400}'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    ended = threading.Event()
    ended.set()
    with raw_server(head + body, ended) as url:
        found = list(api_checks(config(url, tmp_path)))
    assert (found[0].text, found[0].level) == ("odd_answer", "fault")
    assert {finding.level for finding in found[1:]} == {"skipped"}
    assert not any("hunter2" in finding.line("en") for finding in found)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b""])
def test_an_answer_that_never_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr("avito_scrapy.doctor.api.DEADLINE_S", 0.2)
    with raw_server(answer, threading.Event()) as url:
        found = list(api_checks(config(url, tmp_path)))
    assert found[0].text == "unreachable"
    assert "no whole answer" in found[0].line("en")


def test_the_proxy_of_the_environment_is_used_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox(Scenario(chats=5)) as sandbox:
        proxy = sandbox.api_url.replace("http://", "http://user:hunter2@")
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        found = list(api_checks(config("http://avito.invalid", tmp_path)))
        assert found[0].text == "proxy_used"
        assert "127.0.0.1" in found[0].line("en")
        assert "hunter2" not in found[0].line("en")
        # The host does not exist: whoever answers is the proxy.
        assert not any(finding.text == "unreachable" for finding in found)
