"""«Состояние»: the latest runs, what is not well, and «Обновить сейчас»."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from avito_scrapy.dashboard.pages.layout import PageState, frame
from avito_scrapy.exit_reasons import explain
from avito_scrapy.monitors.health_file import read
from avito_scrapy.store import Run

_SPIDERS = {"chats": "чаты", "resumes": "резюме"}


def runs_page(state: PageState) -> None:
    people, cycle = state.people, state.cycle

    def update() -> None:
        if not cycle.start():
            ui.notify("Обновление уже идёт")
        progress.refresh()

    @ui.refreshable
    def progress() -> None:
        with ui.row().classes("items-center"):
            ui.button("Обновить сейчас", icon="refresh", on_click=update)
            if cycle.is_running:
                ui.spinner()
            ui.label(cycle.state)

    @ui.refreshable
    def body() -> None:
        _health(read(people.config.data_dir))
        _runs(state)

    shown = (cycle.state, cycle.is_running)

    def follow() -> None:
        nonlocal shown
        now = (cycle.state, cycle.is_running)
        if now != shown:
            shown = now
            progress.refresh()

    with frame(state, "/state", body.refresh):
        progress()
        body()
        ui.timer(0.5, follow)


def _health(latest: dict[str, Any]) -> None:
    bad = [(name, run) for name, run in latest.items() if run.get("status")]
    if latest and not bad:
        ui.label("Последние запуски прошли хорошо.").classes("text-green-700 dark:text-green-300")
    for name, run in bad:
        with ui.column().classes("gap-0 p-2 rounded bg-orange-100 dark:bg-orange-900"):
            ui.label(f"{_SPIDERS.get(name, name)}: {run.get('russian') or run.get('advice')}")
            for crossed in run.get("crossed") or []:
                ui.label(str(crossed.get("russian", "")) if isinstance(crossed, dict) else "")


def _runs(state: PageState) -> None:
    zone = state.people.config.tz
    rows = [
        {
            "id": run.id,
            "what": _SPIDERS.get(run.spider, run.spider),
            "start": f"{run.started_at.astimezone(zone):%d.%m.%Y %H:%M}",
            "took": state.people.texts.duration((run.finished_at - run.started_at).total_seconds())
            if run.finished_at else "",
            "chats": _chats(run),
            "reason": f"{run.reason}: {explain(run.reason).russian}"
            if run.finished_at else "идёт или был убит",
        }
        for run in state.people.runs
    ]  # fmt: skip
    columns = [
        {"name": key, "field": key, "label": label, "align": "left"}
        for key, label in (("start", "Начало"), ("what", "Что"), ("took", "Длился"),
                           ("chats", "Чатов"), ("reason", "Чем кончилось"))
    ]  # fmt: skip
    ui.table(rows=rows, columns=columns, row_key="id").classes("w-full").props("dense wrap-cells")


def _chats(run: Run) -> str:
    # How many a run of chats would find is not known at its start.
    count = run.figures.get("avito/chats/found") if run.spider == "chats" else run.inputs
    return "" if count is None else f"{count:.0f}"
