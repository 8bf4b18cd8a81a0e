"""The API methods that are used: verb, path and download slot of each; addresses of items.

Paths are those of Avito's published documents (auth, user, messenger, job, items).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

MethodName = Literal[
    "token",
    "self",
    "items",
    "chats",
    "chat",
    "messages",
    "application_ids",
    "applications",
    "resumes",
    "contacts",
]
PAGE = 100
"""Most ids, applications and messages that one answer holds or one request names."""
OWN_ITEMS_PAGE = 99
"""Most own items that one answer holds."""
# /<city>/<category>/<slug>_<number>
_ITEM_PAGE = re.compile(r"(/[^/]+){2,}/[^/]*_[0-9]+/?")


@dataclass(frozen=True)
class Endpoint:
    """One API method; ``name`` is its download slot, and its name in stats and logs.

    ``least_delay``: seconds between two requests, where Avito's documents name a rate of its
    own.
    """

    name: MethodName
    verb: Literal["GET", "POST"]
    template: str
    least_delay: float = 0.0

    def path(self, *ids: object, query: Iterable[tuple[str, object]] = ()) -> str:
        """The path with ``ids`` put in, escaped, and the query after it, without empty values."""
        parts = [quote(str(part), safe="") for part in ids]
        asked = urlencode([(name, str(value)) for name, value in query if value])
        return self.template.format(*parts) + (f"?{asked}" if asked else "")


def is_no_route(answer: Any) -> bool:
    """Whether an answer of 404 is the gateway's, which knows no such path: nothing is removed."""
    message = answer.get("message") if isinstance(answer, dict) else None
    return isinstance(message, str) and re.search(r"\broute\b", message, re.IGNORECASE) is not None


ENDPOINTS: dict[str, Endpoint] = {
    e.name: e
    for e in (
        Endpoint("token", "POST", "/token"),
        Endpoint("self", "GET", "/core/v1/accounts/self"),
        Endpoint("items", "GET", "/core/v1/items", least_delay=60 / 25),
        Endpoint("chats", "GET", "/messenger/v2/accounts/{}/chats"),
        Endpoint("chat", "GET", "/messenger/v2/accounts/{}/chats/{}"),
        Endpoint("messages", "GET", "/messenger/v3/accounts/{}/chats/{}/messages/"),
        Endpoint("application_ids", "GET", "/job/v1/applications/get_ids"),
        Endpoint("applications", "POST", "/job/v1/applications/get_by_ids"),
        Endpoint("resumes", "GET", "/job/v2/resumes/{}"),
        Endpoint("contacts", "GET", "/job/v1/resumes/{}/contacts/"),
    )
}
WHOLE_API: frozenset[str] = frozenset(
    ("chats", "chat", "messages", "application_ids", "applications", "resumes")
)
"""Methods whose 402 means that the subscription lacks the API; for contacts it means money."""
REFUSALS_BELIEVED = 5
"""A method that refused so many different things and answered none is refused to the account."""


def is_resume_page(url: str | None) -> bool:
    """Whether an item's address is that of a resume: /<city>/rezume/<slug>_<number>.

    The word must be a part of the path by itself: vacancies and things may have it in their slug.
    """
    parts = _path(url).split("/")
    return "rezume" in parts[:-1] or "resume" in parts[:-1]


def is_other_page(url: str | None) -> bool:
    """Whether an item's address names a category, and not that of resumes."""
    return _ITEM_PAGE.fullmatch(_path(url)) is not None and not is_resume_page(url)


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""
