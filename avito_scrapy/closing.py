"""Tells that the engine is closing, and ends what is running then or takes too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

from scrapy.crawler import Crawler

POLL_S = 0.1
"""Poll interval; upper bound of the time until an order to end is noticed."""
T = TypeVar("T")


class EngineClosing:
    """True once the crawl is closing: a signal, CloseSpider, CLOSESPIDER_*, Scrapyd's cancel.

    The engine waits for a callback, so one that lasts must ask this often. ``engine.running``
    covers signals only and ``spider_closed`` comes too late; for the rest the slot's ``closing`` is
    the only sign, and Scrapy has no public name for it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    def __call__(self) -> bool:
        engine = self._crawler.engine
        if engine is None or not engine.running:
            return True
        slot = engine._slot
        return slot is None or slot.closing is not None


async def crawl_closed(crawler: Crawler) -> None:
    """Wait until pipelines and extensions have closed; for handlers of ``engine_stopped``.

    When Ctrl-C or a cancel comes while the crawl is ending by itself (while the workbook is being
    written, say), Scrapy sends ``engine_stopped`` before that end has come.
    """
    while crawler.engine is not None and crawler.engine.spider is not None:
        await asyncio.sleep(POLL_S)


def in_thread(function: Callable[[], T]) -> asyncio.Future[T]:
    """Run ``function`` in a thread that neither the loop nor the end of the process waits for."""
    outcome: Future[T] = Future()
    # What is begun is not cancelled, so that the thread may always say how it ended.
    outcome.set_running_or_notify_cancel()

    def work() -> None:
        try:
            outcome.set_result(function())
        except Exception as error:
            outcome.set_exception(error)

    Thread(target=work, daemon=True).start()
    return asyncio.wrap_future(outcome)


async def within(seconds: float, function: Callable[[], T]) -> T:
    """Run ``function`` in a thread that is left behind with a TimeoutError after ``seconds``."""
    try:
        return await asyncio.wait_for(in_thread(function), seconds)
    except asyncio.TimeoutError:
        raise TimeoutError(f"no end within {seconds:.0f} s") from None


async def run_all(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run them side by side; the first exception ends all of them and is raised."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
