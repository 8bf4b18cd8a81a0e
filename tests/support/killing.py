"""Crawls that are killed while they run."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
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
    moment: Callable[[], bool] | str,
    args: Mapping[str, object] = {},
    *,
    spider: str = "resumes",
    by: signal.Signals = signal.SIGKILL,
    closing: Callable[[], None] | None = None,
    patience: float = 60,
) -> int:
    """Start ``scrapy crawl SPIDER`` and end it with the signal ``by`` once ``moment`` says so.

    Args:
        moment: or a text of the log.
        closing: called when the run has logged that it is ending.
        patience: seconds in which it has to end.

    Returns:
        its exit status.
    """
    with TemporaryFile("a+") as log:

        def says(text: str) -> bool:
            log.seek(0)
            return text in log.read()

        process = subprocess.Popen(
            command(spider, args, {}),
            cwd=ROOT,
            env=environment(folder, credentials(sandbox)),
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            _until(process, partial(says, moment) if isinstance(moment, str) else moment)
            process.send_signal(by)
            if closing is not None:
                _until(process, partial(says, "Closing spider"))
                closing()
            process.wait(patience)
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        assert_nobody(assert_private(log.read()), sandbox)
        return process.returncode


def _until(process: subprocess.Popen[bytes], moment: Callable[[], bool]) -> None:
    deadline = monotonic() + 60
    while not moment():
        assert process.poll() is None, "the run ended before the moment"
        assert monotonic() < deadline, "the moment did not come"
        sleep(0.002)
