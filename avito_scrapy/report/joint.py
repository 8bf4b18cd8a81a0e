"""One workbook for several accounts: their people joined, the recruiter's notes given back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from avito_scrapy.avito import chat_ids
from avito_scrapy.errors import UsageError
from avito_scrapy.items import ChatResume
from avito_scrapy.report.options import ReportOptions
from avito_scrapy.report.people import unique
from avito_scrapy.report.previous import PreviousDamaged, state
from avito_scrapy.report.previous_workbook import read_notes
from avito_scrapy.report.records import account_key, of_account
from avito_scrapy.report.recruiter_notes import RecruiterNotes, keep_notes
from avito_scrapy.report.replace import Written, everything_known, read_back
from avito_scrapy.report.writer import write_workbook
from avito_scrapy.store import Store, StoreProblem
from avito_scrapy.store.notes import Notes
from avito_scrapy.store.record_source import RecordSource

Stored = TypeVar("Stored")


@dataclass(frozen=True)
class AccountSource:
    """An account whose store could be opened.

    Attributes:
        label: its name and Avito's number, for people to read.
        workbook: its own one, which may hold notes that are not in the store yet.
        shown: whether it was asked for; notes are given back to the others as well.
    """

    name: str
    label: str
    store: Store
    source: RecordSource
    workbook: Path
    shown: bool


class AccountUnreadable(Exception):
    """The store of an account could not be used."""


@contextmanager
def _using(account: AccountSource, failed: dict[str, str]) -> Iterator[None]:
    """Note in ``failed`` why the account's store cannot be used, and raise AccountUnreadable."""
    try:
        yield
    except StoreProblem as problem:
        failed[account.name] = str(problem)
        raise AccountUnreadable from None


def renew_joint(
    accounts: Sequence[AccountSource],
    unread: Mapping[str, str],
    options: ReportOptions,
    *,
    replaces: Path,
    draft: Path,
) -> tuple[Written, dict[str, str]]:
    """Write the workbook of ``accounts`` to ``draft``, as ``replace.renew`` does for one.

    What the recruiter changed in ``replaces`` goes into the store of every account that the person
    has a chat in. A workbook with a note that could not be given to all of them is kept beside.

    Args:
        unread: accounts that could not be opened, and why.

    Returns:
        what was written, and the accounts that are not in it, with the reason.

    Raises:
        OSError: the file cannot be written.
        UsageError: no account could be read.
    """
    failed = dict(unread)
    options = replace(options, joint=True, basis=state(replaces))
    for account in accounts:
        _take_own(account, failed)

    def take(read: RecruiterNotes, copy: bool) -> str | None:
        left = _give_back(accounts, read, failed, copy=copy)
        return f"notes that not every account could be given: {left}" if left else None

    back = read_back(replaces, draft, options.tz, lambda: _known(accounts), take)
    while True:
        there = [one for one in accounts if one.shown and one.name not in failed]
        if not there:
            raise UsageError("no account could be read: " + "; ".join(failed.values()))
        with suppress(AccountUnreadable):
            notes = _stored(there, failed, Notes.get_all)
            history = _stored(there, failed, Notes.histories)
            given, records = _options(options, there, failed), partial(_records, there, failed)
            summary = write_workbook(back.path, records, given, notes, history, back.added)
            return back.written(summary), failed


def _options(
    options: ReportOptions, there: Sequence[AccountSource], failed: Mapping[str, str]
) -> ReportOptions:
    inputs = [one.source.inputs for one in there]
    known = [count for count in inputs if count is not None]
    return replace(
        options,
        account=", ".join(one.label for one in there),
        unread=sorted(failed),
        inputs=sum(known) if len(known) == len(inputs) else None,
    )


def _records(there: Sequence[AccountSource], failed: dict[str, str]) -> Iterator[ChatResume]:
    for account in there:
        with _using(account, failed):
            for record in account.source.records():
                yield of_account(record, account.name)


def _stored(
    there: Sequence[AccountSource],
    failed: dict[str, str],
    get: Callable[[Notes, int], Mapping[str, Stored]],
) -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    for account in there:
        if account.source.account_id is not None:
            with _using(account, failed):
                known = get(account.store.notes, account.source.account_id)
            found |= {account_key(account.name, key): stored for key, stored in known.items()}
    return found


def _known(accounts: Sequence[AccountSource]) -> Iterator[ChatResume]:
    for account in accounts:
        yield from everything_known(account.store, account.source)


def _take_own(account: AccountSource, failed: dict[str, str]) -> None:
    """Take what was typed into the account's own workbook; what is unclear there its next run
    tells."""
    number = account.source.account_id
    if number is None or not account.workbook.exists():
        return
    with suppress(PreviousDamaged, AccountUnreadable), _using(account, failed):
        read = read_notes(account.workbook, lambda: everything_known(account.store, account.source))
        keep_notes(account.store, number, read, copy=False)


def _give_back(
    accounts: Sequence[AccountSource], read: RecruiterNotes, failed: dict[str, str], *, copy: bool
) -> int:
    """Put the notes of ``read``, by hidden key, into the accounts' stores.

    Returns:
        the number of rows with a chat that no account has taken.
    """
    left = [{line for line in edit.keys if chat_ids.parse(line) is not None} for edit in read.edits]
    wanted = set().union(*left)
    for account in accounts if read.edits else ():
        number = account.source.account_id
        if number is None or account.name in failed:
            continue
        with suppress(AccountUnreadable), _using(account, failed):
            own = _OwnKeys(account, wanted)
            edits = [replace(edit, keys=own.of(edit.keys)) for edit in read.edits]
            own_edits = [edit for edit in edits if edit.keys]
            keep_notes(account.store, number, replace(read, edits=own_edits), copy=copy)
            for chats in left:
                chats.difference_update(own.records)
    return sum(bool(chats) for chats in left)


class _OwnKeys:
    """What an account knows a person by: it may lack the phone that another account has.

    Args:
        wanted: the ids of the chats that are asked for.
    """

    def __init__(self, account: AccountSource, wanted: set[str]) -> None:
        self.records: dict[str, ChatResume] = {}
        self._chats: dict[str, set[str]] = defaultdict(set)
        for record in everything_known(account.store, account.source):
            if record.phone:
                self._chats[record.phone].add(record.chat_id)
            if record.chat_id in wanted:
                self.records[record.chat_id] = record

    def of(self, lines: Sequence[str]) -> list[str]:
        """The person's keys in this account, today's first; none when it does not know them."""
        chats = [line for line in lines if line in self.records]
        records = [self.records[chat] for chat in chats]
        # A phone that the joint workbook shows as shared may here be the person's alone.
        phones = [
            phone
            for phone in unique(record.phone for record in records)
            if phone in lines or self._chats[phone] <= set(chats)
        ]
        return [*phones, *unique(record.resume_id for record in records), *chats]
