"""Takes people out of everything in the data folder: files, store, workbook."""

from __future__ import annotations

import sqlite3

from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.files import remove_chats
from avito_scrapy.report import PreviousOpen, state
from avito_scrapy.report.replace import draft_of, take_notes, write_again
from avito_scrapy.selection import Selection
from avito_scrapy.store import Store
from avito_scrapy.store.record_source import records_of_folder
from avito_scrapy.workbook import options_for, remembered_stoplist

CHATS, RESUMES, WORKBOOK = "chats.jl", "resumes.jl", "resumes.xlsx"


def forget(config: Config, store: Store, selection: Selection) -> list[str]:
    """Remove whom ``selection`` names; the caller holds the data folder.

    May be cut short at any moment and run again.

    Returns:
        What was done, a line each, counts only.

    Raises:
        UsageError: the workbook is open or damaged (nothing was removed then), or something
            cannot be written.
    """
    try:
        return _forget(config, store, selection)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise UsageError(
            f"{config.data_dir} cannot be written ({why}): not everything is removed; run again"
        ) from None


def _forget(config: Config, store: Store, selection: Selection) -> list[str]:
    folder = config.data_dir
    source = records_of_folder(store, folder / RESUMES)
    basis = state(folder / WORKBOOK)
    aside = take_notes(store, source, folder / WORKBOOK)
    # The resumes last: they say which chats are a person's, should this be cut short.
    partials = sorted(folder.glob("*.partial*.jl"))
    files = [folder / CHATS, *partials, folder / RESUMES]
    chats = selection.chats(store, files)
    lines = []
    for path in files:
        removed = remove_chats(path, chats, selection.words)
        if removed:
            lines.append(f"{path.name}: lines removed: {removed}")
    gone = store.people.forget(chats, selection.phone, selection.before)
    for count, what in (
        (gone.chats, "chats removed"),
        (gone.notes, "notes of the recruiter removed"),
        (gone.purchases, "purchases that no longer say whose contacts they were"),
    ):
        if count:
            lines.append(f"store: {what}: {count}")
    lines = lines or ["nothing was found"]
    # A picture of a refusal may show the list behind it.
    leftovers = [*aside, *sorted(folder.glob("resumes.partial*.xlsx")), draft_of(folder / WORKBOOK),
                 *folder.glob(".resumes.*.tmp"), *folder.glob("blocked-*.png"),
                 *config.private_dir.glob("*journal*")]  # fmt: skip
    for path in leftovers:
        if path.exists():
            path.unlink()
            lines.append(f"{path.name}: deleted, it was left by an earlier run")
    if (folder / WORKBOOK).exists():
        lines.append(_write_workbook(config, store, basis))
    return lines


def _write_workbook(config: Config, store: Store, basis: str) -> str:
    path = config.data_dir / WORKBOOK
    source = records_of_folder(store, config.data_dir / RESUMES)
    if source is None:
        path.unlink()
        return f"{WORKBOOK}: deleted, nobody is left in it"
    options = options_for(config, remembered_stoplist(config))
    try:
        summary = write_again(store, source, options, path, basis)
    except PreviousOpen as problem:
        raise UsageError(f"{problem}: not everything is removed; run again") from None
    return f"{WORKBOOK}: written again, people in it: {summary.people}"
