"""The workbook between two runs: what the recruiter wrote is taken over, nothing is overwritten.

Joins store and report for those who write a workbook: the pipeline and ``scrapy report``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path

from avito_scrapy.avito.notes import Note
from avito_scrapy.config import Config
from avito_scrapy.report import (
    PreviousDamaged,
    PreviousOpen,
    ReportOptions,
    ReportSummary,
    ensure_closed,
    read_notes,
    write_workbook,
    written_at,
)
from avito_scrapy.report.texts import Lang
from avito_scrapy.shelf import Shelf
from avito_scrapy.store import Store

_ASIDE = "previous-"


@dataclass(frozen=True)
class Written:
    """Where the workbook went; ``aside`` tells why not where it was to go, else None."""

    path: Path
    summary: ReportSummary
    aside: str | None


def renew(
    store: Store,
    shelf: Shelf,
    options: ReportOptions,
    *,
    replaces: Path,
    target: Path,
    also: Path | None = None,
) -> Written:
    """Write the workbook of ``shelf``, with the notes that the previous one holds.

    What the recruiter changed in ``replaces`` (and in files that were put aside since it was
    written) goes into the store first. When ``replaces`` is open elsewhere or damaged, it must not
    be replaced: the new one goes beside it, under a name that says so.

    Args:
        replaces: the workbook that the new one replaces, now or later; need not be there.
        target: where to write: ``replaces`` itself, or what will be renamed to it.
        also: another workbook to read notes from.

    Raises:
        OSError: the file cannot be written.
        StoreProblem: the store cannot be read or written.
    """
    aside: str | None = None
    kind = ""
    changed: dict[str, Note] = {}
    sources = [*_put_aside(also or replaces), *([also] if also else []), replaces]
    for path in sources:
        if not path.exists():
            continue
        try:
            changed.update(read_notes(path))
            ensure_closed(path)
        except (PreviousOpen, PreviousDamaged) as problem:
            if path == replaces:
                kind = "open" if isinstance(problem, PreviousOpen) else "damaged"
                aside = str(problem)
    if shelf.account_id is not None and changed:
        store.notes.put_many(shelf.account_id, changed)
    notes = {} if shelf.account_id is None else store.notes.get_all(shelf.account_id)
    if aside is not None:
        stamp = f"{options.now.astimezone(options.tz):%Y%m%d-%H%M%S}"
        target = replaces.with_name(f"{replaces.stem}.{_ASIDE}{kind}.{stamp}.xlsx")
    options = replace(options, inputs=shelf.inputs)
    summary = write_workbook(target, shelf.records, options, notes)
    return Written(target, summary, aside)


def options_for(config: Config, stoplist: Path | None, lang: Lang = "ru") -> ReportOptions:
    """How to write the workbook of this account's data folder, as of now."""
    return ReportOptions(
        tz=config.tz,
        now=datetime.now(timezone.utc),
        lang=lang,
        stoplist=stoplist and stoplist.expanduser(),
        web_url=config.web_url,
    )


def remember_stoplist(config: Config, stoplist: Path | None) -> None:
    """Keep which stop lists a run was given: a workbook written later must not lack them."""
    text = json.dumps({"stoplist": stoplist and str(stoplist.expanduser().absolute())})
    (config.private_dir / "report.json").write_text(text, encoding="utf-8")


def remembered_stoplist(config: Config) -> Path | None:
    """The stop lists of the last run; None when it had none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads((config.private_dir / "report.json").read_text(encoding="utf-8"))
        return Path(known["stoplist"]) if known["stoplist"] else None
    return None


def _put_aside(previous: Path) -> Iterable[Path]:
    """Workbooks put aside and changed after ``previous`` was written, the oldest first."""
    written = written_at(previous)
    found = [(path.stat().st_mtime, path) for path in previous.parent.glob("*.xlsx")
             if path.name.startswith(f"{previous.stem}.{_ASIDE}")]  # fmt: skip
    return [path for when, path in sorted(found) if when > written]
