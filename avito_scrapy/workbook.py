"""The workbook between two runs: what the recruiter wrote is taken over, nothing is overwritten.

Joins store and report for those who write a workbook: the pipeline and ``scrapy report``.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone, tzinfo
from pathlib import Path

from avito_scrapy.avito.notes import Note
from avito_scrapy.config import Config
from avito_scrapy.files import write_private
from avito_scrapy.items import ChatResume
from avito_scrapy.report import (
    PreviousDamaged,
    PreviousOpen,
    ReportOptions,
    ReportSummary,
    begun_at,
    ensure_closed,
    ensure_unchanged,
    read_notes,
    state,
    write_workbook,
)
from avito_scrapy.report.texts import Lang
from avito_scrapy.store import Store
from avito_scrapy.store.record_source import RecordSource

_ASIDE = "previous-"
_UNCLEAR = "unclear"


@dataclass(frozen=True)
class Written:
    """Where the workbook went.

    Attributes:
        aside: why not where it was to go, else None.
        unclear: rows of earlier workbooks whose notes were given to nobody, a line a workbook.
    """

    path: Path
    summary: ReportSummary
    aside: str | None
    unclear: tuple[str, ...] = ()


def draft_of(target: Path) -> Path:
    """Where the workbook that is to become ``target`` at once is written. Not where a run writes
    its own, which may stay there."""
    return target.with_name(f"{target.stem}.draft.xlsx")


def renew(
    store: Store,
    source: RecordSource,
    options: ReportOptions,
    *,
    replaces: Path,
    draft: Path,
    also: Path | None = None,
) -> Written:
    """Write the workbook of ``source``, with the notes that the previous one holds, to ``draft``;
    ``put_in_place`` gives it its name.

    What the recruiter changed in ``replaces`` (and in files that were put aside since it was
    written) goes into the store first. When ``replaces`` is open elsewhere or damaged, it must not
    be replaced: the new one gets a name that says so.

    Args:
        replaces: the workbook that the new one is to replace; need not be there.
        draft: where to write it, in the same folder.
        also: another workbook to read notes from.

    Raises:
        OSError: the file cannot be written.
        StoreProblem: the store cannot be read or written.
    """
    aside: str | None = None
    target = draft
    options = replace(options, inputs=source.inputs, basis=state(replaces))
    now = options.now.astimezone(options.tz)
    changed: dict[str, Note] = {}
    unclear: list[str] = []
    for path in [*_put_aside(also or replaces), *([also] if also else []), replaces]:
        if not path.exists():
            continue
        try:
            read = read_notes(path, lambda: everything_known(store, source))
            changed.update(read.notes)
            if read.unclear:
                kept = keep_beside(path, options.tz) if path == replaces else path
                unclear.append(f"{path.name}: {read.describe()}; kept in {kept.name}")
            ensure_closed(path)
        except (PreviousOpen, PreviousDamaged) as problem:
            if path == replaces:
                target, aside = _beside(replaces, problem, now), str(problem)
    if source.account_id is not None and changed:
        store.notes.put_many(source.account_id, changed)
    notes = {} if source.account_id is None else store.notes.get_all(source.account_id)
    summary = write_workbook(target, source.records, options, notes)
    return Written(target, summary, aside, tuple(unclear))


def everything_known(store: Store, source: RecordSource) -> Iterator[ChatResume]:
    """All records of the account, those of other runs too: a workbook may be older than a run."""
    if source.account_id is not None:
        yield from store.outcomes.of_account(source.account_id)
    yield from source.records()


def keep_beside(path: Path, tz: tzinfo) -> Path:
    """Copy the workbook ``path``, for the owner only, to a name that tells when it was saved."""
    saved = datetime.fromtimestamp(path.stat().st_mtime, tz)
    kept = path.with_name(f"{path.stem}.{_ASIDE}{_UNCLEAR}.{saved:%Y%m%d-%H%M%S}.xlsx")
    shutil.copy2(path, kept)
    kept.chmod(0o600)
    return kept


def put_in_place(draft: Path, target: Path, now: datetime) -> tuple[Path, str | None]:
    """Give the workbook ``draft`` the name ``target``, unless somebody has opened or saved that
    since its notes were read: what was typed there must not be lost.

    Args:
        now: for the other name, in the zone that names are given in.

    Returns:
        where it went, and why not where it was to go.

    Raises:
        OSError: it cannot be renamed.
    """
    try:
        ensure_unchanged(target, draft)
    except PreviousOpen as problem:
        beside = _beside(target, problem, now)
        os.replace(draft, beside)
        return beside, str(problem)
    os.replace(draft, target)
    return target, None


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
    write_private(config.private_dir / "report.json", text)


def remembered_stoplist(config: Config) -> Path | None:
    """The stop lists of the last run; None when it had none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads((config.private_dir / "report.json").read_text(encoding="utf-8"))
        return Path(known["stoplist"]) if known["stoplist"] else None
    return None


def _put_aside(previous: Path) -> Iterable[Path]:
    """Workbooks put aside and changed since ``previous`` was begun, the oldest first.

    Not those that were kept for their unclear rows: what could be read of them has been.
    """
    begun = begun_at(previous)
    found = [
        (path.stat().st_mtime, path)
        for path in previous.parent.glob("*.xlsx")
        if path.name.startswith(f"{previous.stem}.{_ASIDE}")
        and not path.name.startswith(f"{previous.stem}.{_ASIDE}{_UNCLEAR}")
    ]
    return [path for when, path in sorted(found) if int(when) >= begun]


def _beside(previous: Path, problem: PreviousOpen | PreviousDamaged, now: datetime) -> Path:
    kind = "open" if isinstance(problem, PreviousOpen) else "damaged"
    return previous.with_name(f"{previous.stem}.{_ASIDE}{kind}.{now:%Y%m%d-%H%M%S}.xlsx")
