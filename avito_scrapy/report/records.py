"""Records as they can be shown: one odd value must not cost the workbook, nor anybody else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.reasons import Reason

_MOST = 2**63 - 1
"""The largest whole number that the database for grouping takes."""
_LONGEST_REPLY = 10 * 366 * 86_400
_HINTS = get_type_hints(ChatResume)


@dataclass
class AccountRecord(ChatResume):
    """A record with the name of its account, which a workbook of several accounts shows."""

    account: str | None = None


def of_account(record: ChatResume, account: str) -> AccountRecord:
    """Make a record of ``account`` out of ``record``."""
    values = {f.name: getattr(record, f.name) for f in fields(ChatResume)}
    return AccountRecord(**values, account=account)


def account_of(record: ChatResume) -> str | None:
    """The name of a record's account; None in a workbook of one account."""
    return record.account if isinstance(record, AccountRecord) else None


def account_key(account: str, key: str) -> str:
    """What a person's note is kept under in a workbook of several accounts."""
    return f"{account}\n{key}"


def put_together(notes: Sequence[Note]) -> Note:
    """One note out of those that several accounts hold of a person: all comments, of the rest what
    was written last."""
    latest = sorted(notes, key=lambda note: -(note.made_at or 0))
    comments = dict.fromkeys(note.comment for note in notes if note.comment)
    return replace(
        latest[0],
        outcome=next((note.outcome for note in latest if note.outcome), None),
        comment=" / ".join(comments) or None,
        next_call=next((note.next_call for note in latest if note.next_call), None),
    )


def is_candidate(record: ChatResume) -> bool:
    """Whether there is a candidate behind a chat.

    A chat that failed counts only when an application, a resume or a phone shows one: a failure
    is never turned into a fact.
    """
    if record.outcome in ("found", "resume_removed", "no_resume"):
        return True
    known = record.resume_id or record.application_id or record.phone
    return record.outcome != "not_candidate" and known is not None


def showable(record: ChatResume) -> ChatResume:
    """``record`` itself, or what of it can be shown: failed, with a reason that names the fields
    whose values cannot be.
    """
    odd = [name for name, fits in _CHECKS.items() if not fits(getattr(record, name))]
    replies = [reply for reply in _listed(record.replies) if _is_reply(reply)]
    if not odd:
        # A record without an outcome was written by no run that ended well.
        return replace(record, outcome=record.outcome or "failed", replies=replies)
    known: dict[str, Any] = {name: getattr(record, name) for name in _CHECKS if name not in odd}
    known["chat_id"] = known.get("chat_id") or repr(record.chat_id)[:100]
    known |= {
        "outcome": "failed",
        "reason": Reason("not_showable", fields=", ".join(odd)),
        "replies": replies,
    }
    account = account_of(record)
    return ChatResume(**known) if account is None else AccountRecord(**known, account=account)


def _check(hint: Any) -> Callable[[object], bool]:
    """What tells whether a value is of the type ``hint``."""
    if NoneType in get_args(hint):
        [check] = [_check(one) for one in get_args(hint) if one is not NoneType]
        return lambda value: value is None or check(value)
    if get_origin(hint) is Literal:
        allowed = get_args(hint)
        return lambda value: isinstance(value, str) and value in allowed
    if hint is int:
        return lambda value: isinstance(value, int) and abs(value) <= _MOST
    if hint is bool:
        return lambda value: value in (True, False)
    return lambda value: isinstance(value, hint)


# Made once: there are forty fields in each of many records.
_CHECKS = {
    f.name: _check(_HINTS[f.name])
    for f in fields(ChatResume)
    if get_origin(_HINTS[f.name]) is not list
}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_reply(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (int, float))
        and math.isfinite(value[1])
        and 0 <= value[1] <= _LONGEST_REPLY
    )
