"""Runs ``scrapy ...`` the way a person does: as a process of its own, in the project's folder."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.forked import run_module
from tests.support.privacy import assert_private

ROOT = Path(__file__).parents[2]

_STATS = re.compile(r"Dumping Scrapy stats:\n(\{.*?\})\n\d{4}-", re.DOTALL)


@dataclass(frozen=True)
class Result:
    """What a run left: exit status, log (stderr), output, and the data folder.

    There is none of a run that has logged anything of a person, or a secret.
    """

    status: int
    log: str
    output: str
    data_dir: Path

    def __post_init__(self) -> None:
        assert_private(self.log)

    @property
    def stats(self) -> dict[str, Any]:
        """Scrapy's stats as dumped to the log; moments are left out."""
        found = _STATS.search(self.log)
        assert found is not None, self.log
        lines = found[1].splitlines()
        kept = [line for line in lines if "datetime." not in line]
        text = "\n".join(kept).strip("{}\n ")
        stats: dict[str, Any] = ast.literal_eval("{" + text + "}")
        return stats

    @property
    def reason(self) -> str:
        """Why the run ended."""
        return str(self.stats["finish_reason"])

    def items(self, name: str) -> list[dict[str, Any]]:
        """The objects of the file ``name`` in the data folder, in their order."""
        text = (self.data_dir / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.split("\n") if line]


def environment(data_dir: Path, given: Mapping[str, str]) -> dict[str, str]:
    """The process's environment without its AVITO_* settings, and with those ``given``."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AVITO_")}
    return {**own, "AVITO_DATA_DIR": str(data_dir), **given}


def command(spider: str, args: Mapping[str, object], settings: Mapping[str, object]) -> list[str]:
    """The command line of a crawl."""
    pairs = [("-a", args), ("-s", settings)]
    options = [part for flag, m in pairs for k, v in m.items() for part in (flag, f"{k}={v}")]
    return [sys.executable, "-m", "scrapy", "crawl", spider, *options]


def scrapy(
    arguments: list[str], *, data_dir: Path, env: Mapping[str, str] = {}, timeout: float = 60
) -> Result:
    """Run ``scrapy`` with ``arguments`` to its end; ``timeout`` in seconds."""
    done = run_module(arguments, cwd=ROOT, env=environment(data_dir, env), timeout=timeout)
    return Result(done.returncode, done.stderr, done.stdout, data_dir)


def crawl(
    spider: str,
    *,
    data_dir: Path,
    args: Mapping[str, object] = {},
    settings: Mapping[str, object] = {},
    env: Mapping[str, str] = {},
    timeout: float = 60,
) -> Result:
    """Run ``scrapy crawl SPIDER`` to its end.

    Args:
        spider: ``chats`` or ``resumes``.
        data_dir: AVITO_DATA_DIR, where all files of the run are.
        args: what is passed with -a.
        settings: what is passed with -s.
        env: AVITO_* settings and other variables of the process.
        timeout: seconds.
    """
    words = command(spider, args, settings)[3:]
    return scrapy(words, data_dir=data_dir, env=env, timeout=timeout)
