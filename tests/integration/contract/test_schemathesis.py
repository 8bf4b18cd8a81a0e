"""schemathesis makes up requests from avito.yaml, right and wrong ones: the sandbox keeps it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.unit.sandbox.client import SandboxClient

pytest.importorskip("schemathesis", reason="needs Python 3.11")

EXAMPLES, SEED = 20, 8
SCENARIO = Scenario(chats=120, session="cookie", rate_limit_rps=None, package=3)
PLACES = {
    "path.user_id": "account",
    "path.chat_id": "chats",
    "path.resume_id": "resumes",
    "query.cursor": "applications",
    "body.ids[*]": "applications",
    "body.client_id": "client",
    "body.client_secret": "secret",
}
"""Where values come from that nobody can make up. Most are taken, the rest is made up; a cursor is
always a real one, as Avito promises nothing about others."""


def _config(sandbox: Sandbox) -> str:
    world = sandbox.world
    values = {
        "account": [world.account_id],
        "chats": list(world.chats_by_id)[:50],
        "resumes": list(world.resumes),
        "applications": list(world.applications_by_id)[:50],
        "client": [SCENARIO.client_id],
        "secret": [SCENARIO.client_secret],
    }
    lines = [
        f'headers = {{ Authorization = "Bearer {SandboxClient(sandbox).token}" }}',
        # Only the links that the document has; guessed ones follow nulls.
        "phases.stateful.inference.algorithms = []",
        f'auth.openapi.session.api_key = "{SCENARIO.sessid}"',
        *(f"dictionaries.{name}.values = {json.dumps(known)}" for name, known in values.items()),
        "[parameters]",
    ]
    for place, name in PLACES.items():
        share = 1.0 if place == "query.cursor" else 0.8
        lines.append(f'"{place}" = {{ dictionary = "{name}", probability = {share} }}')
    return "\n".join(lines)


def test_all_checks_pass(tmp_path: Path) -> None:
    document = tmp_path / "avito.yaml"
    document.write_bytes(files("avito_scrapy.openapi").joinpath("avito.yaml").read_bytes())
    with Sandbox(SCENARIO) as sandbox:
        (tmp_path / "schemathesis.toml").write_text(_config(sandbox), encoding="utf-8")
        command = [
            sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()",
            "run", str(document), "--url", sandbox.url, "--checks", "all", "--no-color",
            "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--continue-on-failure",
        ]  # fmt: skip
        done = subprocess.run(
            command,
            cwd=tmp_path,
            # what it does is not ours to measure
            env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        answers = sandbox.counters()["answers"]
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Selected: 11/11" in done.stdout
    assert "Tested: 11" in done.stdout
    cases = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert cases is not None
    assert int(cases[2]) > 11 * EXAMPLES
    # It got through to the data of every method, and was turned away where it was wrong.
    for method in ("self", "items", "chats", "chat", "messages", "application_ids", "applications",
                   "resumes", "contacts", "token", "getChannels"):  # fmt: skip
        assert {"200", "400"} <= set(answers[method]), method
