"""Lists the requests that would open a chat or mark one as read, which cannot be undone.

Patterns are written for both of their readers: Python, and the browser's declarativeNetRequest
(RE2: no look-around). Both match whole addresses, escapes and all, without regard to case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_PATH = r"^[^?#]*"
_END = r"(?:[?#]|$)"
_CHAT_ID = r"(?:u2i|u2u|a2u)(?:-|%2d)"
_READ_CALL = rf"[/.](?:mark|read|open)[^/?#]*/?{_END}"
_LIST_CALL = rf"{_PATH}[/.]getchannels/?{_END}"
# Calls of the messenger that a list may need and that concern no single chat.
_HARMLESS_CALLS = (
    rf"{_PATH}messenger[/.]get[a-z]*(?:channels|chats|folders|tags|filters)/?{_END}",
    rf"{_PATH}messenger[/.]get[a-z]*(?:counts?|counters?|settings|configs?|features)/?{_END}",
)

# Of chrome.declarativeNetRequest; all must be named, for a document is left out otherwise.
_RESOURCES = (
    "main_frame", "sub_frame", "stylesheet", "script", "image", "font", "object", "xmlhttprequest",
    "ping", "csp_report", "media", "websocket", "webtransport", "webbundle", "other",
)  # fmt: skip
_READING_METHODS = ("get", "head", "options")


@dataclass(frozen=True)
class BlockRule:
    """Requests that must not leave the browser.

    ``example``: an address that ``pattern`` matches, without its host. ``changing``: only with
    methods that may change something. ``first``: before the exception for harmless calls.
    """

    pattern: str
    example: str
    changing: bool = False
    first: bool = False

    def matches(self, method: str, url: str) -> bool:
        """Whether a request of any kind and origin falls under the rule."""
        changes = method.lower() not in _READING_METHODS
        return (changes or not self.changing) and bool(re.search(self.pattern, url, re.IGNORECASE))


RULES = (
    BlockRule(
        rf"{_PATH}(?:/|%2f)messenger(?:/|%2f)+channel(?:/|%2f|{_END})",
        "/profile/messenger/channel/u2i-1-2",
        first=True,
    ),
    # Nobody escapes letters or digits of a path but to get past the other patterns.
    BlockRule(
        rf"{_PATH}%(?:3[0-9]|[46][1-9a-f]|[57][0-9a])",
        "/profile/messenger/%63hannel/u2i-1-2",
        first=True,
    ),
    # Messages by HTTP where the socket cannot be used: what they are stands in the body.
    BlockRule(rf"{_PATH}/socket/fallback(?:/|{_END})", "/socket/fallback", first=True),
    # Whatever names a chat: the list needs none of it.
    BlockRule(rf"{_PATH}messenger[^#]*{_CHAT_ID}", "/web/1/messenger/any?id=u2i-1-2"),
    BlockRule(rf"{_PATH}messenger[^?#]*{_READ_CALL}", "/web/1/messenger/readChat", changing=True),
    BlockRule(rf"{_PATH}{_CHAT_ID}[^?#]*{_READ_CALL}", "/chats/u2i-1-2/read", changing=True),
    BlockRule(rf"{_PATH}[/.](?:mark|read|open)[^/?#]*/?\?[^#]*{_CHAT_ID}", "/read?id=u2i-1-2",
              changing=True),
    # Whatever is not known to be harmless may name a chat in its body. Nobody can look there while
    # a page ends, or in what workers, tabs and frames of other sites send.
    BlockRule(rf"{_PATH}(?:/|%2f)messenger(?:[/.]|%2f)", "/web/1/messenger/x", changing=True),
)  # fmt: skip


def is_list_call(url: str) -> bool:
    """Tell whether ``url`` is the page's request for a part of the list."""
    return bool(re.search(_LIST_CALL, url, re.IGNORECASE))


def must_not_be_sent(method: str, url: str, body: str | None = None) -> bool:
    """Tell whether a request of the messenger's page opens a chat or may mark one as read."""
    if method.upper() == "OPTIONS":
        return any(rule.first and rule.matches(method, url) for rule in RULES)
    harmless = any(re.search(call, url, re.IGNORECASE) for call in (_LIST_CALL, *_HARMLESS_CALLS))
    if any(rule.matches(method, url) for rule in RULES if rule.first or not harmless):
        return True
    if harmless or method.upper() == "GET" or not re.search(_CHAT_ID, body or ""):
        return False
    return bool(re.search(_PATH + _READ_CALL, url, re.IGNORECASE))


# Names of a method or an event, in any spelling: `messenger.readChats.v2`, `markAsRead`.
_READING_NAME = re.compile(
    r"(?<![A-Za-z])(?:read|opened|open|mark(?=[A-Z_.-]))(?![a-z])|(?:Read|Opened|Open)(?![a-z])"
    r"|(?<![A-Z])(?:READ|OPEN)(?![A-Z])"
)


def frame_must_not_be_sent(frame: str | bytes) -> bool:
    """Tell whether a websocket's frame names a reading or a chat."""
    text = frame if isinstance(frame, str) else frame.decode("latin-1")
    with suppress(ValueError, RecursionError):  # letters may be written as escapes
        text = json.dumps(json.loads(text), ensure_ascii=False)
    return bool(_READING_NAME.search(text) or re.search(_CHAT_ID, unquote(text)))


def network_rules() -> list[dict[str, Any]]:
    """Make the rules for the browser's declarativeNetRequest."""
    return [{"id": number, **rule} for number, rule in enumerate(_network_rules(), start=1)]


def _network_rules() -> Iterator[dict[str, Any]]:
    # Live updates, which the list does not need. What a frame says is not for rules to see.
    sockets = {"resourceTypes": ("websocket", "webtransport")}
    yield {"priority": 4, "action": {"type": "block"}, "condition": sockets}
    for rule in RULES:
        condition = _condition(rule.pattern)
        if rule.changing:
            condition["excludedRequestMethods"] = _READING_METHODS
        elif not rule.first:
            condition["excludedRequestMethods"] = ("options",)
        priority = 3 if rule.first else 1
        yield {"priority": priority, "action": {"type": "block"}, "condition": condition}
    for call in (_LIST_CALL, *_HARMLESS_CALLS):
        condition = {**_condition(call), "resourceTypes": ("xmlhttprequest",)}
        yield {"priority": 2, "action": {"type": "allow"}, "condition": condition}


def _condition(pattern: str) -> dict[str, Any]:
    return {
        "regexFilter": pattern,
        "isUrlFilterCaseSensitive": False,
        "resourceTypes": _RESOURCES,
    }
