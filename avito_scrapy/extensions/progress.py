"""Shows progress: a bar on a terminal, else a line in the log now and then."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from time import monotonic
from typing import Any, TextIO

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call
from tqdm import tqdm
from tqdm.contrib import DummyTqdmFile

from avito_scrapy.component import Component

logger = logging.getLogger(__name__)

BAR_SECONDS = 0.5
LINE_SECONDS = 10.0


class Progress(Component):
    """Shows a run's figures, which it reads from the stats.

    Switched on for a spider with ``progress``: names of stats by what they mean: ``done``,
    ``total`` (may be missing, may come late), and any others to be shown beside them; ``what``
    is the word for what is counted.
    Stats: none of its own.

    On a terminal a bar with counts, rate and time; log lines go above it. Else a log line at INFO
    every ten seconds in which something was done, and one at the end.
    """

    needs = "progress"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spec: Mapping[str, str] = crawler.spidercls.progress  # type: ignore[attr-defined]
        self._what = spec["what"]
        self._done = spec["done"]
        self._total = spec.get("total", "")
        self._others = {k: v for k, v in spec.items() if k not in ("what", "done", "total")}
        self._start = monotonic()
        self._last = -1
        self._bar: tqdm[Any] | None = None
        self._handlers: list[tuple[logging.StreamHandler[Any], TextIO]] = []
        self._loop: Any = None
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    def _opened(self, spider: Any) -> None:
        self._start = monotonic()
        on_terminal = sys.stderr.isatty()
        if on_terminal:
            self._bar = tqdm(desc=self._what, unit="", file=sys.stderr, dynamic_ncols=True)
            self._log_above_bar()
        self._loop = create_looping_call(self._show)
        self._loop.start(BAR_SECONDS if on_terminal else LINE_SECONDS, now=False)

    def _closed(self, spider: Any, reason: str) -> None:
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        self._show()
        if self._bar is not None:
            self._bar.close()
        for handler, stream in self._handlers:
            handler.setStream(stream)

    def _show(self) -> None:
        stats = self.stats
        done = int(stats.get_value(self._done, 0))
        total = stats.get_value(self._total) if self._total else None
        others = {name: stats.get_value(stat, 0) for name, stat in self._others.items()}
        if self._bar is not None:
            self._bar.total = total
            self._bar.set_postfix(others, refresh=False)
            self._bar.update(done - self._bar.n)
            self._bar.refresh()
        elif done != self._last:
            logger.info("%s", line(self._what, done, total, others, monotonic() - self._start))
        self._last = done

    def _log_above_bar(self) -> None:
        for handler in logging.root.handlers:
            if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr:
                self._handlers.append((handler, handler.stream))
                handler.setStream(DummyTqdmFile(handler.stream))


def line(what: str, done: int, total: int | None, others: Mapping[str, int], seconds: float) -> str:
    """A run's figures in words, like ``Progress: 1240 of 2655 chats (46%), 62 a second, 20 s``."""
    share = f" of {total}" if total else ""
    percent = f" ({100 * done // total}%)" if total and done <= total else ""
    rate = f"{done / seconds:.1f} a second" if seconds > 0 else ""
    figures = [f"{name} {value}" for name, value in others.items()]
    parts = [f"{done}{share} {what}{percent}", *figures, rate, f"{seconds:.0f} s"]
    return "Progress: " + ", ".join(part for part in parts if part)
