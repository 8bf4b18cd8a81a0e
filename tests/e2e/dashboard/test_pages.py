"""The dashboard in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from avito_scrapy.config import Config
from avito_scrapy.items import Note
from avito_scrapy.store import open_store
from tests.e2e.dashboard.conftest import HOSTILE, SCRIPT
from tests.integration.store.records import ACCOUNT, new_run, record
from tests.support.browser_processes import until
from tests.support.dashboard import DashboardProcess, cell, type_into


@pytest.fixture
def second(chromium: Browser, page: Page, dashboard: DashboardProcess) -> Iterator[Page]:
    """Another browser on the same dashboard, let in by a key of the first one's menu."""
    page.locator("header button").last.click()
    page.get_by_text("Открыть в другом браузере").click()
    address = page.locator(".q-dialog input").input_value()
    page.get_by_text("Закрыть").click()
    other = chromium.new_context(viewport={"width": 1500, "height": 900}).new_page()
    other.goto(address)
    other.locator(".ag-row").first.wait_for()
    yield other
    other.context.close()


def stored(config: Config, number: int) -> Note | None:
    with open_store(config.store_url) as store:
        return store.notes.get_all(ACCOUNT).get(f"+7900{number:07d}")


def test_texts_of_people_are_texts_and_nothing_comes_from_elsewhere(
    page: Page, dashboard: DashboardProcess
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(dashboard.root)
    name = page.locator("[col-id='name']", has_text="onerror")
    expect(name).to_have_text(HOSTILE)
    expect(page.locator(cell(page, "onerror", "message"))).to_have_text(SCRIPT)
    name.click()
    expect(page.get_by_text(HOSTILE).first).to_be_visible()
    page.goto(f"{dashboard.root}summary")
    expect(page.locator("canvas, svg").first).to_be_visible()
    assert page.title() == "Кандидаты"
    assert page.locator("img[src='x']").count() == 0
    assert {url for url in asked if not url.startswith((dashboard.root, "data:"))} == set()


def test_a_stranger_sees_nothing(chromium: Browser, dashboard: DashboardProcess) -> None:
    stranger = chromium.new_page()
    for address in (dashboard.root, dashboard.address, f"{dashboard.root}person/u2i-1"):
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 401
    stranger.close()


def test_a_page_of_another_origin_gets_no_socket(
    page: Page, chromium: Browser, dashboard: DashboardProcess
) -> None:
    # The same host on another port shares the cookie: only the origin tells.
    foreign = page.context.new_page()
    foreign.route("http://127.0.0.1:9/", lambda route: route.fulfill(body="<p>foreign</p>"))
    foreign.goto("http://127.0.0.1:9/")
    socket = (
        dashboard.root.replace("http", "ws") + "_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    )
    opened = foreign.evaluate(
        """url => new Promise(done => {
            const socket = new WebSocket(url);
            socket.onopen = () => done("open");
            socket.onerror = () => done("refused");
        })""",
        socket,
    )
    foreign.close()
    assert opened == "refused"


def test_search_and_filters(page: Page) -> None:
    page.get_by_placeholder("Имя, телефон, слова").fill("8 900 000-00-03")
    expect(page.locator(".ag-pinned-left-cols-container .ag-row")).to_have_count(1)
    expect(page.locator("[col-id='name']").last).to_have_text("Пробников Номер3")
    link = page.locator("[col-id='phone'] a").first
    assert link.get_attribute("href") == "tel:+79000000003"


def test_a_note_is_written_in_place_and_undone(page: Page, config: Config) -> None:
    type_into(page, "Номер1", "comment", "позвонить жене")
    until(lambda: stored(config, 1) == Note(None, "позвонить жене"), 10)
    page.get_by_text("Отменить").click()
    until(lambda: stored(config, 1) is None, 10)
    expect(page.locator(cell(page, "Номер1", "comment"))).to_have_text("")


def test_two_browsers_see_each_other_and_overwrite_nothing(
    page: Page, second: Page, config: Config
) -> None:
    type_into(page, "Номер2", "comment", "моё", leave=False)
    type_into(second, "Номер2", "comment", "чужое")
    until(lambda: stored(config, 2) == Note(None, "чужое"), 10)
    expect(page.locator(".ag-cell-inline-editing input")).to_have_value("моё")
    page.locator(".ag-cell-inline-editing input").press("Enter")
    expect(page.get_by_text("Ничего не перезаписано")).to_be_visible()
    assert stored(config, 2) == Note(None, "чужое")
    page.get_by_text("Записать моё").click()
    until(lambda: stored(config, 2) == Note(None, "моё"), 10)
    expect(second.locator(cell(second, "Номер2", "comment"))).to_have_text("моё")


def test_who_is_taken_is_seen_by_others(page: Page, second: Page) -> None:
    page.locator(cell(page, "Номер4", "taken")).click()
    page.get_by_label("Имя", exact=True).fill("Анна")
    page.get_by_text("Запомнить").click()
    expect(second.locator(cell(second, "Номер4", "taken"))).to_have_text("Анна")


def test_a_chat_is_opened_only_after_a_warning(page: Page, config: Config) -> None:
    page.locator(cell(page, "Номер5", "chat")).click()
    expect(page.get_by_text("будет отмечен прочитанным")).to_be_visible()
    link = page.get_by_role("link", name="Открыть чат")
    assert link.get_attribute("href") == (
        f"{config.web_url}/profile/messenger/channel/u2i-{5:022d}"
    )
    page.get_by_text("Не открывать").click()


def test_a_message_of_a_run_appears_while_something_is_typed(page: Page, config: Config) -> None:
    type_into(page, "Номер6", "comment", "пишу", leave=False)
    today = datetime.now(timezone.utc).isoformat()
    with open_store(config.store_url) as store:
        run = new_run(store)
        new = record(7, full_name="Пробников Номер7", last_message="Я готов", applied_at=today,
                     last_message_direction="in", chat_status="awaits_us",
                     replies=[(today, 60)])  # fmt: skip
        store.outcomes.put(run, new)
        store.runs.finish(run, "finished", {})
    expect(page.locator(cell(page, "Номер7", "message"))).to_have_text("Я готов")
    expect(page.locator(".ag-cell-inline-editing input")).to_have_value("пишу")
    page.locator(".ag-cell-inline-editing input").press("Enter")
    until(lambda: stored(config, 6) == Note(None, "пишу"), 10)


def test_a_person_with_the_history_of_their_notes(page: Page, config: Config) -> None:
    page.locator("[col-id='name']", has_text="Номер8").first.click()
    page.get_by_label("Следующий звонок").fill("5.12.2027 10:30")
    page.get_by_label("Комментарий").click()
    until(lambda: stored(config, 8) == Note(None, None, "2027-12-05 10:30"), 10)
    expect(page.get_by_text("со страницы")).to_be_visible()
    expect(page.get_by_text("Чаты и вакансии")).to_be_visible()


def click_bar(page: Page, title: str, x: float, y: float, address: str) -> None:
    """Click into the chart with this title until the page is at ``address``.

    ``y`` in pixels, from below if negative.
    """
    chart = page.get_by_text(title, exact=True).locator("xpath=following-sibling::*[1]")
    expect(chart.locator("canvas, svg").first).to_be_visible()

    def clicked() -> bool:
        # A chart that is drawn anew just then, as data have changed, does not take the click.
        chart.evaluate("chart => chart.scrollIntoView({block: 'center'})")
        box = chart.bounding_box()
        if box is not None:
            top = box["y"] + (y if y > 0 else box["height"] + y)
            page.mouse.click(box["x"] + box["width"] * x, top)
        with suppress(NotInTime):
            page.wait_for_url(lambda url: address in url, timeout=3000)
        return address in page.url

    until(clicked, 20)


def test_a_bar_of_the_summary_opens_the_list(
    page: Page, dashboard: DashboardProcess, config: Config
) -> None:
    key = "+79000000005"
    with open_store(config.store_url) as store:
        seen = store.notes.get_all(ACCOUNT).get(key)
        store.notes.put(ACCOUNT, key, Note("Приглашён"), expected=seen, author=None)
    page.goto(f"{dashboard.root}?everybody=1&outcome=Приглашён")
    expect(page.locator("[col-id='name']", has_text="Номер5").first).to_be_visible()
    for title, x, y, address, chip, found in (
        ("Вакансии, чаты", 0.33, 28, "vacancy=", "", "из 4"),
        ("Исходы звонков, люди", 0.5, 28, "outcome=", "Исход: Приглашён", "из 1"),
        ("Воронка, чаты", 0.33, 58, "step=1", "С кандидатами", "из 9"),
        ("Новые отклики по дням", 0.91, -40, "day=20", "Отклик: ", "из 8"),
        ("Первый ответ по неделям, минут (половина не дольше)", 0.91, -40, "week=20",
         "Первый ответ: неделя с", "из 8"),
    ):  # fmt: skip
        page.goto(f"{dashboard.root}summary")
        click_bar(page, title, x, y, f"/?everybody=1&{address}")
        expect(page.get_by_text(found)).to_be_visible()
        if chip:
            expect(page.locator(".q-chip", has_text=chip)).to_be_visible()
    page.locator(".q-chip__icon--remove").click()
    expect(page.get_by_text("из 9")).to_be_visible()
    with open_store(config.store_url) as store:
        kept = store.notes.get_all(ACCOUNT)[key]
        store.notes.put(ACCOUNT, key, Note(), expected=kept, author=None)


def test_a_run_that_cannot_be_is_told(page: Page, dashboard: DashboardProcess) -> None:
    # No keys are set: the crawl says so in one line.
    page.goto(f"{dashboard.root}state")
    expect(page.get_by_text("всё собрано").first).to_be_visible()
    page.get_by_text("Обновить сейчас").click()
    expect(page.get_by_text("Не обновлено")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("AVITO_CLIENT_ID")).to_be_visible()


def test_on_a_phone_the_page_fits_and_notes_are_written_over_the_list(
    page: Page, chromium: Browser, dashboard: DashboardProcess, config: Config
) -> None:
    cookies = page.context.storage_state()
    phone = chromium.new_context(viewport={"width": 390, "height": 800}, storage_state=cookies)
    small = phone.new_page()
    small.goto(dashboard.root)
    small.locator(".ag-row").first.wait_for()
    assert small.evaluate("document.documentElement.scrollWidth") <= 390
    expect(small.locator("[col-id='phone'] a").first).to_be_visible()
    row = small.locator(".ag-center-cols-container .ag-row", has_text="Номер6")
    row.locator("[col-id='note']").click()
    small.get_by_label("Комментарий").fill("с телефона")
    small.get_by_label("Следующий звонок").fill("послезавтра")
    until(lambda: (stored(config, 6) or Note()).comment == "с телефона", 10)
    small.locator(".q-dialog__backdrop").click(position={"x": 10, "y": 10})
    until(lambda: (stored(config, 6) or Note()).next_call is not None, 10)
    expect(row).to_have_count(0)  # not to be called before that day
    phone.close()


def test_it_ends_soon_and_says_nothing_of_anybody(chromium: Browser, config: Config) -> None:
    process = DashboardProcess(config.data_dir)
    page = chromium.new_page()
    page.goto(process.address)
    page.locator(".ag-row").first.wait_for()
    type_into(page, "Номер3", "comment", "последнее")
    until(lambda: stored(config, 3) == Note(None, "последнее"), 10)
    process.stop()
    page.close()
    assert not list(config.private_dir.glob("dashboard-notes*"))
    assert json.dumps(process.address) not in str(list(config.data_dir.iterdir()))
