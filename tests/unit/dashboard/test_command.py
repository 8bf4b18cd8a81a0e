"""What ``scrapy dashboard`` refuses before it serves, and whose pages it serves."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest
from scrapy.cmdline import execute

from avito_scrapy.config import Config
from tests.policy.imports import ROOT


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str) -> int | str | None:
    """The exit status of ``scrapy dashboard`` in ``folder``."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr("os.umask", lambda mask: 0)  # of this process
    with pytest.raises(SystemExit) as ended:
        execute(["scrapy", "dashboard", *options])
    return ended.value.code


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "x"], "--port must be a number from 0 to 65535"),
        (["--port", "70000"], "--port must be a number from 0 to 65535"),
        (["--host", "0.0.0.0"], "set AVITO_DASHBOARD_PASSWORD"),
        (["--account", "nobody"], "accounts/nobody.env is not there"),
    ],
)
def test_wrong_usage_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    options: list[str],
    told: str,
) -> None:
    assert run(monkeypatch, ROOT, "-s", f"AVITO_DATA_DIR={tmp_path}", *options) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert told in line


def test_the_account_of_the_environment_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "accounts").mkdir()
    for name in ("north", "south"):
        path = tmp_path / "accounts" / f"{name}.env"
        path.write_text(f"AVITO_CLIENT_ID=id-of-{name}\n", "utf-8")
        path.chmod(0o600)
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    # The settings look at the environment once a process.
    monkeypatch.setitem(sys.modules, "avito_scrapy.settings", None)  # so that it is put back
    del sys.modules["avito_scrapy.settings"]
    monkeypatch.setenv("AVITO_ACCOUNT", "north")
    monkeypatch.setenv("AVITO_DATA_DIR", str(tmp_path / "data"))
    served: list[dict[str, Config]] = []
    monkeypatch.setattr(
        "avito_scrapy.dashboard.server.serve", lambda configs, **_options: served.append(configs)
    )
    assert not run(monkeypatch, tmp_path)
    [(name, config)] = served[0].items()
    assert (name, config.client_id) == ("north", "id-of-north")
    assert config.data_dir == tmp_path / "data" / "north"


def test_without_nicegui_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "nicegui" else find(name)
    )
    assert run(monkeypatch, ROOT, "-s", f"AVITO_DATA_DIR={tmp_path}") == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line == "scrapy dashboard: needs NiceGUI: pip install -r requirements-dashboard.txt"
