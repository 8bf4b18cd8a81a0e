"""«Сводка»: the workbook's figures as charts; a click shows who is behind a figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
    with ui.grid().classes("w-full grid-cols-1 lg:grid-cols-2 gap-4"):
        _bars(
            "Ждут нашего ответа, чаты",
            [(f"дольше {hours} ч", count) for hours, count in figures.waiting_over.items()],
            [{"hours": str(hours)} for hours in figures.waiting_over],
        )
        statuses = [(key, count) for key, count in figures.statuses.items() if count]
        _bars(
            "Статусы переписки, чаты",
            [(texts(f"status.{key}"), count) for key, count in statuses],
            [{"status": key} for key, _ in statuses],
        )
        vacancies = [one for one in figures.vacancies if one.title][:_MOST_VACANCIES]
        by_vacancy = [{"vacancy": one.title or ""} for one in vacancies]
        _bars("Вакансии, чаты", [(one.title or "", one.chats) for one in vacancies], by_vacancy)
        _bars(
            "Первый ответ по вакансиям, минут (половина не дольше)",
            [(one.title or "", _minutes(one.first_answers)) for one in vacancies],
            by_vacancy,
        )
        outcomes = _outcomes(people)
        _bars("Исходы звонков, люди", outcomes, [{"outcome": name} for name, _ in outcomes])
        _bars(
            "Воронка, чаты",
            [(texts(f"sum.f_{step}"), n) for step, n in zip(FUNNEL, figures.funnel, strict=True)],
            [{"step": str(step)} for step in range(len(FUNNEL))],
        )
        _bars(
            "Новые отклики по дням",
            [(f"{one.day:%d.%m}", one.applied) for one in figures.days],
            [{"day": one.day.isoformat()} for one in figures.days],
            upright=True,
        )
        _bars(
            "Первый ответ по неделям, минут (половина не дольше)",
            [(f"{monday:%d.%m}", _minutes(times)) for monday, times in figures.by_week.items()],
            [{"week": monday.isoformat()} for monday in figures.by_week],
            upright=True,
        )


def _minutes(times: AnswerTimes) -> float | None:
    return None if times.median is None else round(times.median / 60, 1)


def _outcomes(people: AccountPeople) -> list[tuple[str, int]]:
    given = Counter(row.note.outcome for row in people.rows if row.note.outcome)
    return given.most_common(_MOST_OUTCOMES)


def _bars(
    title: str,
    figures: Sequence[tuple[str, float | None]],
    filters: Sequence[Mapping[str, str]],
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
                {"type": "bar", "data": [count for _, count in figures],
                 "itemStyle": {"color": "#1e88e5"},
                 "label": {"show": not upright, "position": "right", "color": _GREY},
                 "cursor": "pointer"}
            ],
        }  # fmt: skip
        height = 220 if upright else 40 + _BAR_HEIGHT * len(figures)
        chart = ui.echart(options, on_point_click=_open_list(filters))
        chart.classes("w-full").style(f"height: {height}px")


def _open_list(
    filters: Sequence[Mapping[str, str]],
) -> Callable[[EChartPointClickEventArguments], None]:
    def clicked(event: EChartPointClickEventArguments) -> None:
        ui.navigate.to("/?" + urlencode({"everybody": "1", **filters[event.data_index]}))

    return clicked
