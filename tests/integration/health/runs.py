"""Runs of the probe, and a webhook that listens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.policy.imports import ROOT
from tests.support.forked import run_module
from tests.support.privacy import assert_private


def crawl(folder: Path, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
    return scrapy(folder, "crawl", "chats", *options, **env)


def scrapy(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run the probe by ``scrapy words...``; ``env`` are variables of its environment."""
    words = tuple(command(folder, *words)[3:])
    done = run_module(words, cwd=ROOT, env=environment(env), timeout=60)
    assert_private(done.stderr)
    return done


def command(folder: Path, *words: str) -> list[str]:
    settings = {
        "SPIDER_MODULES": "tests.integration.health.probe",
        "AVITO_DATA_DIR": str(folder),
        "ITEM_PIPELINES": "{}",
    }
    given = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    # Scrapy takes the last of two.
    return [sys.executable, "-m", "scrapy", words[0], *given, *words[1:]]


def environment(env: dict[str, str]) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if "AVITO_" not in key}
    return own | env


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def health(folder: Path) -> Any:
    return json.loads((folder / "health.json").read_text(encoding="utf-8"))


class Hook(ThreadingHTTPServer):
    """A webhook that answers with ``statuses`` one after another and keeps what it was told."""

    def __init__(self, statuses: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.statuses = statuses
        self.told: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret-path"


class HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body))
        self.send_response(self.server.statuses.pop(0))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
