"""How many chats of each kind."""

from __future__ import annotations

from avito_sandbox.model import ChatKind


def quota(chats: int, unpurchased_share: float) -> dict[ChatKind, int]:
    """Counts by kind that add up to `chats`.

    About 62% came from applications and 24% are about bought resumes (a sixteenth of those are
    named by the contacts only); of the rest there is one of each kind at least, if there is room.
    """
    application = round(chats * 0.62)
    about_bought = round(chats * 0.24)
    by_contacts = max(min(2, about_bought // 3), about_bought // 16)
    plan: dict[ChatKind, int] = {
        "application": application,
        "purchased": about_bought - by_contacts,
        "by_contacts": by_contacts,
        "unpurchased": 0,
        "own_vacancy": 0,
        "avito": 0,
        "private_item": 0,
        "private_user": 0,
    }
    rest = chats - application - about_bought
    unpurchased = round(chats * unpurchased_share)
    if unpurchased_share:
        unpurchased = max(1, unpurchased, min(8, chats // 60))
    wanted: tuple[tuple[ChatKind, int], ...] = (
        ("avito", max(1, round(chats * 0.035))),
        ("unpurchased", unpurchased),
        ("own_vacancy", max(1, round(chats * 0.015))),
        ("private_item", max(1, round(chats * 0.04))),
    )
    for kind, count in wanted:
        plan[kind] = min(count, rest)
        rest -= plan[kind]
    plan["private_user"] = rest
    return plan
