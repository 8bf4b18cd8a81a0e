"""What all pages share: the head with the age of the data, the account, the author's name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from nicegui import ui

from avito_scrapy.dashboard.account import AccountPeople
from avito_scrapy.dashboard.cycle import UpdateCycle
from avito_scrapy.dashboard.edits import Edit
from avito_scrapy.dashboard.security import Access

TICK_S = 0.5
NAME_COOKIE = "avito_author"
ACCOUNT_COOKIE = "avito_account"
_OLD_S = 2 * 3600
# The buttons' own blue cannot be read on black.
_DARK = ".body--dark .q-btn.text-primary { --q-primary: #90caf9 }"
_TABS = (("/", "Звонки"), ("/summary", "Сводка"), ("/state", "Состояние"))


@dataclass
class Dashboard:
    """The accounts that are shown, and who may see them."""

    access: Access
    accounts: Mapping[str, AccountPeople]
    cycles: Mapping[str, UpdateCycle]


@dataclass
class PageState:
    """One open page: which account it shows, who works on it, what they changed on it."""

    dashboard: Dashboard
    name: str
    people: AccountPeople
    cycle: UpdateCycle
    author: str | None
    edits: list[Edit] = field(default_factory=list)


def open_state(dashboard: Dashboard) -> PageState:
    """The state of the page that is being opened, by what its browser remembers."""
    request = ui.context.client.request
    cookies = {} if request is None else request.cookies
    name = unquote(cookies.get(ACCOUNT_COOKIE, ""))
    if name not in dashboard.accounts:
        name = next(iter(dashboard.accounts))
    author = unquote(cookies.get(NAME_COOKIE, "")).strip()[:50] or None
    return PageState(dashboard, name, dashboard.accounts[name], dashboard.cycles[name], author)


def remember(cookie: str, value: str) -> None:
    """Have the browser keep ``value`` for a year."""
    pair = f"{cookie}={quote(value)}; Path=/; Max-Age=31536000; SameSite=Strict"
    ui.run_javascript(f"document.cookie = {json.dumps(pair)}")


@contextmanager
def frame(state: PageState, current: str, changed: Callable[[], object]) -> Iterator[None]:
    """The head of a page, and ``changed`` called soon after anything has changed since."""
    people = state.people
    ui.colors(primary="#1565c0")
    ui.add_css(_DARK)
    ui.query(".nicegui-content").classes("p-2 sm:p-4 gap-2")
    dark = ui.dark_mode(None)
    with ui.header().classes("items-center no-wrap gap-x-1 sm:gap-x-2 gap-y-0 py-1 px-2 sm:px-4"):
        for path, title in _TABS:
            link = ui.button(title, on_click=lambda path=path: ui.navigate.to(path))
            link.props("flat dense color=white")
            if path == current:
                link.classes("font-bold underline")
        ui.space()
        if len(state.dashboard.accounts) > 1:
            ui.select(list(state.dashboard.accounts), value=state.name, label="Аккаунт",
                      on_change=lambda event: _switch(str(event.value)),
                      ).props("dense dark options-dense").classes("w-32")  # fmt: skip
        age = ui.label().classes("text-xs sm:text-sm leading-tight text-right")
        menu = ui.button(icon="more_vert").props("flat dense round color=white")
        with menu, ui.menu():
            ui.menu_item("Светлая или тёмная", lambda: dark.set_value(not dark.value))
            ui.menu_item("Ваше имя…", lambda: ask_name(state))
            ui.menu_item("Открыть в другом браузере…", lambda: _show_key(state.dashboard))
    empty = ui.label().classes("w-full p-2 rounded bg-blue-100 dark:bg-blue-900")
    trouble = ui.label().classes("w-full p-2 rounded bg-red-100 text-red-900"
                                 " dark:bg-red-900 dark:text-red-100")  # fmt: skip
    seen = people.version

    def tick() -> None:
        nonlocal seen
        text, old = _age(people)
        age.set_text(text)
        age.classes(**{"add" if old else "remove": "bg-orange-700 px-1 rounded"})
        trouble.set_text(_trouble(people))
        trouble.set_visibility(bool(trouble.text))
        empty.set_visibility(people.is_empty)
        if people.is_empty:
            empty.set_text(_next_step(state))
        if seen != people.version:
            seen = people.version
            changed()

    yield
    tick()
    ui.timer(TICK_S, tick)


def _switch(name: str) -> None:
    remember(ACCOUNT_COOKIE, name)
    ui.navigate.reload()


def _age(people: AccountPeople) -> tuple[str, bool]:
    if people.data_at is None:
        return "данных ещё нет" if people.version else "", people.version > 0
    seconds = (people.now() - people.data_at).total_seconds()
    return f"данные: {people.texts.duration(seconds)} назад", seconds > _OLD_S


def _trouble(people: AccountPeople) -> str:
    parts = []
    if people.version == 0:
        parts.append("Загружаем людей из хранилища…")
    if people.problem is not None:
        parts.append(f"Хранилище недоступно: {people.problem}.")
    if people.warning is not None:
        parts.append(people.warning)
    if people.unsaved:
        parts.append(f"Ещё не записано заметок: {len(people.unsaved)}. Они сохранены на этом "
                     "компьютере и попадут в хранилище, когда оно вернётся.")  # fmt: skip
    return " ".join(parts)


def _next_step(state: PageState) -> str:
    """What to do while nobody has been collected."""
    config, cycle = state.people.config, state.cycle
    told = f"Пока никто не собран (папка {config.data_dir})."
    if cycle.is_running:
        return f"{told} Идёт обновление, его ход виден на странице «Состояние»."
    step = "нажмите «Обновить сейчас» на странице «Состояние»"
    if not config.client_id:
        place = config.keys_place if config.account else ".env"
        step = f"впишите ключи Авито (AVITO_CLIENT_ID, AVITO_CLIENT_SECRET) в файл {place} и {step}"
    return f"{told} {step[:1].upper()}{step[1:]}: люди появятся в «Звонках»."


def _show_key(dashboard: Dashboard) -> None:
    with ui.dialog(value=True) as dialog, ui.card():
        ui.label("Адрес для одного входа в другом браузере:")
        address = ui.input(value=dashboard.access.address(dashboard.access.new_key()))
        address.props("readonly").classes("w-96 max-w-full")
        ui.button("Закрыть", on_click=dialog.close).props("flat")


async def ask_name(state: PageState) -> str | None:
    """Ask who works in this browser, which remembers it; None: they would rather not say."""
    with ui.dialog() as dialog, ui.card():
        ui.label("Как вас зовут? Имя будет стоять у ваших заметок.")
        given = ui.input("Имя", value=state.author or "").props("autofocus maxlength=50")
        given.on("keydown.enter", lambda: dialog.submit(given.value))
        ui.button("Запомнить", on_click=lambda: dialog.submit(given.value))
    name = str(await dialog or "").strip()
    if name:
        state.author = name
        remember(NAME_COOKIE, name)
    return state.author
