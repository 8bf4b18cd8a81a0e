"""The API methods that are used: verb, path and download slot of each.

Paths are those of Avito's published documents (auth, user, messenger, job, items).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

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
        """The path with ``ids`` put in, escaped, and the query after it."""
        parts = [quote(str(part), safe="") for part in ids]
        asked = urlencode([(name, str(value)) for name, value in query])
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
