"""A folder as a person has it: scrapy.cfg, accounts/NAME.env, data/NAME; sandboxes as accounts."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from avito_sandbox import Sandbox, Scenario
from tests.support.forked import run_module
from tests.support.privacy import assert_private
from tests.support.resumes_run import write_chats
from tests.support.scrapy_run import ROOT, Result


def account_sandbox(number: int, **options: Any) -> Sandbox:
    """An account of its own: another number, other chats, keys of its own."""
    given = {"chats": 25, "seed": number, "rate_limit_rps": 900, **options}
    return Sandbox(
        Scenario(
            account_id=1000 + number,
            client_id=f"id-of-{number}",
            client_secret=f"sandbox-secret-{number}",
            **given,
        )
    )


class Project:
    """The folder, and ``scrapy`` run in it."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.env = {**env, "PYTHONPATH": str(ROOT)}
        folder.mkdir(exist_ok=True)
        shutil.copy(ROOT / "scrapy.cfg", folder)

    def add(self, name: str, sandbox: Sandbox, *, chats: bool = True, **more: str) -> Path:
        """Set up the account ``name`` with its keys; with its ``chats.jl`` as well."""
        scenario = sandbox.scenario
        given = {
            "AVITO_CLIENT_ID": scenario.client_id,
            "AVITO_CLIENT_SECRET": scenario.client_secret,
            "AVITO_API_URL": sandbox.api_url,
            "AVITO_WEB_URL": sandbox.web_url,
            **more,
        }
        path = self.folder / "accounts" / f"{name}.env"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{key}={value}\n" for key, value in given.items()), "utf-8")
        path.chmod(0o600)
        data = self.data / name
        data.mkdir(parents=True, exist_ok=True)
        if chats:
            write_chats(sandbox, data)
        return data

    def environment(self, env: Mapping[str, str] = {}) -> dict[str, str]:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("AVITO_")}
        return {**clean, "AVITO_DATA_DIR": str(self.data), **self.env, **env}

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", *words]

    def run(self, *words: str, env: Mapping[str, str] = {}, timeout: float = 90) -> Result:
        """Run ``scrapy`` with ``words`` to its end."""
        done = run_module(words, cwd=self.folder, env=self.environment(env), timeout=timeout)
        assert_private(done.stdout)
        return Result(done.returncode, done.stderr, done.stdout, self.data)
