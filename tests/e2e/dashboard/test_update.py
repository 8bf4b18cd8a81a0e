"""«Обновить сейчас» and several accounts, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from avito_sandbox import Sandbox
from avito_scrapy.config import Config
from avito_scrapy.items import Note
from avito_scrapy.runlock import RunLock
from avito_scrapy.store import open_store
from tests.integration.accounts.project import Project, account_sandbox
from tests.integration.store.folder import config_for, leave_run
from tests.integration.store.postgres import Server
from tests.integration.store.records import ACCOUNT, record
from tests.support.browser_processes import until
from tests.support.dashboard import DashboardProcess, cell, type_into

CYCLE_MS = 90_000


@pytest.fixture(scope="module")
def north() -> Iterator[Sandbox]:
    with account_sandbox(1, chats=12) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def north_store(postgres_server: Server) -> str:
    return postgres_server.new_database()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, north: Sandbox, north_store: str) -> Project:
    """The account ``north`` that no run has seen yet, and ``south`` with two people."""
    project = Project(tmp_path_factory.mktemp("project"))
    project.add("north", north, chats=False, AVITO_STORE_URL=north_store)
    project.add("south", north, chats=False)
    south = south_of(project)
    people = [record(n, full_name=f"Южин Номер{n}") for n in (1, 2)]
    leave_run(south, people)
    return project


@pytest.fixture(scope="module")
def dashboard(project: Project) -> Iterator[DashboardProcess]:
    process = DashboardProcess(project.data, "--account", "all", cwd=project.folder, **project.env)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def page(chromium: Browser, dashboard: DashboardProcess) -> Iterator[Page]:
    page = chromium.new_context(viewport={"width": 1500, "height": 900}).new_page()
    page.goto(dashboard.address)
    yield page
    page.context.close()


def south_of(project: Project) -> Config:
    folder = project.data / "south"
    (folder / ".avito").mkdir(mode=0o700, exist_ok=True)
    return config_for(folder, "sqlite:///.avito/store.db")


def switch(page: Page, account: str) -> None:
    with page.expect_navigation():
        page.get_by_label("Аккаунт").click()
        page.locator(".q-menu").get_by_text(account).click()


def update(page: Page) -> None:
    page.get_by_text("Обновить сейчас", exact=True).click()
    expect(page.get_by_text("Собираем: чаты")).to_be_visible()


def test_an_update_brings_people_and_then_a_new_message(
    page: Page, dashboard: DashboardProcess, north: Sandbox
) -> None:
    page.goto(f"{dashboard.root}state")
    empty = page.get_by_text("Пока никто не собран")
    expect(empty).to_contain_text("Нажмите «Обновить сейчас»")
    update(page)
    page.get_by_text("Обновить сейчас", exact=True).click()
    expect(page.get_by_text("Обновление уже идёт")).to_be_visible()
    expect(page.get_by_text("Собираем: резюме")).to_be_visible(timeout=CYCLE_MS)
    expect(page.get_by_text("Обновлено.")).to_be_visible(timeout=CYCLE_MS)
    expect(page.get_by_text("всё собрано")).to_have_count(2)
    expect(page.get_by_role("row").filter(has_text="чаты")).to_contain_text(str(len(north.truth())))
    expect(empty).to_be_hidden()

    chat = next(chat for chat in north.truth() if chat["outcome"] == "found")
    north.control("new_message", chat_id=chat["chat_id"], text="Когда можно выйти?")
    watching = page.context.new_page()
    watching.goto(f"{dashboard.root}?everybody=1")
    watching.locator(".ag-row").first.wait_for()
    update(page)
    message = watching.locator("[col-id='message']", has_text="Когда можно выйти?")
    expect(message).to_be_visible(timeout=CYCLE_MS)
    expect(page.get_by_text("Обновлено.")).to_be_visible(timeout=CYCLE_MS)
    page.goto(f"{dashboard.root}?everybody=1")
    comment = (
        f"[row-id='{page.locator('.ag-row').first.get_attribute('row-id')}'] [col-id='comment']"
    )
    page.locator(comment).click()
    page.locator(".ag-cell-inline-editing input").fill("видно другим")
    page.locator(".ag-cell-inline-editing input").press("Enter")
    expect(watching.locator(comment)).to_have_text("видно другим")
    watching.close()


def test_a_run_that_another_process_holds_is_told(
    page: Page, dashboard: DashboardProcess, project: Project
) -> None:
    page.goto(f"{dashboard.root}state")
    with RunLock(project.data / "north" / ".avito", "scrapy crawl resumes"):
        update(page)
        expect(page.get_by_text("another run holds")).to_be_visible(timeout=CYCLE_MS)
    expect(page.get_by_text("Не обновлено (чаты, код 2)")).to_be_visible()


def test_accounts_are_switched_and_notes_stay_with_theirs(
    page: Page, dashboard: DashboardProcess, project: Project, north_store: str
) -> None:
    page.goto(dashboard.root)
    switch(page, "south")
    expect(page.locator(".ag-pinned-left-cols-container .ag-row")).to_have_count(2)
    type_into(page, "Номер1", "comment", "с юга")

    def stored() -> Note | None:
        with open_store(south_of(project).store_url) as store:
            return store.notes.get_all(ACCOUNT).get("+79000000001")

    until(lambda: stored() == Note(None, "с юга"), 10)
    page.goto(f"{dashboard.root}state")
    expect(page.get_by_text("всё собрано")).to_have_count(1)
    page.goto(dashboard.root)  # the browser remembers which
    expect(page.locator(cell(page, "Номер1", "comment"))).to_have_text("с юга")
    switch(page, "north")
    expect(page.get_by_text(re.compile(r"^\d+–\d+ из \d+$"))).not_to_have_text("1–2 из 2")
    expect(page.get_by_text("Южин")).to_have_count(0)
    with open_store(north_store) as store:
        assert "с юга" not in {note.comment for note in store.notes.get_all(1001).values()}
