"""The checks in their order, and those of this machine: data folder, disk, store, time zone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from avito_scrapy.closing import within
from avito_scrapy.config import Config
from avito_scrapy.doctor.api import api_checks
from avito_scrapy.doctor.browser import browser_checks
from avito_scrapy.doctor.finding import Finding
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import try_folder
from avito_scrapy.runlock import RunLock
from avito_scrapy.store import open_store
from avito_scrapy.store.migrations import known_versions

MB = 1_000_000
# A run over 20,000 chats leaves well under 100 MB; the browser's profile takes as much again.
LITTLE_MB = 1000
TOO_LITTLE_MB = 100
# A large SQLite file is read from end to end.
STORE_DEADLINE_S = 120.0


def examine(read_config: Callable[[], Config]) -> Iterator[Finding]:
    """Run the checks and give each finding as it is made; a fault leaves out what needs it.

    Args:
        read_config: reads and checks the settings.
    """
    try:
        config = read_config()
    except UsageError as error:
        yield Finding("fault", "settings", "settings_bad", {"problem": error})
        return
    yield Finding("ok", "settings", "settings_ok")
    yield time_zone(config)
    yield from api_checks(config)
    yield disk_space(config.data_dir)
    yield (folder := data_folder(config))
    if folder.level == "fault":
        return
    try:
        # A run holds store and profile: two browsers in one profile damage it.
        with RunLock(config.private_dir, "doctor"):
            yield store(config)
            yield from browser_checks(config)
    except UsageError as error:
        yield Finding("note", "folder", "folder_held", {"problem": error})


def data_folder(config: Config) -> Finding:
    """Can it be written? Makes it when it is not there, as a run would."""
    folder = config.data_dir
    try:
        try_folder(folder)
    except OSError as error:
        values = {"path": folder, "problem": describe(error)}
        return Finding("fault", "folder", "folder_bad", values)
    return Finding("ok", "folder", "folder_ok", {"path": folder})


def disk_space(folder: Path) -> Finding:
    """How much is free where ``folder`` is (or will be)."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free // MB
    if free >= LITTLE_MB:
        return Finding("ok", "disk", "disk_ok", {"free": free})
    values = {"free": free, "need": LITTLE_MB}
    return Finding("note" if free >= TOO_LITTLE_MB else "fault", "disk", "disk_low", values)


def store(config: Config) -> Finding:
    """Does it open, and which version has it? Brings it up to date, as a run would."""

    def look() -> int:
        with open_store(config.store_url) as opened:
            opened.database.check()
            return opened.outcomes.unreadable()

    try:
        unreadable = asyncio.run(within(STORE_DEADLINE_S, look))
    except (UsageError, TimeoutError) as error:
        return Finding("fault", "store", "store_bad", {"problem": error})
    # The query may hold a password too.
    shown = make_url(config.store_url).set(query={}).render_as_string(hide_password=True)
    values = {"url": shown, "version": max(known_versions())}
    if unreadable:
        return Finding("note", "store", "store_unreadable", {**values, "count": unreadable})
    return Finding("ok", "store", "store_ok", values)


def time_zone(config: Config) -> Finding:
    """Which time is it where the chats' times are read?"""
    now = datetime.now(config.tz).strftime("%Y-%m-%d %H:%M")
    return Finding("ok", "time_zone", "time_zone_ok", {"zone": config.tz.key, "now": now})
