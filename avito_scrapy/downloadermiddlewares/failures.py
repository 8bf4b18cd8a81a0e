"""How a request can end without an answer; all reach the spider's errback."""

from __future__ import annotations

from scrapy.exceptions import IgnoreRequest


class Postponed(IgnoreRequest):
    """The request will be sent again later: there is nothing to do. Raised by ApiRetry."""


class GaveUp(IgnoreRequest):
    """No proper answer in all tries. Raised by ApiRetry.

    Attributes:
        reason: the cause in one line a person understands.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CredentialsRefused(IgnoreRequest):
    """Avito does not give a token for these credentials. Raised by OAuth.

    Attributes:
        reason: what Avito said, in one line without secrets.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
