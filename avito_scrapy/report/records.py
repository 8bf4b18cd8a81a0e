"""Records as they can be shown: one odd value must not cost the workbook, nor anybody else."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields, replace
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from avito_scrapy.items import ChatResume
from avito_scrapy.reasons import Reason

_MOST = 2**63 - 1
"""The largest whole number that the database for grouping takes."""
_LONGEST_REPLY = 10 * 366 * 86_400
_HINTS = get_type_hints(ChatResume)


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
    return ChatResume(**known)


def _check(hint: Any) -> Callable[[object], bool]:
    """What tells whether a value is of the type ``hint``."""
    if get_origin(hint) is UnionType or type(None) in get_args(hint):
        checks = [_check(one) for one in get_args(hint)]
        return lambda value: any(check(value) for check in checks)
    if get_origin(hint) is Literal:
        allowed = get_args(hint)
        return lambda value: isinstance(value, str) and value in allowed
    if hint is NoneType:
        return lambda value: value is None
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
