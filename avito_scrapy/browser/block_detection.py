"""Detects a sign-in, a refusal or a robot check in place of the list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic
from typing import Protocol

from avito_scrapy.browser.errors import AccessBlocked, LoginRequired

# Refused calls without anything new in between, after which Avito is believed to refuse. The page
# may have sent another one until this is noticed, so that three are sent at most.
REFUSALS = 2
# Seconds a mark must stay to be believed: a text may stand there while a page is being drawn, and
# a waiting page may let the browser through by itself.
STAYS = {"likely": 1.0, "weak": 6.0}

_CHECK_PAGE = re.compile(
    r"доступ\s(?:с\sвашего\sip\s)?(?:временно\s)?ограничен|вы\sне\sробот|проблема\sс\sip"
    r"|firewall-container|geetest|h-?captcha",
    re.IGNORECASE,
)


def is_check_page(text: str) -> bool:
    """Whether ``text``, an answer that should have been JSON, is a refusal or a robot check."""
    return _CHECK_PAGE.search(text) is not None


class Calls(Protocol):
    """The counts of ``ListResponses`` that are needed here."""

    sign_ins: int

    @property
    def refusals(self) -> int:
        """Refused calls that count."""

    @property
    def pending(self) -> bool:
        """Whether a call for more of the list is on its way."""


class BlockDetector:
    """Judges what collector.js reports.

    An address or a title is believed at once; other marks when they stay (``STAYS``).
    """

    def __init__(self) -> None:
        self._since: dict[str, float] = {}

    def check_calls(self, calls: Calls, *, sign_ins: int = 2) -> None:
        """Raise AccessBlocked or LoginRequired when several calls were turned away."""
        if calls.refusals >= REFUSALS:
            raise AccessBlocked("Avito refuses to load the list: wait before the next run")
        if calls.sign_ins >= sign_ins:
            raise LoginRequired("the messenger's calls are answered with a sign-in")

    def check(self, marks: Mapping[str, str | None], calls: Calls, *, patient: bool = True) -> None:
        """Raise AccessBlocked or LoginRequired when the page shows one of them.

        Args:
            marks: ``sure``, ``likely`` and ``weak``, each ``login``, ``robot`` or None.
            calls: the page's calls, which tell as well.
            patient: False: what is likely need not stay, and a single call wanting a sign-in is
                enough.
        """
        shown = marks.get("sure")
        for strength, seconds in STAYS.items():
            mark = marks.get(strength)
            # While the list is being loaded, what stands there may be what it will replace.
            if not mark or calls.pending:
                self._since.pop(strength, None)
                continue
            since = self._since.setdefault(strength, monotonic())
            if monotonic() - since > seconds or (strength == "likely" and not patient):
                shown = shown or mark
        if shown == "robot":
            raise AccessBlocked("Avito has limited access or asks for a robot check")
        if shown == "login":
            raise LoginRequired("the messenger shows a sign-in")
        self.check_calls(calls, sign_ins=2 if patient else 1)
