"""Made-up records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avito_scrapy.items import ChatResume, Note
from avito_scrapy.store import Store

ACCOUNT = 4_000_000_123
PHONE = "+79000000001"


def record(number: int, **given: Any) -> ChatResume:
    """A found chat, number ``number`` of the list."""
    values: dict[str, Any] = {
        "chat_id": f"u2i-{number:022d}",
        "position": number,
        "outcome": "found",
        "resume_id": str(1000 + number),
        "phone": f"+7900{number:07d}",
        "full_name": f"Примеров Образец {number}",
        "last_message_at": "2026-03-01T12:00:00+03:00",
        "fetched_at": "2026-03-02T09:00:00+00:00",
        "replies": [("2026-03-01T12:30:00+03:00", 1800)],
    }
    return ChatResume(**{**values, **given})


def new_run(store: Store, spider: str = "resumes", account: int = ACCOUNT) -> int:
    run_id = store.runs.start(spider)
    store.runs.set_account(run_id, account, 3)
    return run_id


def put_notes(store: Store, account: int, given: Mapping[str, Note], **more: Any) -> None:
    """Keep these notes in place of what is kept; those that say the same stay as they are."""
    kept = store.notes.get_all(account)
    for key, note in given.items():
        if note != kept.get(key, Note()):
            values = {"author": None, "source": "workbook", **more}
            store.notes.put(account, key, note, expected=kept.get(key), **values)
