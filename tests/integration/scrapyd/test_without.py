"""The same without Scrapyd: the script behind the cron line and the systemd unit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from avito_scrapy.monitors import health_file
from avito_scrapy.monitors.health_file import RunHealth
from tests.policy.imports import ROOT
from tests.support.privacy import assert_private


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's folder as the script expects it."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    return tmp_path


def run_both(folder: Path, scenario: Scenario) -> tuple[int, dict[str, Any]]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("AVITO_")}
    with Sandbox(scenario) as sandbox:
        settings = {
            "AVITO_WEB_URL": sandbox.web_url,
            "AVITO_API_URL": sandbox.api_url,
            "AVITO_CLIENT_ID": "sandbox-id",
            "AVITO_CLIENT_SECRET": "sandbox-secret",
            "PYTHONPATH": str(ROOT),
        }
        script = [str(ROOT / "deploy" / "crawl-both.sh"), str(folder)]
        done = subprocess.run(
            script, env=clean | settings, capture_output=True, text=True, timeout=100, check=False
        )
        assert_private(done.stdout + done.stderr)
        return done.returncode, sandbox.counters()


def test_fewer_chats_than_last_time_and_resumes_all_the_same(folder: Path) -> None:
    last = RunHealth("chats", "finished", 0, "", "2026-01-02T03:04:05+00:00", last_whole_chats=90)
    health_file.write(folder, last)
    status, asked = run_both(folder, Scenario(chats=60, rate_limit_rps=100))
    assert status == 9
    told = json.loads((folder / "health.json").read_text(encoding="utf-8"))["runs"]
    assert [over["figure"] for over in told["chats"]["crossed"]] == ["chats_drop"]
    assert (told["resumes"]["status"], told["resumes"]["figures"]["chats"]) == (0, 60)
    assert asked["chats_opened"] == 0
    assert (folder / "resumes.xlsx").exists()


def test_signed_out_nothing_more_is_asked(folder: Path) -> None:
    status, asked = run_both(folder, Scenario(chats=60, session="signed_out"))
    assert status == 4
    assert asked["tokens_issued"] == 0
