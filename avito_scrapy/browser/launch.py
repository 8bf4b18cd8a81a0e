"""Which browser is started, and how."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from avito_scrapy.errors import UsageError

ON_PATH = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# Nothing but the page speaks to the network; the rest is noise on a machine without one.
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Taller than a laptop's: fewer steps down a list; still a size that windows have.
_VIEWPORT = {"width": 1280, "height": 1100}


def find_browser(wanted: Path | None) -> Path:
    """The Chromium to start.

    Args:
        wanted: AVITO_BROWSER, an executable; None: Playwright's own, else one on PATH.

    Raises:
        UsageError: there is none; says what to do.
    """
    if wanted is not None:
        found = shutil.which(wanted)
        if found is None:
            raise UsageError(
                f"AVITO_BROWSER: {wanted} is not an executable; name a Chromium or leave it empty"
            )
        return Path(found)
    own = _playwrights_own()
    if own is not None:
        return own
    for name in ON_PATH:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise UsageError(
        "no browser: run `playwright install chromium`, install your system's Chromium, "
        "or set AVITO_BROWSER to one"
    )


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


def context_options(browser: Path, profile: Path, *, headless: bool, zone: str) -> dict[str, Any]:
    """What Playwright's ``launch_persistent_context`` takes.

    Args:
        browser: the executable.
        profile: the folder in which the session lives.
        headless: without a window.
        zone: the zone in which the page shows its times (AVITO_TZ), so that they can be read.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {
        "user_data_dir": str(profile),
        "executable_path": str(browser),
        "headless": headless,
        # As root Chromium does not start with its sandbox.
        "args": [*_ARGUMENTS, *(["--no-sandbox"] if root else [])],
        "locale": "ru-RU",
        "timezone_id": zone,
        "viewport": _VIEWPORT,
        # Their requests pass by the guard.
        "service_workers": "block",
        # Ctrl-C is for the spider, which then closes the browser.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def prepare_profile(profile: Path) -> None:
    """Make the profile's folder, for the owner only, and switch off preloading in it.

    Preloading fetches pages before anybody asks for them, out of the guard's reach: with it, a
    page could have a chat opened by naming it in its speculation rules.

    Raises:
        UsageError: the folder cannot be written.
    """
    preferences = profile / "Default" / "Preferences"
    try:
        profile.mkdir(mode=0o700, parents=True, exist_ok=True)
        preferences.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            kept = json.loads(preferences.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            kept = {}
        kept = kept if isinstance(kept, dict) else {}
        kept["net"] = {**(kept.get("net") or {}), "network_prediction_options": 2}
        fresh = preferences.with_name("Preferences.new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        os.replace(fresh, preferences)
    except OSError as error:
        raise UsageError(
            f"AVITO_PROFILE_DIR: {profile} cannot be written ({error.strerror})"
        ) from None
