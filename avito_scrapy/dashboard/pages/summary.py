"""«Сводка»: the workbook's figures as charts; a click shows who is behind a figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from nicegui import ui
from nicegui.events import EChartPointClickEventArguments

from avito_scrapy.dashboard.account import AccountPeople
from avito_scrapy.dashboard.pages.layout import PageState, frame
from avito_scrapy.report.statistics import FUNNEL, AnswerTimes

_MOST_VACANCIES = _MOST_OUTCOMES = 12
_BAR_HEIGHT = 30  # pixels
_GREY = "#808080"  # to be read on white and on black


def summary_page(state: PageState) -> None:
    charts = ui.refreshable(_charts)
    with frame(state, "/summary", charts.refresh):
        charts(state.people)


def _charts(people: AccountPeople) -> None:
    figures, texts = people.figures, people.texts
    if figures is None:
        return  # the head says what to do

    def time(seconds: float | None) -> str:
        return "нет данных" if seconds is None else texts.duration(seconds)

    with ui.row().classes("w-full gap-4"):
        for name, value in (
            ("новых откликов сегодня", figures.applied_today),
            ("новых за неделю", figures.applied_week),
            ("ждут ответа", figures.waiting),
            ("половина первых ответов не дольше", time(figures.first_answers.median)),
            ("девять из десяти не дольше", time(figures.first_answers.p90)),
        ):
            with ui.column().classes("gap-0 p-2 border rounded"):
                ui.label(str(value)).classes("text-2xl")
                ui.label(name).classes("text-sm opacity-70")
    vacancies = [one for one in figures.vacancies if one.title][:_MOST_VACANCIES]
    noted = Counter(row.note.outcome for row in people.rows if row.note.outcome)
    steps = enumerate(zip(FUNNEL, figures.funnel, strict=True))
    weeks = figures.by_week.items()

    waiting = [(f"дольше {hours} ч", n, hours) for hours, n in figures.waiting_over.items()]
    statuses = [(texts(f"status.{key}"), n, key) for key, n in figures.statuses.items() if n]
    chats = [(one.title or "", one.chats, one.title) for one in vacancies]
    answers = [(one.title or "", _minutes(one.first_answers), one.title) for one in vacancies]
    outcomes = [(name, n, name) for name, n in noted.most_common(_MOST_OUTCOMES)]
    funnel = [(texts(f"sum.f_{name}"), n, step) for step, (name, n) in steps]
    days = [(f"{one.day:%d.%m}", one.applied, one.day) for one in figures.days]
    by_week = [(f"{monday:%d.%m}", _minutes(times), monday) for monday, times in weeks]
    with ui.grid().classes("w-full grid-cols-1 lg:grid-cols-2 gap-4"):
        _bars("Ждут нашего ответа, чаты", "hours", waiting)
        _bars("Статусы переписки, чаты", "status", statuses)
        _bars("Вакансии, чаты", "vacancy", chats)
        _bars("Первый ответ по вакансиям, минут (половина не дольше)", "vacancy", answers)
        _bars("Исходы звонков, люди", "outcome", outcomes)
        _bars("Воронка, чаты", "step", funnel)
        _bars("Новые отклики по дням", "day", days, upright=True)
        _bars("Первый ответ по неделям, минут (половина не дольше)", "week", by_week, upright=True)


def _minutes(times: AnswerTimes) -> float | None:
    return None if times.median is None else round(times.median / 60, 1)


def _bars(
    title: str,
    key: str,
    bars: Sequence[tuple[str, float | None, object]],
    *,
    upright: bool = False,
) -> None:
    """A chart of bars; a click on one opens the list filtered by it.

    Args:
        key: of the filter.
        bars: name, height and the filter's value.
    """

    def clicked(event: EChartPointClickEventArguments) -> None:
        ui.navigate.to("/?" + urlencode({"everybody": 1, key: bars[event.data_index][2]}))

    with ui.column().classes("w-full gap-0"):
        ui.label(title).classes("text-lg")
        if not bars:
            ui.label("пока пусто").classes("opacity-60")
            return
        names = {"type": "category", "data": [name for name, _, _ in bars],
                 "inverse": not upright,
                 "axisLabel": {"width": 150, "overflow": "truncate", "color": _GREY}}  # fmt: skip
        counts = {
            "type": "value",
            "minInterval": 1,
            "axisLabel": {"color": _GREY},
            "splitLine": {"lineStyle": {"opacity": 0.3}},
        }
        options: dict[str, Any] = {
            "xAxis": names if upright else counts,
            "yAxis": counts if upright else names,
            "grid": {"left": 8, "right": 40, "top": 10, "bottom": 10, "containLabel": True},
            # Drawn, not put into the page: names are other people's texts.
            "tooltip": {"renderMode": "richText"},
            "textStyle": {"color": _GREY},
            "animation": False,
            "series": [
                {"type": "bar", "data": [count for _, count, _ in bars],
                 "itemStyle": {"color": "#1e88e5"},
                 "label": {"show": not upright, "position": "right", "color": _GREY},
                 "cursor": "pointer"}
            ],
        }  # fmt: skip
        height = 220 if upright else 40 + _BAR_HEIGHT * len(bars)
        chart = ui.echart(options, on_point_click=clicked)
        chart.classes("w-full").style(f"height: {height}px")
