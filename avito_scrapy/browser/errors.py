"""Errors that end the reading of the list. ``reason`` is the run's (avito_scrapy.exit_reasons)."""

from __future__ import annotations


class MessengerError(Exception):
    """Base; the text is one line for the log, without data of any person."""

    reason = "incomplete"


class LoginRequired(MessengerError):
    """The messenger shows a sign-in instead of the list."""

    reason = "login_required"


class AccessBlocked(MessengerError):
    """Avito refuses the browser or asks for a robot check."""

    reason = "blocked"


class SiteUnavailable(MessengerError):
    """The site cannot be reached, or answers with a server error."""

    reason = "unavailable"


class ListNotLoaded(MessengerError):
    """The list does not appear, or the page does not stay on it."""


class PageClosed(MessengerError):
    """The page or the whole browser crashed or was closed."""


class CrawlTimeout(MessengerError):
    """The run's time is over."""

    reason = "timeout"


class ShutdownRequested(MessengerError):
    """The crawl is closing for a reason of its own."""

    reason = ""
