"""The order of the checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from avito_scrapy.config import Config
from avito_scrapy.doctor.api import api_checks
from avito_scrapy.doctor.browser import browser_checks
from avito_scrapy.doctor.finding import Finding
from avito_scrapy.doctor.local import data_folder, disk_space, store, time_zone
from avito_scrapy.errors import UsageError
from avito_scrapy.runlock import RunLock


def examine(settings: Mapping[str, Any]) -> Iterator[Finding]:
    """Every check, as it is done; what an earlier fault forbids is left out.

    Args:
        settings: Scrapy's settings.
    """
    try:
        config = Config.from_settings(settings)
    except UsageError as problem:
        yield Finding("fault", "settings", "settings_bad", {"problem": problem})
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
    except UsageError as problem:
        yield Finding("note", "folder", "folder_held", {"problem": problem})
