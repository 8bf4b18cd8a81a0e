"""What can cut a walk down the list short. ``reason`` is the run's (avito_scrapy.exit_reasons)."""

from __future__ import annotations


class MessengerError(Exception):
    """Base; the text is one line for the log, with nobody's data in it."""

    reason = "incomplete"


class LoginRequired(MessengerError):
    """Raised when the messenger shows a sign-in instead of the list."""

    reason = "login_required"


class AccessBlocked(MessengerError):
    """Raised when Avito refuses the browser or asks whether one is a robot."""

    reason = "blocked"


class ListNotLoaded(MessengerError):
    """Raised when the list does not appear, or the page does not stay on it."""


class PageClosed(MessengerError):
    """Raised when the page or the whole browser crashed or was closed."""


class CrawlTimeout(MessengerError):
    """Raised when the seconds given for the run are over."""

    reason = "timeout"


class ShutdownRequested(MessengerError):
    """Raised when the run was told to end; it knows why."""

    reason = ""
