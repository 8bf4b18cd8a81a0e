"""The cells of a note outside of the grid: on a person's page, and over the list on a phone."""

from __future__ import annotations

from typing import cast

from nicegui import ui

from avito_scrapy.dashboard.pages.layout import PageState, undo, write
from avito_scrapy.dashboard.rows import CallRow, Field, kept_cell, next_call_text, shown_cell


class NoteForm:
    """Outcome, comment and next call of the person with a chat. What is being typed is not
    replaced; it is written when its field is left."""

    def __init__(self, state: PageState, chat_id: str, row: CallRow) -> None:
        texts = state.people.texts
        names = state.people.outcomes.names("ru")
        outcome = ui.input(texts("col.call_outcome"), autocomplete=names)
        comment = ui.textarea(texts("col.comment")).props("autogrow")
        next_call = ui.input(texts("col.next_call"), placeholder="завтра 14:00 или 5.12")
        self._fields = []
        for cell, element in (("outcome", outcome), ("comment", comment), ("next_call", next_call)):
            element.classes("w-full").props("outlined dense").mark(cell)
            self._fields.append(_NoteField(state, chat_id, cast(Field, cell), element))
        self.take_over(row)
        ui.button("Отменить", icon="undo", on_click=lambda: undo(state)).props("flat dense")

    def take_over(self, row: CallRow) -> None:
        """Show what the store has, unless something else is being typed."""
        for one in self._fields:
            one.take_over(row)


class _NoteField:
    """A cell of the note: what is being typed is not replaced, and is written when it is left."""

    def __init__(self, state: PageState, chat_id: str, cell: Field, element: ui.input) -> None:
        self._state = state
        self._chat_id = chat_id
        self._cell = cell
        self._element = element
        self.before = ""
        element.on("blur", self._write)
        element.on("keydown.enter", self._write)

    def take_over(self, row: CallRow) -> None:
        """Show what the store has, unless something else is being typed."""
        if kept_cell(self._cell, self._element.value or "") == self.before:
            self._show(row)

    def _show(self, row: CallRow | None) -> None:
        self.before = (row and getattr(row.note, self._cell)) or ""
        self._element.set_value(shown_cell(self._cell, self.before))

    async def _write(self) -> None:
        row = self._state.people.find(self._chat_id)
        typed = kept_cell(self._cell, str(self._element.value or "").strip())
        if row is None or typed == self.before:
            return
        if self._cell == "next_call":
            typed = next_call_text(typed, self._state.people.now().date())
            self._element.set_value(shown_cell(self._cell, typed))
        before, self.before = self.before, typed
        if not await write(self._state, row, self._cell, before, typed):
            self._show(self._state.people.find(self._chat_id))
