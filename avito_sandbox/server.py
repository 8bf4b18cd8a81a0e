"""The server: every part of the sandbox on one loopback address, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from avito_sandbox import truth
from avito_sandbox.app import make_app
from avito_sandbox.scenario import Scenario
from avito_sandbox.world import World

T = TypeVar("T")


class Sandbox:
    """A local Avito as a context manager.

    `scenario`: how it behaves (default: `Scenario()`); `port`: 0 for any that is free. Web and API
    share one origin: `url`, `web_url` and `api_url` are the same, without a slash at the end.
    The methods may be called from any thread. `world` is there for a direct look; change it only
    through the methods or the control page.
    """

    def __init__(self, scenario: Scenario | None = None, port: int = 0) -> None:
        self.scenario = scenario or Scenario()
        self._port = port
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self.url = ""
        self.world = World(self.scenario)

    @property
    def web_url(self) -> str:
        """The origin of the web messenger."""
        return self.url

    @property
    def api_url(self) -> str:
        """The origin of the API."""
        return self.url

    def __enter__(self) -> Sandbox:
        """Start serving. Raises OSError when the port is taken."""
        self._thread = threading.Thread(target=self._run, name="avito-sandbox", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving; open connections are ended."""
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join()

    def counters(self) -> dict[str, Any]:
        """What was asked so far, as `/__sandbox__/counters` gives it."""
        return self._ask(lambda: self.world.counters_now())

    def truth(self) -> list[dict[str, Any]]:
        """What is true of every chat, in the order of the list."""
        return self._ask(lambda: [truth.entry(chat) for chat in self.world.chats])

    def ledger(self) -> list[dict[str, Any]]:
        """Contacts bought, in order."""
        return self._ask(lambda: list(self.world.ledger))

    def requests(self) -> list[dict[str, Any]]:
        """The recorded requests (option `record`)."""
        return self._ask(lambda: list(self.world.recorded))

    def reset_counters(self) -> None:
        """Count from nothing again."""
        self._ask(self.world.reset_counters)

    def control(self, action: str, **arguments: Any) -> dict[str, Any]:
        """Do what `POST /__sandbox__/control` does. Raises ValueError for a wrong request."""
        from avito_sandbox.control import control

        return self._ask(lambda: control(self.world, {"action": action, **arguments}))

    def _ask(self, question: Callable[[], T]) -> T:
        """Have the server's thread answer, so that nothing changes meanwhile."""
        if self._loop is None or not self._loop.is_running():
            return question()

        async def answer() -> T:
            return question()

        return asyncio.run_coroutine_threadsafe(answer(), self._loop).result()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        runner = web.AppRunner(make_app(self.world), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", self._port)
            await site.start()
            port = runner.addresses[0][1]
            self.url = f"http://127.0.0.1:{port}"
            self._ready.set()
            await self._stop.wait()
            await site.stop()
            await _settle()  # connections just accepted are to be seen by the clean-up
        finally:
            await runner.cleanup()
            await _settle()  # connections just ended are to be closed before the loop is


async def _settle() -> None:
    """Let the loop run what is due by now; nothing is waited for."""
    for _ in range(8):
        await asyncio.sleep(0)
