"""Removes people, on their request or after a time, from files, store and workbook."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from avito_scrapy.accounts import owner_of
from avito_scrapy.avito import chat_ids, phones
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError, describe
from avito_scrapy.files import chat_lines, remove_chats
from avito_scrapy.report import PreviousOpen, state
from avito_scrapy.report.book import remove
from avito_scrapy.report.carry_over import CarriedOver
from avito_scrapy.report.replace import draft_of, everything_known, take_notes, write_again
from avito_scrapy.store import Store
from avito_scrapy.store.notes import UNSAVED_FILE
from avito_scrapy.store.record_source import RecordSource, records_of_folder
from avito_scrapy.times import iso_to_seconds
from avito_scrapy.workbook import options_for, remembered_stoplist

CHATS, RESUMES, WORKBOOK = "chats.jl", "resumes.jl", "resumes.xlsx"
_DAYS = re.compile(r"([1-9]\d{0,4})d", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """One of: a chat, the person with a phone (E.164), everybody silent since ``before``."""

    chat_id: str | None = None
    phone: str | None = None
    before: float | None = None

    @classmethod
    def parse(cls, older_than: str | None, chat: str | None, person: str | None) -> Selection:
        """Check what was typed.

        Raises:
            UsageError: not exactly one of the three, or not of its kind; never repeats it.
        """
        if sum(text is not None for text in (older_than, chat, person)) != 1:
            raise UsageError("say one of --older-than 180d, --chat ID, --person PHONE")
        if chat is not None:
            if chat_ids.parse(chat) is None:
                raise UsageError("--chat must be a chat id as in chats.jl, like u2i-...")
            return cls(chat_id=chat)
        if person is not None:
            phone = phones.normalise(person)
            if phone is None:
                raise UsageError("--person must be a phone number like +7 9XX XXX-XX-XX")
            return cls(phone=phone)
        days = _DAYS.fullmatch(older_than or "")
        if days is None:
            raise UsageError("--older-than must be a number of days, like 180d")
        now = datetime.now(timezone.utc)
        return cls(before=(now - timedelta(days=int(days[1]))).timestamp())

    @property
    def words(self) -> Collection[str]:
        """What gives the person away in a line that cannot be read."""
        return [self.phone] if self.phone else []

    def chats(self, store: Store, files: Sequence[Path]) -> set[str]:
        """The ids of their chats, from the store and from ``files`` (.jl)."""
        if self.chat_id is not None:
            return {self.chat_id}
        if self.phone is not None:
            return _of_phone(self.phone, store, files)
        assert self.before is not None
        return set(_older(self.before, store, files))


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
        raise UsageError(
            f"{config.data_dir} cannot be written ({describe(error)}): "
            "not everything is removed; run again"
        ) from None


def _forget(config: Config, store: Store, selection: Selection) -> list[str]:
    folder = config.data_dir
    unsaved = config.private_dir / UNSAVED_FILE
    if unsaved.exists():
        raise UsageError(
            f"{unsaved} holds notes that are not in the store yet: open `scrapy dashboard` once, "
            "which saves them, or delete the file, and run again; nothing was removed"
        )
    source = _records(config, store)
    stoplist = remembered_stoplist(config)
    basis = state(folder / WORKBOOK)
    aside, added = take_notes(store, source, folder / WORKBOOK)
    # The resumes last: they say which chats are a person's, should this be cut short.
    partials = sorted(folder.glob("*.partial*.jl"))
    files = [folder / CHATS, *partials, folder / RESUMES]
    chats = selection.chats(store, files)
    dropped = added.drop(_traces(store, source, chats, selection)) if added.sheets else 0
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
            remove(path)
            lines.append(f"{path.name}: deleted, it was left by an earlier run")
    if (folder / WORKBOOK).exists():
        lines.append(_write_workbook(config, store, basis, stoplist, added))
        carried = added.describe("gone with the replaced workbook")
        lines += [carried] if carried else []
    if added.sheets:
        lines.append(
            f"your own sheets: rows removed that name who was forgotten: {dropped}; look through"
            " them, and through your own columns, for what names them otherwise"
        )
    return lines


def _traces(
    store: Store, source: RecordSource | None, chats: Collection[str], selection: Selection
) -> set[str]:
    """Phones, names and ids that give away the people of ``chats``, and nobody else."""
    gone, left = set(selection.words), set[str]()
    for one in everything_known(store, source) if source else ():
        traces = gone if one.chat_id in chats else left
        traces.update(filter(None, (one.chat_id, one.resume_id, one.phone)))
        if one.full_name and " " in one.full_name.strip():  # one word alone may be anybody's
            traces.add(one.full_name)
    return gone - left


def _records(config: Config, store: Store) -> RecordSource | None:
    return records_of_folder(
        store,
        config.data_dir / RESUMES,
        owner_of(config.private_dir),
        shared=not config.has_own_store,
    )


def _write_workbook(
    config: Config, store: Store, basis: str, stoplist: Path | None, added: CarriedOver
) -> str:
    path = config.data_dir / WORKBOOK
    source = _records(config, store)
    if source is None:
        path.unlink()
        return f"{WORKBOOK}: deleted, nobody is left in it"
    options = options_for(config, stoplist)
    try:
        summary = write_again(store, source, options, path, basis, added)
    except PreviousOpen as problem:
        raise UsageError(f"{problem}: not everything is removed; run again") from None
    return f"{WORKBOOK}: written again, people in it: {summary.people}"


def _of_phone(phone: str, store: Store, files: Sequence[Path]) -> set[str]:
    chats, resumes = store.people.of_phone(phone)
    known = [
        (line["chat_id"], str(line.get("resume_id") or ""), line.get("phone"))
        for path in files
        for line in chat_lines(path)
    ]
    resumes |= {resume for _, resume, theirs in known if resume and theirs == phone}
    return chats | {chat for chat, resume, theirs in known if theirs == phone or resume in resumes}


def _older(before: float, store: Store, files: Sequence[Path]) -> Iterator[str]:
    """Chats whose last message, or else what else is known of them, was ``before``.

    The newest word on a chat counts: a file may know of a message that the store does not.
    """
    messages: dict[str, float] = {}
    seen: dict[str, float] = {}

    def note(known: dict[str, float], chat: str, when: float | None) -> None:
        if when is not None:
            known[chat] = max(when, known.get(chat, when))

    for chat, message, fetched in store.people.last_seen():
        note(messages, chat, message)
        note(seen, chat, fetched)
    for path in files:
        for line in chat_lines(path):
            note(messages, line["chat_id"], iso_to_seconds(line.get("last_message_at")))
            for name in ("fetched_at", "collected_at"):
                note(seen, line["chat_id"], iso_to_seconds(line.get(name)))
    return (chat for chat, when in {**seen, **messages}.items() if when < before)
