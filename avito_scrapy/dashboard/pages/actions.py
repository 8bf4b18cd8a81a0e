"""What can be done with a person: write and undo their note, take them, open their chat."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from nicegui import ui

from avito_scrapy.dashboard.edits import Edit, EditConflict
from avito_scrapy.dashboard.pages.layout import PageState, ask_name
from avito_scrapy.dashboard.rows import (
    CallRow,
    Field,
    chat_link,
    kept_cell,
    next_call_text,
    shown_cell,
)
from avito_scrapy.store import StoreProblem

_FIELD_NAMES = {"outcome": "исход", "comment": "комментарий", "next_call": "следующий звонок"}


async def write(
    state: PageState, row: CallRow, cell: Field, before: str | None, typed: str | None
) -> bool:
    """Write a cell of a person's note; says what came of it. False: it was left as it is."""
    edit = Edit(row.note_key, cell, before or None, typed or None, state.author,
                state.people.now().timestamp())  # fmt: skip
    if edit.before == edit.after:
        return True
    try:
        saved = await asyncio.to_thread(state.people.edit, edit)
    except EditConflict as conflict:
        theirs = getattr(conflict.current, cell)
        mine = await _agreed(
            f"Пока вы писали, {conflict.current.author or 'кто-то'} изменил(а) эту ячейку. "
            "Ничего не перезаписано.",
            f"Сейчас там: {shown_cell(cell, theirs or '(пусто)')}",
            f"У вас: {shown_cell(cell, edit.after or '(пусто)')}",
            no="Оставить как есть", yes="Записать моё",
        )  # fmt: skip
        return mine and await write(state, row, cell, theirs, edit.after)
    state.edits.append(edit)
    if saved:
        name = row.person.name or "без имени"
        ui.notify(f"{name}: {_FIELD_NAMES[cell]} записан", type="positive", timeout=1500)
    else:
        ui.notify("Хранилище недоступно. Запишем, когда оно вернётся.", type="warning")
    return True


async def undo(state: PageState) -> None:
    """Take back the latest change that was made on this page."""
    if not state.edits:
        ui.notify("Отменять нечего")
        return
    edit = state.edits.pop()
    back = replace(edit, before=edit.after, after=edit.before, author=state.author,
                   at=state.people.now().timestamp())  # fmt: skip
    try:
        await asyncio.to_thread(state.people.edit, back)
    except EditConflict:
        ui.notify("Отменить нельзя: ячейку уже изменили", type="warning")
    else:
        ui.notify(f"Отменено: {_FIELD_NAMES[edit.field]}")


def undo_button(state: PageState) -> None:
    ui.button("Отменить", icon="undo", on_click=lambda: undo(state)).props("flat dense")


class NoteForm:
    """The note of the person with a chat, outside of the grid. What is being typed is not
    replaced; it is written when its field is left."""

    def __init__(self, state: PageState, chat_id: str) -> None:
        self._state = state
        self._chat_id = chat_id
        texts, outcomes = state.people.texts, state.people.outcomes
        self._inputs: dict[Field, ui.input] = {
            "outcome": ui.input(texts("col.call_outcome"), autocomplete=outcomes.names("ru")),
            "comment": ui.textarea(texts("col.comment")).props("autogrow"),
            "next_call": ui.input(texts("col.next_call"), placeholder="завтра 14:00 или 5.12"),
        }
        self._before: dict[Field, str] = dict.fromkeys(self._inputs, "")
        for cell, element in self._inputs.items():
            element.classes("w-full").props("outlined dense")
            element.on("blur", partial(self._write, cell))
            element.on("keydown.enter", partial(self._write, cell))
        self.take_over()
        undo_button(state)

    def take_over(self) -> None:
        """Show what the store has, where nothing else is being typed."""
        for cell, element in self._inputs.items():
            if kept_cell(cell, element.value or "") == self._before[cell]:
                self._show(cell)

    def _show(self, cell: Field) -> None:
        row = self._state.people.find(self._chat_id)
        if row is not None:
            self._before[cell] = getattr(row.note, cell) or ""
            self._inputs[cell].set_value(shown_cell(cell, self._before[cell]))

    async def _write(self, cell: Field) -> None:
        row, element = self._state.people.find(self._chat_id), self._inputs[cell]
        typed = kept_cell(cell, str(element.value or "").strip())
        if row is None or typed == self._before[cell]:
            return
        if cell == "next_call":
            typed = next_call_text(typed, self._state.people.now().date())
            element.set_value(shown_cell(cell, typed))
        before, self._before[cell] = self._before[cell], typed
        if not await write(self._state, row, cell, before, typed):
            self._show(cell)


def warn_about_chat(state: PageState, row: CallRow) -> None:
    """Ask before a chat is opened: it is then marked as read, for good."""
    record = row.person.waits or row.person.last
    with ui.dialog(value=True) as dialog, ui.card():
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
    elif row.taken.author == author or await _agreed(
        f"В работе у другого: {row.taken.author}. Освободить?", no="Нет", yes="Освободить"
    ):
        with _said_if_away():
            await asyncio.to_thread(state.people.release, row)


@contextmanager
def _said_if_away() -> Iterator[None]:
    try:
        yield
    except StoreProblem:
        ui.notify("Хранилище недоступно, попробуйте позже", type="warning")


async def _agreed(*lines: str, no: str, yes: str) -> bool:
    with ui.dialog() as dialog, ui.card():
        for line in lines:
            ui.label(line)
        with ui.row():
            ui.button(no, on_click=dialog.close)
            ui.button(yes, on_click=lambda: dialog.submit(True)).props("outline")
    return bool(await dialog)
