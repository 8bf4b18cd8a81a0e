"""«Сводка»: the workbook's figures as charts; a click shows who is behind a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from nicegui.events import EChartPointClickEventArguments

from avito_scrapy.dashboard.account import AccountPeople
from avito_scrapy.dashboard.pages.layout import PageState, frame
from avito_scrapy.report.tally import FUNNEL

_HOURS = (1, 4, 24)
_MOST_VACANCIES = 12
_BAR_HEIGHT = 30  # pixels


def summary_page(state: PageState) -> None:
    """Build the page."""
    people = state.people

    @ui.refreshable
    def body() -> None:
        _charts(people)

    def changed() -> None:
        body.refresh()

    with frame(state, "/summary", changed):
        body()


def _charts(people: AccountPeople) -> None:
    sums, texts = people.sums, people.texts
    if sums is None:
        ui.label("Данных ещё нет. Нажмите «Обновить сейчас» на странице «Состояние».")
        return
    with ui.row().classes("w-full gap-4"):
        for name, value in (
            ("Ждут ответа", sums.waiting()),
            *((f"Дольше {hours} ч", sums.waiting(hours * 3600)) for hours in _HOURS),
            ("Отвечаем за (медиана)", "нет данных" if sums.median is None
             else texts.duration(sums.median)),
            ("90 % ответов за", "нет данных" if sums.p90 is None else texts.duration(sums.p90)),
        ):  # fmt: skip
            with ui.column().classes("gap-0 p-2 border rounded"):
                ui.label(str(value)).classes("text-2xl")
                ui.label(name).classes("text-sm opacity-70")
    with ui.grid().classes("w-full grid-cols-1 lg:grid-cols-2 gap-4"):
        _bars(
            "Сколько ждут (чаты)",
            [(f"дольше {hours} ч", sums.waiting(hours * 3600)) for hours in _HOURS],
            [{"hours": str(hours)} for hours in _HOURS],
        )
        statuses = [(key, count) for key, count in sums.statuses.items() if count]
        _bars(
            texts("chart.statuses"),
            [(texts(f"status.{key}"), count) for key, count in statuses],
            [{"status": key} for key, _ in statuses],
        )
        vacancies = [one for one in sums.vacancies if one[1]][:_MOST_VACANCIES]
        _bars(
            texts("chart.vacancies"),
            [(title or "", figures[0]) for _, title, figures in vacancies],
            [{"vacancy": title or ""} for _, title, _ in vacancies],
        )
        _bars("Исходы звонков (люди)", sorted(_outcomes(people).items(), key=lambda one: -one[1]))
        _bars(
            texts("chart.funnel"),
            [(texts(f"sum.f_{step}"), n) for step, n in zip(FUNNEL, sums.funnel, strict=True)],
        )
        _bars(
            texts("chart.hours"), [(f"{hour:02d}", count) for hour, count in enumerate(sums.hours)],
            upright=True,
        )  # fmt: skip


def _outcomes(people: AccountPeople) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in people.rows:
        if row.note.outcome:
            counts[row.note.outcome] = counts.get(row.note.outcome, 0) + 1
    return counts


def _bars(
    title: str,
    figures: Sequence[tuple[str, int]],
    filters: Sequence[Mapping[str, str]] = (),
    *,
    upright: bool = False,
) -> None:
    """A chart of bars; a click on one opens the list with its filter."""
    with ui.column().classes("w-full gap-0"):
        ui.label(title).classes("text-lg")
        if not figures:
            ui.label("пока пусто").classes("opacity-60")
            return
        names = {"type": "category", "data": [name for name, _ in figures],
                 "inverse": not upright,
                 "axisLabel": {"width": 150, "overflow": "truncate"}}  # fmt: skip
        counts = {"type": "value", "minInterval": 1}
        options: dict[str, Any] = {
            "xAxis": names if upright else counts,
            "yAxis": counts if upright else names,
            "grid": {"left": 8, "right": 40, "top": 10, "bottom": 10, "containLabel": True},
            # Drawn, not put into the page: names are other people's texts.
            "tooltip": {"renderMode": "richText"},
            "darkMode": False,
            "animation": False,
            "series": [
                {"type": "bar", "data": [count for _, count in figures],
                 "itemStyle": {"color": "#1e88e5"},
                 "label": {"show": not upright, "position": "right"},
                 "cursor": "pointer" if filters else "default"}
            ],
        }  # fmt: skip
        height = 220 if upright else 40 + _BAR_HEIGHT * len(figures)
        on_click = _open_list(filters) if filters else None
        ui.echart(options, on_point_click=on_click).classes("w-full").style(f"height: {height}px")


def _open_list(
    filters: Sequence[Mapping[str, str]],
) -> Callable[[EChartPointClickEventArguments], None]:
    def clicked(event: EChartPointClickEventArguments) -> None:
        ui.navigate.to("/?" + urlencode({"everybody": "1", **filters[event.data_index]}))

    return clicked
