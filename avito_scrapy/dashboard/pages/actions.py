"""What can be done with a person besides writing a note: their chat, «Взять в работу»."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from avito_scrapy.dashboard.links import chat_link
from avito_scrapy.dashboard.pages.layout import PageState, ask_name
from avito_scrapy.dashboard.rows import CallRow
from avito_scrapy.store import StoreProblem


def warn_about_chat(state: PageState, row: CallRow) -> None:
    """Ask before a chat is opened: it is then marked as read, for good."""
    record = row.person.waits or row.person.last
    with ui.dialog(value=True) as dialog, ui.card().mark("chat-warning"):
        ui.label("Чат откроется в Авито и будет отмечен прочитанным. Вернуть это нельзя, "
                 "и кандидат это увидит.")  # fmt: skip
        with ui.row():
            ui.button("Не открывать", on_click=dialog.close)
            link = ui.link("Открыть чат", chat_link(record, state.people.config.web_url), True)
            link.props('rel="noopener noreferrer"').on("click", dialog.close)


async def take_or_release(state: PageState, row: CallRow) -> None:
    """«Взять в работу», or let go of who is taken."""
    author = state.author or await ask_name(state)
    if not author:
        return
    if row.taken is None:
        with _said_if_away():
            holder = await asyncio.to_thread(state.people.take, row, author)
            if holder != author:
                ui.notify(f"Уже в работе: {holder}", type="warning")
    elif row.taken.author == author:
        with _said_if_away():
            await asyncio.to_thread(state.people.release, row)
    else:
        _ask_release(state, row, row.taken.author)


@contextmanager
def _said_if_away() -> Iterator[None]:
    try:
        yield
    except StoreProblem:
        ui.notify("Хранилище недоступно, попробуйте позже", type="warning")


def _ask_release(state: PageState, row: CallRow, holder: str) -> None:
    with ui.dialog(value=True) as dialog, ui.card():
        ui.label(f"В работе у другого: {holder}. Освободить?")
        with ui.row():
            ui.button("Нет", on_click=dialog.close)

            async def release() -> None:
                dialog.close()
                with _said_if_away():
                    await asyncio.to_thread(state.people.release, row)

            ui.button("Освободить", on_click=release).props("outline")
