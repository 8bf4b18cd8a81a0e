"""The addresses of the pages."""

from __future__ import annotations

from datetime import date

from nicegui import ui

from avito_scrapy.dashboard.pages.calls import calls_page
from avito_scrapy.dashboard.pages.layout import Dashboard, open_state
from avito_scrapy.dashboard.pages.person import person_page
from avito_scrapy.dashboard.pages.runs import runs_page
from avito_scrapy.dashboard.pages.summary import summary_page
from avito_scrapy.dashboard.rows import Filters
from avito_scrapy.report.statistics import FUNNEL


def add_pages(dashboard: Dashboard) -> None:
    """Add the pages to NiceGUI's application."""
    ui.button.default_props("no-caps")

    @ui.page("/")
    def calls(
        vacancy: str = "",
        status: str = "",
        city: str = "",
        outcome: str = "",
        hours: float = 0,
        day: date | None = None,
        week: date | None = None,
        step: int = 0,
        everybody: bool = False,
    ) -> None:
        filters = Filters(vacancy=vacancy or None, status=status or None, outcome=outcome or None,
                          waits_over_h=hours or None, applied=day, answered=week,
                          step=step if 0 < step < len(FUNNEL) else 0,
                          everybody=everybody)  # fmt: skip
        calls_page(open_state(dashboard), filters)

    @ui.page("/person/{chat_id}")
    def person(chat_id: str) -> None:
        person_page(open_state(dashboard), chat_id)

    @ui.page("/summary")
    def summary() -> None:
        summary_page(open_state(dashboard))

    @ui.page("/state")
    def runs() -> None:
        runs_page(open_state(dashboard))
