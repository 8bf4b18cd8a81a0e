"""The list of the account's own items (advertisements)."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from avito_scrapy.avito.answer_model import Answer, Whole, read
from avito_scrapy.avito.parsing import Drifts
from avito_scrapy.avito.results import Failure
from avito_scrapy.reasons import Reason

logger = logging.getLogger(__name__)
PAGE = 99
"""Most items that one answer holds."""
MOST_PAGES = 10


class OwnItem(Answer):
    """An entry of the list."""

    id: Whole | None


class OwnItems(Answer):
    """``GET /core/v1/items``."""

    resources: list[OwnItem | None] | None


def own_items_query(page: int) -> tuple[tuple[str, object], ...]:
    """The query of a page, from 1 on: items of every status, as chats outlive them."""
    statuses = "active,removed,old,blocked,rejected"
    return (("per_page", PAGE), ("page", page), ("status", statuses))


def read_own_items(data: Any) -> tuple[list[int | None] | Failure, Drifts]:
    """Ids of a page's items, None for an odd one, and the names of drifted fields."""
    page, drifts = read(OwnItems, data)
    if page.resources is None:
        return Failure(Reason("answer_unreadable", kind="items")), drifts
    return [None if one is None else one.id for one in page.resources], drifts


async def own_items(ask: Callable[[int], Awaitable[list[int | None] | Failure]]) -> set[int]:
    """The ids of all pages that ``ask`` gives; fewer, and said, where it fails."""
    found: set[int] = set()
    for number in range(1, MOST_PAGES + 1):
        page = await ask(number)
        if isinstance(page, Failure):
            logger.warning("The list of own items could not be read: %s", page.reason)
            return found
        found |= {one for one in page if one is not None}
        if len(page) < PAGE:
            return found
    logger.warning("Only the first %d own items are asked about", len(found))
    return found
