"""The records that a workbook is made of: those of a run, or those of the data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from avito_scrapy.files import chat_ids, chat_lines
from avito_scrapy.items import ChatResume
from avito_scrapy.store import Run, Store
from avito_scrapy.store.outcomes import to_record

_AT_ONCE = 500


@dataclass(frozen=True)
class RecordSource:
    """Records, how many there must be, and whose they are.

    Attributes:
        account_id: the account; None when the store knows nothing of it.
        inputs: how many chats there must be; None when that is not known.
        records: gives them, anew at each call.
    """

    account_id: int | None
    inputs: int | None
    records: Callable[[], Iterator[ChatResume]]


def records_of_run(store: Store, run_id: int, inputs: int | None) -> RecordSource:
    """Give what one run has put into the store."""
    account = store.runs.account(run_id)
    return RecordSource(account, inputs, lambda: store.outcomes.of_run(run_id))


def account_of_file(store: Store, resumes: Path) -> int | None:
    """Give the account whose chats ``resumes`` (resumes.jl) holds; None: the store has none."""
    return store.people.account_of(chat_ids(resumes))


def records_of_folder(
    store: Store, resumes: Path, account_id: int | None = None, *, shared: bool = False
) -> RecordSource | None:
    """Give the chats of ``resumes`` (resumes.jl), each as the store knows it by now.

    A run that was killed has put some of its chats into the store and left ``resumes.jl`` as it
    was: with both, nobody is missing. Without the file, the last run's; None when there is
    nothing at all. Another machine may have run the account on a shared store since: what its last
    finished run and those after it have put there belongs to it too.

    Args:
        account_id: whose folder it is; None: nobody has written it down.
        shared: the store holds other folders' chats too, which must not be taken for these.
    """
    if account_id is None and shared:
        account_id = account_of_file(store, resumes)
        if account_id is None:
            return None
    chats = chat_ids(resumes)
    run = next((run for run in _runs(store, account_id) if run.account_id is not None), None)
    elsewhere = _lately_put(store, account_id) - chats if shared and account_id else set()
    if not chats and not elsewhere:
        if run is None or not _holds_any(store, run.id):
            return None
        return records_of_run(store, run.id, run.inputs)
    account = account_id if account_id is not None else store.people.account_of(chats)
    if account is None and run is not None:
        account = run.account_id

    def records() -> Iterator[ChatResume]:
        lines = chain(
            ((line["chat_id"], line) for line in chat_lines(resumes)),
            ((chat, None) for chat in sorted(elsewhere)),
        )
        while some := list(islice(lines, _AT_ONCE)):
            wanted = [chat for chat, _ in some]
            stored = {} if account is None else store.outcomes.get_some(account, wanted)
            for chat, line in some:
                if chat in stored:
                    yield stored[chat]
                elif line is not None:
                    yield to_record(line)

    inputs = len(chats) + len(elsewhere)
    if not chats and run is not None:
        inputs = max(inputs, run.inputs or 0)
    return RecordSource(account, inputs, records)


def _lately_put(store: Store, account_id: int) -> set[str]:
    """Chats that the account's last finished run, or one after it, has put into the store."""
    first = next((run.id for run in _runs(store, account_id) if run.reason == "finished"), 0)
    return {chat for chat, (by, _) in store.outcomes.fetched(account_id).items() if by >= first}


def _runs(store: Store, account_id: int | None) -> Iterator[Run]:
    """The resumes runs, the newest first."""
    run = store.runs.last("resumes", account_id=account_id)
    while run is not None:
        yield run
        run = store.runs.last("resumes", run.id, account_id)


def _holds_any(store: Store, run_id: int) -> bool:
    # Closed at once: half-read, it would keep a connection.
    with closing(store.outcomes.of_run(run_id)) as records:
        return next(records, None) is not None
