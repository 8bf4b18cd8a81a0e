"""What a page without the list shows instead: a sign-in, a refusal, a robot check."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from avito_scrapy.browser.errors import AccessBlocked, LoginRequired
from avito_scrapy.browser.list_responses import ListResponses

# Seconds after which a text that looks like a sign-in or a refusal is believed.
LIKELY = 1.0


class BlockDetector:
    """Weighs what collector.js reports: an address or a title is believed at once, a text, which
    may stand there while a page is being drawn, when it stays."""

    def __init__(self) -> None:
        self._likely_since: float | None = None

    def check(
        self, signs: Mapping[str, str | None], answers: ListResponses, *, patient: bool = True
    ) -> None:
        """Raise what the page shows.

        Args:
            signs: ``sure`` and ``likely``, each ``login``, ``robot`` or None.
            answers: the page's calls; two in a row that want a sign-in (401) or are refused (403)
                count as well.
            patient: False: what is likely, and a single call, will do.

        Raises:
            LoginRequired: the page shows a sign-in.
            AccessBlocked: the page shows a refusal or a robot check.
        """
        likely = signs.get("likely")
        # While a list is on its way, what stands there may be what it will replace.
        if not likely or answers.waiting:
            self._likely_since = None
        elif self._likely_since is None:
            self._likely_since = monotonic()
        stays = self._likely_since is not None and monotonic() - self._likely_since > LIKELY
        shown = signs.get("sure") or (likely if stays or not patient else None)
        believed = answers.failures > (1 if patient else 0)
        if shown == "robot" or (believed and answers.status == 403):
            raise AccessBlocked("Avito has limited access or asks for a robot check")
        if shown == "login" or (believed and answers.status == 401):
            raise LoginRequired("the messenger shows a sign-in")
