"""A company's proxy, named by the environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.resumes_run import assert_true, run_again, write_chats

NOWHERE = "http://avito.invalid"


def test_a_run_reaches_the_api_through_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    with Sandbox(Scenario(chats=5, rate_limit_rps=900)) as sandbox:
        # The sandbox looks at a request's path only, so it is a proxy for every host.
        monkeypatch.setenv("http_proxy", sandbox.api_url)
        write_chats(sandbox, tmp_path)
        run = run_again(sandbox, tmp_path, env={"AVITO_API_URL": NOWHERE})
        assert (run.result.reason, run.result.status) == ("finished", 0), run.result.log
        assert_true(run.lines, {chat["chat_id"]: chat for chat in sandbox.truth()})
