"""Exceptions of requests that end without an answer."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest

from avito_scrapy.reasons import Reason


class RetriesExhausted(IgnoreRequest):
    """No proper answer came in all tries. Raised by ``ApiRetry``."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class AuthenticationFailed(IgnoreRequest):
    """Avito gives no token for the keys, or refuses its own. Raised by ``OAuth``."""
