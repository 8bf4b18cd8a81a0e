"""One browser, and one dashboard for the tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from avito_scrapy.browser.launch import find_browser
from avito_scrapy.config import Config
from tests.integration.store.conftest import postgres_server
from tests.integration.store.folder import config_for, leave_run
from tests.integration.store.records import record
from tests.support.dashboard import DashboardProcess

__all__ = ["postgres_server"]

HOSTILE = "<img src=x onerror=\"document.title='owned'\">"
SCRIPT = "</script><script>document.title='owned'</script>{{1+1}}"


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox"]
        browser = playwright.chromium.launch(executable_path=find_browser(None), args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder: Path = tmp_path_factory.mktemp("data")
    config = config_for(folder, "sqlite:///.avito/store.db")
    today = datetime.now(timezone.utc).isoformat()
    people = [record(n, item_title="Курьер" if n % 2 else "Кладовщик", age=20 + n,
                     full_name=f"Пробников Номер{n}",
                     applied_at=today, replies=[(today, 60)]) for n in range(1, 9)]  # fmt: skip
    people += [record(9, full_name=HOSTILE, last_message=SCRIPT, item_title=HOSTILE, title=SCRIPT,
                      address=f"{HOSTILE}, 1")]  # fmt: skip
    leave_run(config, people)
    return config


@pytest.fixture(scope="module")
def dashboard(config: Config) -> Iterator[DashboardProcess]:
    process = DashboardProcess(config.data_dir)
    yield process
    process.stop()


@pytest.fixture(scope="module")
def first(chromium: Browser, dashboard: DashboardProcess) -> Iterator[Page]:
    """A page that is signed in, with a browser of its own."""
    page = chromium.new_context(viewport={"width": 1500, "height": 900}).new_page()
    page.goto(dashboard.address)
    page.locator(".ag-row").first.wait_for()
    yield page
    page.context.close()


@pytest.fixture
def page(first: Page, dashboard: DashboardProcess) -> Page:
    """The same, on the list of calls as it is when opened; nothing was asked for elsewhere."""
    first.goto(dashboard.root)
    first.locator(".ag-row").first.wait_for()
    return first
