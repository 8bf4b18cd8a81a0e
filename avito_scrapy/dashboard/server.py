"""The server behind ``scrapy dashboard``: NiceGUI on uvicorn, behind the gate."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from nicegui import ui

from avito_scrapy.config import Config
from avito_scrapy.dashboard.account import AccountPeople
from avito_scrapy.dashboard.cycle import UpdateCycle
from avito_scrapy.dashboard.pages.calls import CallsPage
from avito_scrapy.dashboard.pages.layout import Dashboard, open_state
from avito_scrapy.dashboard.pages.person import person_page
from avito_scrapy.dashboard.pages.runs import runs_page
from avito_scrapy.dashboard.pages.summary import summary_page
from avito_scrapy.dashboard.rows import Filters
from avito_scrapy.dashboard.security import Access, SignInGate, is_loopback
from avito_scrapy.errors import UsageError, describe

POLL_S = 1.0


def serve(
    configs: Mapping[str, Config],
    *,
    host: str,
    port: int,
    password: str,
    open_browser: bool,
    say: Callable[[str], None],
) -> None:
    """Serve the pages until the process is told to end.

    Args:
        configs: the accounts by name; the only one may have none.
        host: to listen on. ``port`` 0 takes a free one.
        password: AVITO_DASHBOARD_PASSWORD.
        say: prints the address.

    Raises:
        UsageError: the port cannot be had.
    """
    # Most of what is in memory are people who stay: looked at less often, they are loaded sooner.
    gc.set_threshold(100_000)
    listening = _listen(host, port)
    access = Access(host, listening.getsockname()[1], password)
    dashboard = Dashboard(
        access=access,
        accounts={name: AccountPeople(config) for name, config in configs.items()},
        cycles={name: UpdateCycle(name) for name in configs},
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        polls = [asyncio.create_task(_poll(people)) for people in dashboard.accounts.values()]
        say(access.address(access.new_key()))
        if open_browser:
            webbrowser.open(access.address(access.new_key()))
        yield
        for task in polls:
            task.cancel()
        for cycle in dashboard.cycles.values():
            cycle.stop()
        for people in dashboard.accounts.values():
            await asyncio.to_thread(people.close)

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    _add_pages(dashboard)
    # Six megabytes of scripts: to pack them takes longer than to send them within the computer.
    packed = None if is_loopback(host) else GZipMiddleware
    ui.run_with(app, title="Кандидаты", dark=None, language="ru", show_welcome_message=False,
                reconnect_timeout=10.0, binding_refresh_interval=None,
                gzip_middleware_factory=packed)  # fmt: skip
    logging.getLogger("nicegui").setLevel(logging.ERROR)

    gate = SignInGate(app, access)
    config = uvicorn.Config(gate, ws="wsproto", log_config=None, access_log=False,
                            timeout_graceful_shutdown=1, server_header=False)  # fmt: skip
    with suppress(KeyboardInterrupt):  # uvicorn has ended by then, and raises it again
        uvicorn.Server(config).run(sockets=[listening])
    # Else the interpreter looks at everybody for cycles before it ends: seconds for 20,000 people.
    gc.freeze()


def _listen(host: str, port: int) -> socket.socket:
    """Listen from now on: who opens the address before uvicorn has started waits for it."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
        return socket.create_server(address, family=family, dualstack_ipv6=both)
    except OSError as error:
        raise UsageError(f"{host}:{port} cannot be listened on ({describe(error)})") from None


def _add_pages(dashboard: Dashboard) -> None:
    ui.button.default_props("no-caps")

    @ui.page("/")
    def calls(filters: Annotated[Filters, Depends()]) -> None:
        CallsPage(open_state(dashboard), filters)

    @ui.page("/person/{chat_id}")
    def person(chat_id: str) -> None:
        person_page(open_state(dashboard), chat_id)

    @ui.page("/summary")
    def summary() -> None:
        summary_page(open_state(dashboard))

    @ui.page("/state")
    def runs() -> None:
        runs_page(open_state(dashboard))


async def _poll(people: AccountPeople) -> None:
    while True:
        await asyncio.to_thread(people.refresh)
        await asyncio.sleep(POLL_S)
