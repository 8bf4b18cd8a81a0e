"""Finds and starts the browser, and reaches its event loop."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, async_playwright

from avito_scrapy.browser.guard import Guard
from avito_scrapy.browser.profile import check_lock, prepare_profile
from avito_scrapy.errors import UsageError, describe

T = TypeVar("T")
_END: Any = object()

# What the browser asks for by itself on behalf of a page, past the page and the extension.
_REQUESTING_FEATURES = (
    "FedCm",
    "WebPayments",
    "PaymentRequest",
    "Reporting",
    "NetworkErrorLogging",
)
# Playwright's own list, of which these matter here: Chromium heeds the last one given only.
_FEATURES_OFF_IN_PLAYWRIGHT = (
    "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding",
    "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
# Nothing but the page speaks to the network; the rest is noise on a machine without one.
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=" + ",".join(_REQUESTING_FEATURES + _FEATURES_OFF_IN_PLAYWRIGHT),
    "--disable-blink-features=PaymentRequest,FetchLaterAPI",
)
# Taller than a laptop's: fewer steps down a list; still a size that windows have.
_VIEWPORT = {"width": 1280, "height": 1100}


def check_screen(advice: str) -> None:
    """Raise UsageError with ``advice`` when a visible browser has no screen to be seen on."""
    screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not screen:
        raise UsageError(f"there is no screen here: {advice}")


def find_browser(wanted: Path | None) -> Path:
    """The Chromium to start: AVITO_BROWSER, else Playwright's own, else one on PATH.

    Raises:
        UsageError: there is none; says what to do.
    """
    found: Path | str | None
    if wanted is not None:
        found = shutil.which(wanted)
        if found is None:
            raise UsageError(
                f"AVITO_BROWSER: {wanted} is not an executable; name a Chromium or leave it empty"
            )
        return Path(found)
    # Not Google Chrome: it loads no extension from a folder, so it could not be guarded.
    found = _playwrights_own() or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        raise UsageError(
            "no browser: run `playwright install chromium`, install your system's Chromium, "
            "or set AVITO_BROWSER to one"
        )
    return Path(found)


# In a process of its own: asked inside a running event loop, Playwright's plain API refuses.
_ASK = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright:\n"
    "    print(playwright.chromium.executable_path)"
)
_DOWNLOADS = (
    "~/.cache/ms-playwright",
    "~/Library/Caches/ms-playwright",
    "~/AppData/Local/ms-playwright",
)


@cache
def _playwrights_own() -> Path | None:
    given = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = (given,) if given and given != "0" else _DOWNLOADS
    downloaded = any(any(Path(f).expanduser().glob("chromium*")) for f in folders)
    if not downloaded and given != "0":
        return None
    asked = subprocess.run(  # noqa: S603 - nothing of it comes from outside
        [sys.executable, "-c", _ASK], capture_output=True, text=True, timeout=60, check=False
    )
    path = Path(asked.stdout.strip())
    return path if asked.returncode == 0 and os.access(path, os.X_OK) and path.is_file() else None


def context_options(
    wanted: Path | None, profile: Path, *, headless: bool, zone: str
) -> dict[str, Any]:
    """Find the browser, prepare its profile; what ``launch_persistent_context`` takes.

    Args:
        wanted: AVITO_BROWSER, see ``find_browser``.
        profile: the folder in which the session lives.
        headless: without a window.
        zone: the zone in which the page shows its times (AVITO_TZ), so that they can be read.

    Raises:
        UsageError: there is no browser, or the profile cannot be used.
    """
    browser = find_browser(wanted)
    extension = prepare_profile(profile)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {
        "user_data_dir": str(profile),
        "executable_path": str(browser),
        "headless": headless,
        "args": [
            *_ARGUMENTS,
            f"--load-extension={extension}",
            f"--disable-extensions-except={extension}",
            # As root Chromium does not start with its sandbox.
            *(["--no-sandbox"] if root else []),
        ],
        "ignore_default_args": ["--disable-extensions"],
        "locale": "ru-RU",
        "timezone_id": zone,
        "viewport": _VIEWPORT,
        # They outlive the page.
        "service_workers": "block",
        # Ctrl-C is for the spider, which then closes the browser.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }


@asynccontextmanager
async def guarded_page(options: Mapping[str, Any]) -> AsyncIterator[Page]:
    """Start the browser with ``context_options`` and give its page, guarded; closes the browser.

    Raises:
        UsageError: it does not start or cannot be guarded.
    """
    async with async_playwright() as playwright:
        try:
            context = await playwright.chromium.launch_persistent_context(**options)
        except PlaywrightError as error:
            raise start_failure(error, options) from None
        try:
            page = context.pages[0] if context.pages else await context.new_page()
            await Guard(lambda _kind: None).install(page)
            yield page
        finally:
            with suppress(PlaywrightError):  # closed by a person
                await context.close()


def start_failure(error: BaseException, options: Mapping[str, Any]) -> UsageError:
    """Say why a browser with these options did not start, as far as that can be known."""
    if "Invalid timezone" in str(error):
        return UsageError(
            f"AVITO_TZ: the browser does not know {options['timezone_id']}; "
            "give a zone like Europe/Moscow"
        )
    try:
        check_lock(Path(options["user_data_dir"]))
    except UsageError as held:
        return held
    except OSError:
        pass  # about the profile it has nothing better to say
    return UsageError(
        f"AVITO_BROWSER: {options['executable_path']} does not start ({describe(error)}); "
        "install it anew or name another"
    )


class BrowserLoop:
    """Runs coroutines in the page's event loop; elsewhere than on Windows that is the caller's.

    On Windows scrapy-playwright runs Playwright in a loop of its own, since Scrapy's cannot start
    processes, and a page may only be used from that one.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    async def remember(self, page: Page) -> None:
        """To be called as the first page method."""
        self._loop = asyncio.get_running_loop()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None or self._loop is asyncio.get_running_loop():
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def iterate(self, items: AsyncIterator[T]) -> AsyncIterator[T]:
        """Iterate over ``items``, which belong to the page's loop."""

        async def following() -> T:
            return await anext(items, _END)

        while (item := await self.run(following())) is not _END:
            yield item
