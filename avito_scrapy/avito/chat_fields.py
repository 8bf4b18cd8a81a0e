"""From a chat's answer to what is kept of it."""

from __future__ import annotations

from datetime import datetime, tzinfo

from avito_scrapy.avito.job_models import ChatAnswer
from avito_scrapy.avito.results import ChatFacts
from avito_scrapy.avito.resume_fields import said


def chat_facts(chat: ChatAnswer, account_id: int, tz: tzinfo) -> ChatFacts:
    """Context item, other side and last message of a chat; ``tz`` for the time of the latter."""
    item = chat.context.value if chat.context else None
    others = [user for user in chat.users or () if user and user.id not in (None, account_id)]
    last = chat.last_message
    at = datetime.fromtimestamp(last.created, tz).isoformat() if last and last.created else None
    return ChatFacts(
        item_id=item.id if item else None,
        item_owner=item.user_id if item else None,
        item_url=item.url if item else None,
        item_title=said(item.title) if item else None,
        user_name=said(others[0].name) if len(others) == 1 else None,
        last_message=last.content.text if last and last.content else None,
        last_message_at=at,
        last_message_direction=last.direction if last else None,
    )
