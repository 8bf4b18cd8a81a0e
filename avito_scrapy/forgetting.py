"""Takes people out of everything in the data folder: files, store, workbook."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from avito_scrapy.avito.errors import UsageProblem
from avito_scrapy.config import Config
from avito_scrapy.items import ChatResume
from avito_scrapy.jsonlines import objects, rewrite_without
from avito_scrapy.report import ensure_closed, read_notes, write_workbook
from avito_scrapy.selection import Selection
from avito_scrapy.store import Store
from avito_scrapy.workbook import options_for, remembered_stoplist

CHATS, RESUMES, WORKBOOK = "chats.jl", "resumes.jl", "resumes.xlsx"
# The resumes last: they say which chats are a person's, should this be cut short.
FILES = (CHATS, "chats.partial.jl", "resumes.partial.jl", RESUMES)
_FIELDS = {f.name for f in fields(ChatResume)}


def forget(config: Config, store: Store, selection: Selection) -> list[str]:
    """Remove whom ``selection`` names; the caller holds the data folder.

    May be cut short at any moment and run again.

    Returns:
        What was done, a line each, counts only.

    Raises:
        UsageProblem: the workbook is open or damaged (nothing was removed then), or something
            cannot be written.
    """
    try:
        return _forget(config, store, selection)
    except (OSError, sqlite3.Error) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise UsageProblem(
            f"{config.data_dir} cannot be written ({why}): not everything is removed; run again"
        ) from None


def _forget(config: Config, store: Store, selection: Selection) -> list[str]:
    folder = config.data_dir
    account = _account(store, folder / RESUMES)
    aside = sorted(folder.glob("resumes.previous-*.xlsx"), key=lambda path: path.stat().st_mtime)
    _take_notes(store, account, folder / WORKBOOK, aside)
    chats = selection.chats(store, [folder / name for name in FILES])
    lines = []
    for name in FILES:
        removed = rewrite_without(folder / name, chats, selection.words)
        if removed:
            lines.append(f"{name}: lines removed: {removed}")
    gone = store.people.forget(chats, selection.phone, selection.before)
    for count, what in (
        (gone.chats, "chats removed"),
        (gone.notes, "notes of the recruiter removed"),
        (gone.purchases, "purchases that no longer say whose contacts they were"),
    ):
        if count:
            lines.append(f"store: {what}: {count}")
    lines = lines or ["nothing was found"]
    leftovers = [*aside, folder / "resumes.partial.xlsx", *config.private_dir.glob("*journal*")]
    for path in leftovers:
        if path.exists():
            path.unlink()
            lines.append(f"{path.name}: deleted, it was left by an earlier run")
    if (folder / WORKBOOK).exists():
        lines.append(_write_workbook(config, store, account))
    return lines


def _account(store: Store, resumes: Path) -> int | None:
    """Whose folder it is: a store may serve several."""
    account = store.people.account_of({line["chat_id"] for line in objects(resumes)})
    run = store.runs.last("resumes")
    while account is None and run is not None:
        account = run.account_id
        run = store.runs.last("resumes", before=run.id)
    return account


def _take_notes(store: Store, account: int | None, workbook: Path, aside: list[Path]) -> None:
    """Bring what the recruiter typed into the store before the workbooks go."""
    paths = [path for path in (*aside, workbook) if path.exists()]
    written = workbook.stat().st_mtime if workbook.exists() else 0.0
    for path in paths:
        try:
            ensure_closed(path)
            notes = read_notes(path)
        except UsageProblem as problem:
            raise UsageProblem(
                f"{problem}: close it, or move it away, and run again; nothing was removed"
            ) from None
        if account is not None and path.stat().st_mtime >= written:
            store.notes.put_many(account, notes)


def _write_workbook(config: Config, store: Store, account: int | None) -> str:
    path = config.data_dir / RESUMES
    known = sum(1 for _ in objects(path))

    def records() -> Iterator[ChatResume]:
        for line in objects(path):
            stored = None if account is None else store.outcomes.get(account, line["chat_id"])
            yield stored or _from_line(line)

    if not known:
        (config.data_dir / WORKBOOK).unlink()
        return f"{WORKBOOK}: deleted, nobody is left in it"
    options = replace(options_for(config, remembered_stoplist(config)), inputs=known)
    notes = {} if account is None else store.notes.get_all(account)
    summary = write_workbook(config.data_dir / WORKBOOK, records, options, notes)
    return f"{WORKBOOK}: written again, people in it: {summary.people}"


def _from_line(line: dict[str, Any]) -> ChatResume:
    return ChatResume(**{name: value for name, value in line.items() if name in _FIELDS})
