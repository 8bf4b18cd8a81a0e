from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from time import monotonic
from typing import Any, TypeVar

import pytest

from avito_scrapy.browser.stopping import CrawlTimeout, PageClosed, ShutdownRequested, Waiter

T = TypeVar("T")


def timed(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    start = monotonic()
    return asyncio.run(work), monotonic() - start


async def stopping_soon() -> Waiter:
    told: list[bool] = []
    asyncio.get_running_loop().call_later(0.1, told.append, True)
    return Waiter(lambda: bool(told), 60)


def test_every_wait_ends_soon_after_it_was_told_to() -> None:
    async def waits() -> float:
        longest = 0.0
        for name, argument in (
            ("wait_for_change", 30.0),
            ("sleep", 30.0),
            ("run", asyncio.sleep(30)),
        ):
            waiter = await stopping_soon()
            start = monotonic()
            with pytest.raises(ShutdownRequested):
                await getattr(waiter, name)(argument)
            longest = max(longest, monotonic() - start)
        return longest

    assert asyncio.run(waits()) < 20


def test_news_end_the_wait() -> None:
    async def wait() -> list[bool]:
        waiter = Waiter(lambda: False, 60)
        asyncio.get_running_loop().call_later(0.05, waiter.notify)
        came = [await waiter.wait_for_change(30)]
        came.append(await waiter.wait_for_change(0.01))  # told once
        waiter.notify()
        waiter.clear()
        came.append(await waiter.wait_for_change(0.01))
        return came

    came, seconds = timed(wait())
    assert came == [True, False, False]
    assert seconds < 20


def test_the_time_is_up() -> None:
    async def wait() -> None:
        await Waiter(lambda: False, 0.1).sleep(30)

    with pytest.raises(CrawlTimeout):
        asyncio.run(wait())


def test_the_page_is_gone() -> None:
    async def wait() -> None:
        waiter = Waiter(lambda: False, 60)
        asyncio.get_running_loop().call_later(0.05, waiter.page_closed)
        await waiter.wait_for_change(30)

    with pytest.raises(PageClosed):
        asyncio.run(wait())


def test_work_that_is_done_and_work_that_takes_too_long() -> None:
    async def work() -> tuple[str, bool]:
        waiter = Waiter(lambda: False, 60)
        given_up: list[bool] = []

        async def long() -> None:
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                given_up.append(True)
                raise

        result = await waiter.run(asyncio.sleep(0.01, "done"))
        with pytest.raises(TimeoutError):
            await waiter.run(long(), seconds=1)
        return result, bool(given_up)

    assert asyncio.run(work()) == ("done", True)
