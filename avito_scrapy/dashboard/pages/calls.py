"""«Звонки»: whom to call, in the order of the workbook, with notes edited in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast, get_args

from nicegui import ui
from nicegui.events import GenericEventArguments

from avito_scrapy.dashboard.pages.actions import (
    NoteForm,
    take_or_release,
    undo_button,
    warn_about_chat,
    write,
)
from avito_scrapy.dashboard.pages.layout import PageState, frame
from avito_scrapy.dashboard.rows import (
    CallRow,
    Field,
    Filters,
    grid_row,
    kept_cell,
    next_call_text,
)
from avito_scrapy.report.ranking import BLOCKS
from avito_scrapy.report.statistics import FUNNEL, STATUSES, WAIT_HOURS

PAGE = 100
# Asked of the browser: what the page shows is sent before it has said how wide it is.
_NARROW = "window.innerWidth < 768"
# Elements with text in them: what a renderer gives as a text would be taken for HTML.
_LINKS = """params => {
    const cell = document.createElement("span");
    cell.style.whiteSpace = "normal";
    const add = (href, text, title) => {
        if (!href) return;
        const link = document.createElement("a");
        Object.assign(link, {href, textContent: text, title, rel: "noopener noreferrer"});
        link.className = "inline-block underline mr-2";
        if (!href.startsWith("tel:")) link.target = "_blank";
        cell.append(link);
    };
    const row = params.data;
    add(row.tel, row.phone, "Позвонить");
    add(row.whatsapp, "WA", "WhatsApp");
    add(row.telegram, "TG", "Telegram");
    return cell;
}"""
_NOTE_ICON = """({data}) => {
    const icon = document.createElement("i");
    icon.className = "material-icons";
    icon.style.fontSize = "20px";
    icon.textContent = data.outcome || data.comment || data.next_call ? "edit_note" : "edit";
    return icon;
}"""
_STYLE = f"""{_NARROW}
    ? {{display: "flex", alignItems: "center", lineHeight: 1.3, fontSize: "13px", padding: "0 4px"}}
    : {{display: "flex", alignItems: "center", lineHeight: 1.3}}"""
_LINES = f"""params => {{
    const text = document.createElement("div");
    text.textContent = params.value;
    Object.assign(text.style, {{display: "-webkit-box", webkitBoxOrient: "vertical",
        webkitLineClamp: {_NARROW} ? 3 : 2, overflow: "hidden", whiteSpace: "normal"}});
    return text;
}}"""


class CallsPage:
    """Builds the page and keeps what it shows."""

    def __init__(self, state: PageState, filters: Filters) -> None:
        self._state = state
        self._people = state.people
        self._filters = filters if 0 <= filters.step < len(FUNNEL) else replace(filters, step=0)
        self._start = 0
        # The cell that is being edited (row and column), and what it said when that began.
        self._editing: tuple[str, str] | None = None
        self._before = ""
        self._form: NoteForm | None = None
        with frame(state, "/", self._refresh):
            with ui.row().classes("w-full items-center gap-2"):
                self._build_filters()
            self._shown, found = self._part()
            self._grid = self._build_grid()
            with ui.row().classes("w-full items-center"):
                self._count = ui.label(found)
                ui.space()
                ui.button("Назад", on_click=lambda: self._turn(-PAGE)).props("flat dense")
                ui.button("Дальше", on_click=lambda: self._turn(PAGE)).props("flat dense")
                undo_button(state)
            self._sheet = ui.dialog().props("position=bottom")

    def _build_filters(self) -> None:
        people, texts, chosen = self._people, self._people.texts, self._filters
        blocks: dict[str, str] = {"": "Все", **{one: texts(f"block.{one}") for one in BLOCKS}}
        toggle = ui.toggle(blocks, value=chosen.block or "")
        toggle.props("no-caps unelevated padding='4px 10px'")
        toggle.on_value_change(lambda e: self._filter(block=e.value or None))
        search = ui.input(placeholder="Имя, телефон, слова", value=chosen.search)
        search.props("dense outlined clearable debounce=50").classes("grow min-w-40")
        search.on_value_change(lambda e: self._filter(search=e.value or ""))
        self._build_chips()
        more = ui.row().classes("items-center gap-2 max-md:hidden")
        ui.button("Фильтры", icon="tune",
                  on_click=lambda: more.classes(toggle="max-md:hidden"),
                  ).props("flat dense").classes("md:hidden")  # fmt: skip
        selects: tuple[tuple[str, str, dict[Any, str]], ...] = (
            ("Вакансия", "vacancy", {one: one for one in people.vacancies}),
            ("Статус", "status", {one: texts(f"status.{one}") for one in STATUSES}),
            ("Город", "city", {one: one for one in people.cities}),
            ("Ждёт дольше", "hours", {hours: f"{hours} ч" for hours in WAIT_HOURS}),
        )
        with more:
            for label, key, options in selects:
                value = getattr(chosen, key)
                select = ui.select(options, label=label, clearable=True,
                                   value=value if value in options else None,
                                   with_input=key in ("vacancy", "city"))  # fmt: skip
                select.props("dense outlined options-dense").classes("w-40")
                select.on_value_change(lambda e, key=key: self._filter(**{key: e.value}))
            for label, key in (("Возраст от", "age_from"), ("до", "age_to")):
                number = ui.number(label, min=14, max=99, value=getattr(chosen, key))
                number.props("dense outlined debounce=200").classes("w-28")
                number.on_value_change(
                    lambda e, key=key: self._filter(**{key: e.value and int(e.value)})
                )
            ui.checkbox("Все кандидаты", value=chosen.everybody,
                        on_change=lambda e: self._filter(everybody=bool(e.value)))  # fmt: skip

    def _build_chips(self) -> None:
        """What a click on a chart has chosen, to be seen and taken away."""
        chosen, texts = self._filters, self._people.texts
        for key, label in (
            ("outcome", f"Исход: {chosen.outcome}"),
            ("day", chosen.day and f"Отклик: {chosen.day:%d.%m.%Y}"),
            ("week", chosen.week and f"Первый ответ: неделя с {chosen.week:%d.%m.%Y}"),
            ("step", texts(f"sum.f_{FUNNEL[chosen.step]}")),
        ):
            if getattr(chosen, key):
                chip = ui.chip(label or "", removable=True, color="primary", text_color="white")
                nothing = {key: getattr(Filters(), key)}
                chip.on_value_change(lambda _, nothing=nothing: self._filter(**nothing))

    def _build_grid(self) -> ui.aggrid:
        grid = ui.aggrid(
            {
                "columnDefs": _columns(["", *self._people.outcomes.names("ru")]),
                "defaultColDef": {"sortable": False, "resizable": True,
                                  "suppressHeaderMenuButton": True, ":cellStyle": _STYLE},
                "rowData": self._shown,
                ":getRowId": "params => params.data.id",
                "stopEditingWhenCellsLoseFocus": True,
                "singleClickEdit": True,
                "enableCellTextSelection": True,
                "suppressFieldDotNotation": True,
                ":rowHeight": f"{_NARROW} ? 64 : 44",
                "overlayNoRowsTemplate": "Никого не нашлось",
                ":rowClassRules":
                    "{'text-gray-500': params => params.data.taken}",
            },
            auto_size_columns=False,
        ).classes("w-full").style("height: calc(100vh - 190px)")  # fmt: skip
        grid.on("cellEditingStarted", self._begin, args=["rowId", "colId", "value"])
        grid.on("cellValueChanged", self._written, args=["rowId", "colId", "newValue"])
        grid.on("cellEditingStopped", self._end, args=[])
        grid.on("cellClicked", self._clicked, args=["rowId", "colId"])
        return grid

    def _filter(self, **given: Any) -> None:
        self._filters = replace(self._filters, **given)
        self._start = 0
        self._refresh()

    def _turn(self, by: int) -> None:
        self._start += by
        self._refresh()

    def _part(self) -> tuple[list[dict[str, Any]], str]:
        """The rows to show now, and which of how many they are."""
        found = self._people.matching(self._filters)
        self._start = max(0, min(self._start, (len(found) - 1) // PAGE * PAGE))
        part = found[self._start : self._start + PAGE]
        first = self._start + 1 if part else 0
        count = f"{first}–{self._start + len(part)} из {len(found)}"
        return [grid_row(row, self._people.texts) for row in part], count

    def _refresh(self) -> None:
        """Show what is there now. The cell that is being edited stays where it is."""
        rows, count = self._part()
        edited = self._editing and self._editing[0]
        if edited and not any(row["id"] == edited for row in rows):
            rows = [*(row for row in self._shown if row["id"] == edited), *rows]
        if rows != self._shown:
            self._shown = rows
            self._grid.run_grid_method("setGridOption", "rowData", rows)
        self._count.set_text(count)
        if self._form:
            self._form.take_over()

    def _begin(self, event: GenericEventArguments) -> None:
        row_id, cell = event.args["rowId"], event.args["colId"]
        self._editing = row_id, cell
        self._before = kept_cell(cell, event.args.get("value") or "")

    async def _written(self, event: GenericEventArguments) -> None:
        row_id, cell = event.args["rowId"], event.args["colId"]
        row = self._people.find(row_id)
        if row is None or cell not in get_args(Field):
            return
        typed = str(event.args.get("newValue") or "").strip()
        if cell == "next_call":
            typed = next_call_text(typed, self._people.now().date())
        # What the cell said when the editing began: it may have changed under the hands.
        before = getattr(row.note, cell)
        if self._editing == (row_id, cell):
            before = self._before
        self._shown = []  # the grid shows what was typed by now
        await write(self._state, row, cast(Field, cell), before, typed)
        self._refresh()

    def _end(self) -> None:
        self._editing = None
        self._refresh()

    async def _clicked(self, event: GenericEventArguments) -> None:
        row = self._people.find(event.args["rowId"])
        if row is None:
            return
        match event.args["colId"]:
            case "name":
                ui.navigate.to(f"/person/{row.id}")
            case "chat":
                warn_about_chat(self._state, row)
            case "note":
                self._open_form(row)
            case "taken":
                await take_or_release(self._state, row)

    def _open_form(self, row: CallRow) -> None:
        """Edit a note on a phone, whose screen has no room for its cells."""
        self._sheet.clear()
        with self._sheet, ui.card().classes("w-full gap-2"):
            ui.label(row.person.name or "без имени").classes("text-lg")
            facts = grid_row(row, self._people.texts)
            ui.label(facts["why"]).classes("opacity-60")
            if facts["message"]:
                ui.label(facts["message"])
            self._form = NoteForm(self._state, row.id)
        self._sheet.open()


def _columns(outcomes: Sequence[str]) -> list[dict[str, Any]]:
    """The columns; on a phone the first three and the way to the note."""
    lines = {":cellRenderer": _LINES}
    first: list[dict[str, Any]] = [
        {"field": "name", ":headerName": f"{_NARROW} ? 'Кто' : 'Кандидат'", **lines,
         "cellClass": "cursor-pointer underline", ":width": f"{_NARROW} ? 96 : 165",
         ":pinned": f"{_NARROW} ? null : 'left'"},
        {"field": "phone", "headerName": "Телефон", ":cellRenderer": _LINKS,
         ":width": f"{_NARROW} ? 112 : 205"},
        {"field": "why", "headerName": "Почему", "tooltipField": "why", "width": 210, **lines,
         ":flex": f"{_NARROW} ? 1 : null", "minWidth": 100},
        {"field": "note", "headerName": "", "width": 40, "cellClass": "cursor-pointer",
         ":cellRenderer": _NOTE_ICON, ":hide": f"!({_NARROW})"},
    ]  # fmt: skip
    more: list[dict[str, Any]] = [
        {"field": "message", "headerName": "Сообщение", "width": 190, "tooltipField": "message",
         **lines},
        {"field": "outcome", "headerName": "Исход", "editable": True, "width": 125,
         "cellEditor": "agSelectCellEditor", "cellEditorParams": {"values": list(outcomes)}},
        {"field": "comment", "headerName": "Комментарий", "editable": True, "width": 170,
         "tooltipField": "comment", **lines},
        {"field": "next_call", "headerName": "Позвонить", "editable": True, "width": 140},
        {"field": "taken", "headerName": "В работе", "width": 105, "cellClass": "cursor-pointer",
         ":valueFormatter": "params => params.value || 'взять'"},
        {"field": "chat", "headerName": "Чат", "width": 90, "cellClass": "cursor-pointer underline",
         ":valueGetter": "() => 'открыть'"},
        {"field": "vacancy", "headerName": "Вакансия", "width": 200, "tooltipField": "vacancy",
         **lines},
        {"field": "age", "headerName": "Возраст", "width": 100},
        {"field": "city", "headerName": "Город", "width": 130},
    ]  # fmt: skip
    return first + [column | {":hide": _NARROW} for column in more]
