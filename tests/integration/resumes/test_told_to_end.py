"""A run that is told to end ends soon, whatever it waits for."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from avito_sandbox import Sandbox, Scenario
from tests.support.killing import kill_when
from tests.support.resumes_run import write_chats

FOREVER = {"fault_share": 1.0, "fault_streak": 1000}


def answered(method: str, status: str, times: int) -> Callable[[Sandbox], bool]:
    def so_often(sandbox: Sandbox) -> bool:
        answers = sandbox.counters()["answers"].get(method, {})
        return int(answers.get(status, 0)) >= times

    return so_often


def requested(method: str, times: int) -> Callable[[Sandbox], bool]:
    return lambda sandbox: int(sandbox.counters()["requests"].get(method, 0)) >= times


@pytest.mark.parametrize(
    ("scenario", "moment"),
    [
        pytest.param(
            {**FOREVER, "faults": ("503",), "fault_methods": ("token",)},
            answered("token", "503", 4),
            id="a token that does not come",
        ),
        pytest.param(
            {**FOREVER, "faults": ("503",), "fault_methods": ("self",)},
            answered("self", "503", 4),
            id="the next try of the account",
        ),
        pytest.param(
            {**FOREVER, "faults": ("503",), "fault_methods": ("messages", "resumes")},
            answered("messages", "503", 40),
            id="the next tries of many chats",
        ),
        pytest.param(
            {**FOREVER, "faults": ("429",), "fault_methods": ("messages",)},
            answered("messages", "429", 2),
            id="a method that is paused",
        ),
        pytest.param(
            {**FOREVER, "faults": ("429",), "fault_methods": ("application_ids",)},
            answered("application_ids", "429", 2),
            id="a pause before the first chat",
        ),
        pytest.param(
            {**FOREVER, "faults": ("silence",), "silence_s": 300, "fault_methods": ("messages",)},
            requested("messages", 12),
            id="answers that do not come",
        ),
    ],
)
def test_it_ends_soon(
    tmp_path: Path, scenario: dict[str, Any], moment: Callable[[Sandbox], bool]
) -> None:
    with Sandbox(Scenario(**{"chats": 60, "rate_limit_rps": 900, **scenario})) as sandbox:
        write_chats(sandbox, tmp_path)
        before: list[int] = []

        def now() -> bool:
            before[:] = [sum(sandbox.counters()["requests"].values())]
            return moment(sandbox)

        # It is killed, and the test fails, if it has not ended within a few seconds.
        status = kill_when(sandbox, tmp_path, now, by=signal.SIGINT, patience=12)
        after = sum(sandbox.counters()["requests"].values())
    told = json.loads((tmp_path / "health.json").read_text(encoding="utf-8"))
    assert (told["reason"], status) == ("shutdown", 1)
    # Those on their way when the signal comes; going on would take ten tries of each.
    assert after - before[0] <= 100, "nothing more is asked for"


def test_a_long_pause_is_said_when_it_begins(tmp_path: Path) -> None:
    refusing: dict[str, Any] = {**FOREVER, "faults": ("429",), "fault_methods": ("messages",)}
    with Sandbox(Scenario(chats=20, rate_limit_rps=900, **refusing)) as sandbox:
        write_chats(sandbox, tmp_path)
        says = "Avito lets no more messages through at the moment (429): pausing for 4 s"
        kill_when(sandbox, tmp_path, says, by=signal.SIGINT, patience=12)
