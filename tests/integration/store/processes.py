"""Code in a process of its own, to be killed or starved."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.policy.imports import ROOT

_PREAMBLE = """
import os, signal, sys
from avito_scrapy.store import StoreProblem, open_store
from tests.integration.store.records import ACCOUNT, new_run, record
url = sys.argv[1]
"""


def run(code: str, url: str) -> subprocess.CompletedProcess[str]:
    """Run ``code`` with ``url``, ``open_store``, ``record``... at hand; its output as text.

    Not measured for coverage: a starved process cannot write down what it measured.
    """
    environment = {name: v for name, v in os.environ.items() if not name.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-c", _PREAMBLE + code, url],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
