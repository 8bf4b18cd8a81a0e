"""«Человек»: all that is known of one person, what was written about them, and by whom."""

from __future__ import annotations

from datetime import datetime

from nicegui import ui

from avito_scrapy.dashboard.pages.actions import NoteForm, take_or_release, warn_about_chat
from avito_scrapy.dashboard.pages.layout import PageState, frame
from avito_scrapy.dashboard.rows import CallRow, phone_links, resume_link, shown_cell
from avito_scrapy.report.people import changed_at
from avito_scrapy.report.texts import Texts

_EVENTS = {
    "message": "написал кандидат", "ours": "написали мы", "applied": "откликнулся",
    "resume": "обновил резюме",
}  # fmt: skip


def person_page(state: PageState, chat_id: str) -> None:
    facts, history = ui.refreshable(_facts), ui.refreshable(_history)
    shown: CallRow | None = None
    form: NoteForm | None = None

    def changed() -> None:
        nonlocal shown, form
        row = state.people.find(chat_id)
        if row is None or row == shown:
            return
        shown = row
        if form is None:
            holder.clear()
            with holder:
                facts(state, row)
                with ui.column().classes("grow min-w-72"):
                    form = NoteForm(state, chat_id)
                    history(state, row)
        else:
            facts.refresh(state, row)
            history.refresh(state, row)
            form.take_over()

    with frame(state, "", changed), ui.row().classes("w-full gap-6") as holder:
        ui.label("Такого человека в списке нет.")
        changed()


def _facts(state: PageState, row: CallRow) -> None:
    person, texts, best = row.person, state.people.texts, row.person.best

    def take() -> None:
        ui.timer(0, lambda: take_or_release(state, row), once=True)

    with ui.column().classes("grow gap-1 min-w-72"):
        ui.label(person.name or "без имени").classes("text-2xl")
        with ui.row().classes("items-center gap-2"):
            for phone in person.phones:
                links = phone_links(phone)
                ui.link(phone, links.get("tel", "")).classes("text-lg")
                if links:
                    ui.link("WhatsApp", links["whatsapp"], True)
                    ui.link("Telegram", links["telegram"], True)
            ui.button("Открыть чат", on_click=lambda: warn_about_chat(state, row)).props(
                "outline dense"
            )
            ui.button("Взять в работу" if row.taken is None else f"В работе: {row.taken.author}",
                      on_click=take).props("outline dense")  # fmt: skip
        ui.label(row.place.why if row.place else texts(f"status.{person.status}"))
        if person.waits and person.waits.last_message:
            ui.label(person.waits.last_message).classes("p-2 rounded bg-blue-100 dark:bg-blue-900")
        with ui.grid(columns="auto 1fr").classes("gap-x-4 gap-y-0"):
            for key, value in (
                ("title", best.title), ("age", best.age),
                ("gender", texts.name("gender", best.gender)),
                ("citizenship", best.citizenship), ("address", best.address),
                ("salary", best.salary), ("schedule", texts.name("schedule", best.schedule)),
                ("education", best.education), ("experience", best.experience_months),
                ("email", best.email),
            ):  # fmt: skip
                if value is not None:
                    ui.label(texts(f"col.{key}")).classes("opacity-60")
                    ui.label(str(value))
        url = resume_link(best, state.people.config.web_url)
        if url:
            ui.link(texts("link.resume"), url, True).props('rel="noopener noreferrer"')
        _chats(row, texts)
        ui.label("Что и когда было").classes("text-lg mt-2")
        for when, what in changed_at(person, state.people.config.tz):
            ui.label(f"{when:%d.%m.%Y %H:%M}  {_EVENTS[what]}")


def _chats(row: CallRow, texts: Texts) -> None:
    ui.label("Чаты и вакансии").classes("text-lg mt-2")
    for chat in row.person.chats:
        with ui.column().classes("gap-0 border-l-4 pl-2"):
            ui.label(chat.item_title or "без объявления").classes("font-bold")
            ui.label(f"{texts(f'status.{chat.chat_status}')} · {texts(f'outcome.{chat.outcome}')}")
            if chat.last_message:
                said = texts.name("by", chat.last_message_direction) or ""
                ui.label(f"{said}: {chat.last_message}")
            if chat.reason is not None:
                ui.label(texts.reason(chat.reason)).classes("opacity-60")


def _history(state: PageState, row: CallRow) -> None:
    versions = state.people.history(row)
    if not versions:
        return
    texts, zone = state.people.texts, state.people.config.tz
    ui.label("Заметки раньше").classes("text-lg mt-2")
    for version in reversed(versions):
        note = version.note
        when = datetime.fromtimestamp(note.made_at or 0, zone)
        place = {"workbook": "из книги", "dashboard": "со страницы"}.get(version.source, "")
        ui.label(f"{when:%d.%m.%Y %H:%M}  {note.author or 'автор не назван'}, {place}").classes(
            "opacity-60"
        )
        said = [
            f"{texts(f'col.{key}')}: {value}"
            for key, value in (("call_outcome", note.outcome), ("comment", note.comment),
                               ("next_call", shown_cell("next_call", note.next_call or "")))
            if value
        ]  # fmt: skip
        ui.label("; ".join(said) or "заметка убрана")
