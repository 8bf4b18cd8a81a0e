"""Crawls that are killed while they run."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic, sleep

from avito_sandbox import Sandbox
from tests.support.privacy import assert_private
from tests.support.resumes_run import assert_nobody, credentials
from tests.support.scrapy_run import ROOT, command, environment


def kill_when(
    sandbox: Sandbox,
    folder: Path,
    moment: Callable[[], bool],
    args: Mapping[str, object] = {},
    timeout: float = 60,
    by: signal.Signals = signal.SIGKILL,
) -> bool:
    """Start ``scrapy crawl resumes`` and end it with the signal ``by`` once ``moment`` says so.

    Returns:
        whether it was killed; False when it had ended before.
    """
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command("resumes", args, {}),
            cwd=ROOT,
            env=environment(folder, credentials(sandbox)),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        deadline = monotonic() + timeout
        killed = False
        while process.poll() is None:
            assert monotonic() < deadline, "the moment did not come"
            if moment():
                process.send_signal(by)
                process.wait()
                killed = True
            sleep(0.002)
        log.seek(0)
        assert_nobody(assert_private(log.read()), sandbox)
        return killed
