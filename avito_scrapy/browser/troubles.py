"""What can cut a walk down the list short. ``reason`` is the run's (avito_scrapy.exit_reasons)."""

from __future__ import annotations


class Trouble(Exception):
    """Base; the text is one line for the log, with nobody's data in it."""

    reason = "incomplete"


class LoginRequired(Trouble):
    """Raised when the messenger shows a sign-in instead of the list."""

    reason = "login_required"


class Refused(Trouble):
    """Raised when Avito refuses the browser or asks whether one is a robot."""

    reason = "blocked"


class ListLost(Trouble):
    """Raised when the list does not appear, or the page does not stay on it."""


class PageGone(Trouble):
    """Raised when the page or the whole browser crashed or was closed."""


class TimeUp(Trouble):
    """Raised when the seconds given for the run are over."""

    reason = "timeout"


class Stopped(Trouble):
    """Raised when the run was told to end; it knows why."""

    reason = ""
