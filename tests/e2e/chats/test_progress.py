"""What a person sees meanwhile: a bar on a terminal, lines elsewhere; neither tears the other."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

from avito_sandbox import Sandbox, Scenario
from tests.support.chats_run import run_chats
from tests.support.privacy import assert_private
from tests.support.scrapy_run import ROOT, command, environment


def on_a_terminal(tmp_path: Path) -> tuple[int, str]:
    """The exit status of a crawl, and everything it wrote to its terminal."""
    with Sandbox(Scenario(chats=215, page_latency_ms=200)) as sandbox:
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        env = environment(tmp_path, {"AVITO_WEB_URL": sandbox.web_url})
        process = subprocess.Popen(
            command("chats", {"pace": "fast", "expected": 215}, {}),
            cwd=ROOT, env=env, stderr=theirs, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        written = b""
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:  # the other side is closed
            pass
        finally:
            os.close(ours)
        return process.wait(), assert_private(written.decode())


def test_bar(tmp_path: Path) -> None:
    status, written = on_a_terminal(tmp_path)
    assert status == 0
    bars = re.findall(r"chats: +\d+%\|.*?\| (\d+)/215 \[", written)
    assert len(set(bars)) > 2
    assert bars[-1] == "215"
    # Log lines begin where a line begins, and a bar is never inside one.
    for text in re.split(r"[\r\n]+|\x1b\[A", written):
        if "] INFO: " in text:
            assert re.match(r"\d{4}-\d\d-\d\d ", text), text
            assert "%|" not in text


def test_lines(tmp_path: Path) -> None:
    run = run_chats({"chats": 35}, tmp_path, args={"expected": 30})
    assert run.result.status == 0
    said = r"INFO: Progress: 35 of 30 chats, [\d.]+ a second, \d+ s\n"
    assert re.search(said, run.result.log)
    assert "%|" not in run.result.log
