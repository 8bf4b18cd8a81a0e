"""A picture of what the browser shows, for the person who has to look into it."""

from __future__ import annotations

import logging
import os
from datetime import datetime, timezone
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page

logger = logging.getLogger(__name__)


async def keep_screenshot(page: Page, folder: Path, name: str) -> Path | None:
    """Save what ``page`` shows as ``NAME-<UTC time>.png`` in ``folder``, for the owner only.

    Returns:
        The file, or None when no picture could be taken or written.
    """
    when = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    path = folder / f"{name}-{when}.png"
    try:
        picture = await page.screenshot(timeout=20_000)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(picture)
    except (PlaywrightError, OSError) as error:
        logger.warning("No screenshot: %s", type(error).__name__)
        return None
    return path
