"""``python -m scrapy ...`` as a process of its own that has the libraries imported already.

To import Scrapy, Playwright and SQLAlchemy takes longer than most runs of a test. A server that has
imported them (``multiprocessing``'s) forks for each run; the project's own modules, settings and
environment are those of the run.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

# None of the project's, and none that acts when it is imported.
_LIBRARIES = (
    "aiohttp.web", "charset_normalizer", "filelock", "lxml.etree", "OpenSSL.SSL", "openpyxl",
    "phonenumbers", "playwright.async_api", "pydantic", "scrapy.cmdline", "scrapy.commands.bench",
    "scrapy.core.downloader.contextfactory", "scrapy.core.engine", "scrapy.crawler",
    "scrapy.extensions.feedexport", "scrapy.spiders", "scrapy_playwright.page", "spidermon",
    "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "tldextract", "tqdm",
    "twisted.internet.asyncioreactor", "twisted.internet.ssl", "twisted.web.client", "yaml",
)  # fmt: skip
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(list(_LIBRARIES))


def run_scrapy(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m scrapy`` with ``arguments`` to its end, as ``subprocess.run`` would.

    A run that is measured, or whose environment says how Python is to start, starts it anew.

    Raises:
        subprocess.TimeoutExpired: it took longer than ``timeout`` seconds; it is killed.
    """
    words = [sys.executable, "-m", "scrapy", *arguments]
    measured = any(name.startswith("COVERAGE_PROCESS") for name in env)
    if measured or any(_of_python(name) and os.environ.get(name) != env[name] for name in env):
        return subprocess.run(
            words, cwd=cwd, env=env, timeout=timeout, capture_output=True, text=True, check=False
        )
    with tempfile.TemporaryDirectory() as name:
        output, log = Path(name, "output"), Path(name, "log")
        process = _forking.Process(
            target=_run, args=(list(arguments), str(cwd), dict(env), str(output), str(log))
        )
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(words, timeout, stderr=log.read_bytes())
        status = process.exitcode
        process.close()
        return subprocess.CompletedProcess(
            words, status, output.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")
        )


def _of_python(name: str) -> bool:
    return name.startswith(("PYTHON", "LC_")) or name in ("LANG", "TZ", "HOME")


def _run(arguments: list[str], folder: str, env: dict[str, str], output: str, log: str) -> None:
    for path, number in ((output, 1), (log, 2)):
        with open(path, "wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.argv = ["scrapy", *arguments]
    sys.path.insert(0, folder)
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
