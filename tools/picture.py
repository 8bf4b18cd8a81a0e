"""Take the README's picture of the dashboard: ``python -m tools.picture ADDRESS FILE.png [QUERY]``,
QUERY as in the address that a click on a chart leads to (``?vacancy=Кладовщик``).
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from avito_scrapy.browser.launch import find_browser


def main(address: str, path: str, query: str = "") -> None:
    """Open ``address`` (with its key) and write what it shows to ``path``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(None), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 560}, locale="ru-RU")
        page.goto(address)
        page.goto(address.partition("?")[0] + query)
        page.locator(".ag-row").first.wait_for()
        page.wait_for_timeout(1000)  # fonts
        page.screenshot(path=path)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
