"""What a channel gets at the end of a run, from a real server's side."""

from __future__ import annotations

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event, Thread
from urllib.parse import unquote

import pytest

from tests.integration.health.runs import Hook, crawl, health

TOKEN = "12345:secret-token"
TEXT = ["чаты: всё собрано (код 0)", "новых: 3"]


def test_nobody_is_told_unless_settings_say_so(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for name in ("slack_sdk", "premailer", "boto3", "jinja2"):
        (blocked / f"{name}.py").write_text("raise AssertionError('imported')\n")
    run = crawl(tmp_path, "-a", "chats=3", PYTHONPATH=str(blocked))
    assert run.returncode == 0, run.stderr
    assert "avito/notifications" not in run.stderr


@pytest.mark.parametrize("hook", [[204]], indirect=True)
def test_discord_gets_account_and_figures(tmp_path: Path, hook: Hook) -> None:
    run = crawl(
        tmp_path, "-a", "chats=3", "-L", "DEBUG", SPIDERMON_DISCORD_WEBHOOK_URL=hook.url
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    [told] = hook.told
    assert told["content"].splitlines() == [f"Авито, {tmp_path.name}, {TEXT[0]}", TEXT[1]]
    assert "secret-path" not in run.stderr, "not even at DEBUG"


@pytest.mark.parametrize(
    "channel",
    [
        {"SPIDERMON_TELEGRAM_SENDER_TOKEN": TOKEN, "SPIDERMON_TELEGRAM_RECIPIENTS": "1",
         "SPIDERMON_TELEGRAM_FAKE": "true"},
        {"SPIDERMON_SLACK_SENDER_TOKEN": TOKEN, "SPIDERMON_SLACK_SENDER_NAME": "avito",
         "SPIDERMON_SLACK_RECIPIENTS": "#chats", "SPIDERMON_SLACK_FAKE": "true"},
    ],
    ids=["telegram", "slack"],
)  # fmt: skip
def test_telegram_and_slack_say_the_same(tmp_path: Path, channel: dict[str, str]) -> None:
    folder = tmp_path / "an_account"
    folder.mkdir()
    run = crawl(folder, "-a", "chats=3", "-a", "drift=1", **channel)
    assert run.returncode == 0, run.stderr
    [said] = re.findall(r"\[spidermon\.contrib\.actions\.\w+\] INFO: (.*(?:\n[^2].*)*)", run.stderr)
    # Telegram's goes into an address, where `_` is markup.
    told = unquote(said).replace("\\_", "_").splitlines()
    drift = "ответы Авито изменились: проверьте, нет ли новой версии программы"
    assert told == [f"Авито, an_account, {TEXT[0]}", TEXT[1], drift]
    assert ("an\\_account" in unquote(said)) is ("SPIDERMON_TELEGRAM_FAKE" in channel)
    assert TOKEN not in run.stderr


class Mail(socketserver.StreamRequestHandler):
    """The server's half of SMTP, as far as a client needs it."""

    def handle(self) -> None:
        def say(line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        say("220 mail")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                say("354 go on")
                text = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    text += part
                self.server.mails.append(text)  # type: ignore[attr-defined]
            say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_mail_arrives_as_text(tmp_path: Path) -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    mails: list[bytes] = []
    server.mails = mails  # type: ignore[attr-defined]
    with serving(server):
        mail = {
            "SPIDERMON_EMAIL_SENDER": "avito@example.org",
            "SPIDERMON_EMAIL_TO": "hr@example.org",
            "SPIDERMON_SMTP_HOST": "127.0.0.1",
            "SPIDERMON_SMTP_PORT": str(server.server_address[1]),
        }
        run = crawl(tmp_path, "-a", "chats=3", **mail)
    assert run.returncode == 0, run.stderr
    [raw] = mails
    message = message_from_bytes(raw, policy=default)
    assert message["To"] == "hr@example.org"
    assert message["Subject"].startswith(f"Авито, {tmp_path.name}, {TEXT[0]}")
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[1] == TEXT[1]


class Drip(BaseHTTPRequestHandler):
    """Sends the head of its answer a byte a second, and never comes to its end."""

    def do_POST(self) -> None:
        while not self.server.ended.wait(1):  # type: ignore[attr-defined]
            try:
                self.wfile.write(b"H")
            except OSError:
                return

    def log_message(self, *_: object) -> None:
        pass


def test_a_channel_that_never_comes_to_its_end_holds_nobody(tmp_path: Path) -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drip)
    server.daemon_threads = True
    server.ended = Event()  # type: ignore[attr-defined]
    url = f"http://127.0.0.1:{server.server_address[1]}/secret-path"
    with serving(server):
        given = ("-s", f"AVITO_WEBHOOK_URL={url}", "-s", f"SPIDERMON_DISCORD_WEBHOOK_URL={url}")
        run = crawl(tmp_path, "-a", "chats=3", *given)
        server.ended.set()  # type: ignore[attr-defined]
    assert run.returncode == 0, run.stderr
    assert "WARNING: The webhook was not told: no end after 15 s" in run.stderr
    assert "WARNING: The discord was not told: no end after 15 s" in run.stderr
    assert "secret-path" not in run.stderr
    assert health(tmp_path)["healthy"] is True


def test_a_channel_that_is_not_there_is_a_warning_without_its_secret(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9/secret-path"
    run = crawl(tmp_path, "-a", "chats=3", SPIDERMON_DISCORD_WEBHOOK_URL=url)
    assert run.returncode == 0
    assert "WARNING: The discord was not told: ConnectionError" in run.stderr
    assert "secret-path" not in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (
            {"SPIDERMON_TELEGRAM_SENDER_TOKEN": TOKEN},
            "You must provide a value for SPIDERMON_TELEGRAM_RECIPIENTS setting.",
        ),
        (
            {"SPIDERMON_EMAIL_TO": "hr@example.org", "SPIDERMON_SMTP_PORT": "smtp"},
            "SPIDERMON_EMAIL_...: a value is not of its kind",
        ),
    ],
)
def test_half_a_setting_is_one_line_before_anything_starts(
    tmp_path: Path, settings: dict[str, str], line: str
) -> None:
    run = crawl(tmp_path, "-a", "chats=3", "--nolog", **settings)
    assert (run.returncode, run.stderr) == (2, f"scrapy crawl: {line}\n")


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    (tmp_path / "slack_sdk.py").write_text("raise ModuleNotFoundError(name='slack_sdk')\n")
    run = crawl(
        tmp_path, "-a", "chats=3", "--nolog", PYTHONPATH=str(tmp_path),
        SPIDERMON_SLACK_SENDER_TOKEN=TOKEN,
    )  # fmt: skip
    line = "SPIDERMON_SLACK_SENDER_TOKEN: needs the package slack-sdk: pip install slack-sdk"
    assert (run.returncode, run.stderr) == (2, f"scrapy crawl: {line}\n")


@pytest.mark.parametrize("hook", [[404, 404, 404]], indirect=True)
def test_a_webhook_that_refuses_is_asked_three_times(tmp_path: Path, hook: Hook) -> None:
    run = crawl(tmp_path, "-a", "chats=3", "-L", "DEBUG", "-s", f"AVITO_WEBHOOK_URL={hook.url}")
    assert run.returncode == 0
    assert "secret-path" not in run.stderr, "not even at DEBUG"
    assert "WARNING: The webhook was not told: HTTP 404, 3 tries" in run.stderr
    assert len(hook.told) == 3
