"""What a workbook is written with, by the settings and the stop lists of the last run."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.files import read_json, write_private
from avito_scrapy.report import ReportOptions
from avito_scrapy.report.texts import Lang


def options_for(config: Config, stoplist: Path | None, lang: Lang = "ru") -> ReportOptions:
    """How to write the workbook of this account's data folder, as of now."""
    return ReportOptions(
        tz=config.tz,
        now=datetime.now(timezone.utc),
        lang=lang,
        stoplist=stoplist and stoplist.expanduser(),
        web_url=config.web_url,
        account=config.label(),
    )


def remember_stoplist(config: Config, stoplist: Path | None) -> None:
    """Keep which stop lists a run was given: a workbook written later must not lack them."""
    text = json.dumps({"stoplist": stoplist and str(stoplist.expanduser().absolute())})
    write_private(config.private_dir / "report.json", text)


def remembered_stoplist(config: Config) -> Path | None:
    """The stop lists of the last run; None when it had none.

    Raises:
        UsageError: which they were cannot be read: without them, people would be called who must
            not be.
    """
    path = config.private_dir / "report.json"
    if not path.exists():
        return None
    try:
        known = read_json(path)["stoplist"]
        return Path(known) if known else None
    except (UsageError, KeyError, TypeError):
        raise UsageError(
            f"{path} does not tell the stop lists of the last run: delete it, "
            "and name them with `scrapy report --stoplist`"
        ) from None
