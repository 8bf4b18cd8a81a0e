from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import avito_sandbox
from avito_sandbox.__main__ import main
from avito_sandbox.cli import UsageError, read_arguments
from avito_sandbox.scenario import Scenario, field_docs
from tests.unit.sandbox.client import ask

ROOT = Path(avito_sandbox.__file__).parents[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_url_and_ends_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "avito_sandbox", "--chats", "40", "--rows", "virtualised"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        hints = process.stdout.readline() + process.stdout.readline()
        for name in ("AVITO_WEB_URL", "AVITO_API_URL", "AVITO_CLIENT_ID", "AVITO_CLIENT_SECRET"):
            assert name in hints
        assert len(ask(f"{url}/__sandbox__/truth").json) == 40
        process.send_signal(number)
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "name", "value"),
    [
        (["--chats", "7"], "chats", 7),
        (["--jump-live", "false"], "jump_live", False),
        (["--jump_every", "3"], "jump_every", 3),
        (["--rate-limit-rps", "none"], "rate_limit_rps", None),
        (["--rate-limit-rps", "0.5"], "rate_limit_rps", 0.5),
        (["--refuse", "none"], "refuse", "none"),
        (["--faults", "500,html"], "faults", ("500", "html")),
        (["--faults", '["503"]'], "faults", ("503",)),
        (["--fault-methods", "chat,self"], "fault_methods", ("chat", "self")),
        (["--rate-limits", '{"chat": 2}'], "rate_limits", {"chat": 2.0}),
        (["--client-id", "5"], "client_id", "5"),
    ],
)
def test_options_become_the_scenario(arguments: list[str], name: str, value: Any) -> None:
    scenario, port = read_arguments(arguments)
    assert getattr(scenario, name) == value
    assert port == 0


def test_a_file_and_options_on_top(tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text('{"chats": 9, "rows": "recycled"}', "utf-8")
    scenario, port = read_arguments(["--scenario", str(file), "--chats", "8", "--port", "1234"])
    assert (scenario.chats, scenario.rows, port) == (8, "recycled", 1234)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense", "1"],
        ["--chats", "many"],
        ["--chats", "-1"],
        ["--rows", "gone"],
        ["--fail-every", "1"],
        ["--port", "x"],
        ["--scenario", "/nowhere.json"],
        ["--faults", "fire"],
    ],
)
def test_wrong_options_are_one_line(arguments: list[str], capsys: Any) -> None:
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert told.err.startswith("avito_sandbox: ")


@pytest.mark.parametrize("text", ["[]", "{", '{"nonsense": 1}', '{"chats": "x"}'])
def test_wrong_files(text: str, tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError):
        read_arguments(["--scenario", str(file)])


def test_a_scenario_is_a_value() -> None:
    scenario = Scenario.model_validate_json('{"chats": 3, "faults": ["reset"]}')
    assert scenario == Scenario(chats=3, faults=("reset",))
    assert Scenario.model_validate(json.loads(scenario.model_dump_json())) == scenario
    with pytest.raises(ValueError, match="frozen"):
        scenario.chats = 4  # type: ignore[misc]


def test_every_option_is_documented() -> None:
    text = (ROOT / "docs" / "sandbox.md").read_text("utf-8")
    for name, description in field_docs().items():
        assert description, name
        assert f"`{name}`" in text, name
