"""Errors a person can cause, each with one line that says what is wrong and what is allowed."""

from __future__ import annotations


class UsageError(Exception):
    """Wrong input, found before anything started.

    Raised by the reading of arguments, settings and input files; ``scrapy crawl`` and the other
    commands print its one line and exit with 2. The text holds no secret and nobody's data.
    """
