"""``scrapy dashboard`` as a process, and what a browser sees of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer
from time import monotonic

from playwright.sync_api import Page

from tests.support.privacy import assert_private
from tests.support.scrapy_run import ROOT, environment


class DashboardProcess:
    """A dashboard on a free port; ``address`` is the one it printed, with its key."""

    def __init__(self, data_dir: Path, *options: str, cwd: Path = ROOT, **settings: str) -> None:
        self._log = (data_dir / "dashboard.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "dashboard", "--port", "0", *options],
            cwd=cwd,
            env=environment(data_dir, settings),
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        assert self._process.stdout is not None
        silent = Timer(60, self._process.kill)  # else its first line would be waited for for ever
        silent.start()
        self.address = self._process.stdout.readline().strip()
        silent.cancel()
        assert self.address.startswith("http://"), self.log()
        self.root = self.address.partition("?")[0]

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()

    def stop(self) -> float:
        """End it as Ctrl-C does; gives the seconds it took."""
        begun = monotonic()
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGINT)
            self._process.wait(timeout=20)
        assert self._process.stdout is not None
        self._process.stdout.close()
        log = self.log()
        self._log.close()
        assert_private(log)
        key = self.address.partition("key=")[2]
        assert not key or key not in log
        return monotonic() - begun


def cell(page: Page, name: str, column: str) -> str:
    """The selector of a cell in the row of the person called ``name``."""
    row = page.locator(".ag-pinned-left-cols-container .ag-row", has_text=name).first
    return f"[row-id='{row.get_attribute('row-id')}'] [col-id='{column}']"


def type_into(page: Page, name: str, column: str, text: str, *, leave: bool = True) -> None:
    """Type into a cell; without ``leave`` the cell stays open."""
    page.locator(cell(page, name, column)).click()
    editor = page.locator(".ag-cell-inline-editing input, .ag-popup-editor input")
    editor.fill(text)
    if leave:
        editor.press("Enter")
