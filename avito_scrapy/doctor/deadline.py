"""A bound in time for a check, whatever it waits for."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what ``call`` returns, or raise what it raises.

    It runs in a thread of its own, which is left behind when the time is up and ends with the
    process.

    Raises:
        TimeoutError: it has not ended within ``seconds``.
    """
    ended: Queue[tuple[T | None, BaseException | None]] = Queue()

    def run() -> None:
        try:
            ended.put((call(), None))
        except BaseException as error:
            ended.put((None, error))

    Thread(target=run, daemon=True).start()
    try:
        result, error = ended.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no end within {seconds:.0f} s") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # None only where T allows it
