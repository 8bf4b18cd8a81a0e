"""The addresses of the pages."""

from __future__ import annotations

from nicegui import ui

from avito_scrapy.dashboard.pages.calls import calls_page
from avito_scrapy.dashboard.pages.layout import Dashboard, open_state
from avito_scrapy.dashboard.pages.person import person_page
from avito_scrapy.dashboard.pages.runs import runs_page
from avito_scrapy.dashboard.pages.summary import summary_page
from avito_scrapy.dashboard.rows import Filters

_CONNECT_S = 20.0


def add_pages(dashboard: Dashboard) -> None:
    """Add the pages to NiceGUI's application."""

    @ui.page("/")
    async def calls(
        vacancy: str = "",
        status: str = "",
        city: str = "",
        hours: float = 0,
        everybody: bool = False,
    ) -> None:
        state = open_state(dashboard)
        await ui.context.client.connected(_CONNECT_S)
        width = await ui.run_javascript("window.innerWidth", timeout=_CONNECT_S)
        filters = Filters(vacancy=vacancy or None, status=status or None,
                          waits_over_h=hours or None, everybody=everybody)  # fmt: skip
        calls_page(state, filters, int(width))

    @ui.page("/person/{chat_id}")
    def person(chat_id: str) -> None:
        person_page(open_state(dashboard), chat_id)

    @ui.page("/summary")
    def summary() -> None:
        summary_page(open_state(dashboard))

    @ui.page("/state")
    def runs() -> None:
        runs_page(open_state(dashboard))
