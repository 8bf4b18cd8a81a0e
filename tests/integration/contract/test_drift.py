"""Avito's answers change: the run survives it, and its log says what that touches."""

from __future__ import annotations

import re
from pathlib import Path

from avito_sandbox import Sandbox, Scenario
from tests.integration.contract.crawls import Crawl, type_it


def test_the_end_of_a_run_says_what_drifted(tmp_path: Path) -> None:
    with Sandbox(Scenario(chats=30, rate_limit_rps=200)) as sandbox:
        for resume in sandbox.world.resumes.values():
            resume.body["salary"] = {"secret": "from 100 to 200"}
        log = type_it(sandbox, Crawl({}), tmp_path)
        answered = int(sandbox.counters()["answers"]["resumes"]["200"])
    lines = re.findall(r"\[avito_scrapy\.extensions\.drift\] WARNING: (.*)", log)
    assert lines == [
        f"Drift: resumes salary (salary wanted, roubles a month), {answered} times; "
        "touches: the candidate's particulars in resumes.jl and the workbook"
    ]
    assert "'avito/drifted_fields': 1" in log
    assert "from 100 to 200" not in log
