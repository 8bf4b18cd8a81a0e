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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import coverage
import pytest

# None of the project's, and none that acts when it is imported.
_LIBRARIES = (
    "aiohttp.web", "alembic.command", "charset_normalizer", "dotenv", "filelock", "itemadapter",
    "lxml.etree", "openpyxl", "OpenSSL.SSL", "pandas", "phonenumbers", "platformdirs",
    "playwright.async_api", "pydantic.types", "python_calamine", "scrapy.cmdline",
    "scrapy.commands.bench", "scrapy.core.downloader.contextfactory", "scrapy.core.engine",
    "scrapy.crawler", "scrapy.extensions.feedexport", "scrapy.spiders", "scrapy_playwright.page",
    "spidermon", "sqlalchemy.dialects.postgresql", "sqlalchemy.dialects.sqlite", "tenacity",
    "tldextract", "tqdm", "twisted.internet.asyncioreactor", "twisted.internet.ssl",
    "twisted.web.client", "yaml",
)  # fmt: skip
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(list(_LIBRARIES))


def run_module(
    arguments: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float,
    module: str = "scrapy",
    forked: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m MODULE`` with ``arguments`` to its end, as ``subprocess.run`` would.

    A run whose environment says how Python is to start starts it anew, and so does one that bounds
    the size of its files (``full=``): forked, it has its log in one of them, not in a pipe.

    Args:
        forked: False where the end of the interpreter matters too: a fork has none.

    Raises:
        subprocess.TimeoutExpired: it took longer than ``timeout`` seconds; it is killed.
    """
    words = [sys.executable, "-m", module, *arguments]
    bounded = any(word.startswith("full=") for word in arguments)
    other_python = any(_of_python(name) and os.environ.get(name) != env[name] for name in env)
    if bounded or other_python or not forked:
        return subprocess.run(
            words, cwd=cwd, env=env, timeout=timeout, capture_output=True, text=True, check=False,
            encoding="utf-8", errors="surrogateescape",
        )  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        output, log = Path(name, "output"), Path(name, "log")
        process = _forking.Process(
            target=_run, args=(module, list(arguments), str(cwd), dict(env), output, log)
        )
        with _unmeasured():
            process.start()
        try:
            process.join(timeout)
        finally:  # interrupted, or too late
            status = process.exitcode
            process.kill()
            process.join()
            process.close()
        if status is None:
            raise subprocess.TimeoutExpired(words, timeout, stderr=log.read_bytes())
        return subprocess.CompletedProcess(words, status, _text(output), _text(log))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="surrogateescape")


def _of_python(name: str) -> bool:
    python = name.startswith(("PYTHON", "LC_")) and name != "PYTHONPATH"
    return python or name in ("LANG", "TZ", "HOME")


@contextmanager
def _unmeasured() -> Iterator[None]:
    """The server, which the first process starts, is not to be measured: its forks would be all."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("COVERAGE_PROCESS")]:
            patch.delenv(name)
        patch.setenv("OPENBLAS_NUM_THREADS", "1")  # a process with threads cannot be forked safely
        yield


def _run(
    module: str, arguments: list[str], folder: str, env: dict[str, str], output: Path, log: Path
) -> None:
    for path, number in ((output, 1), (log, 2)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.argv = [module, *arguments]
    sys.path[:0] = [folder, *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    measured = coverage.process_startup()
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        if measured is not None:
            measured.stop()
            # A run that may write nothing cannot write that down either.
            with suppress(coverage.CoverageException, OSError):
                measured.save()
