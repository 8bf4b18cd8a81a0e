"""Errors a person can cause, and safe texts for errors of other programs."""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl
import traceback

# Chromium's own codes, like net::ERR_NAME_NOT_RESOLVED: capital letters and nothing else.
_NET_CODE = re.compile(r"\bnet::(ERR_[A-Z_]+)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_USER_INFO = re.compile(r"(?<=://)[^/\s?#'\"]*@")


class UsageError(Exception):
    """Wrong input, found before anything started.

    Raised by the reading of arguments, settings and input files; ``scrapy crawl`` and the other
    commands print its one line and exit with 2. The text holds no secret and nobody's data.
    """


def describe(error: BaseException) -> str:
    """Describe an error in one line that is safe to log and to show.

    Messages of libraries may hold addresses with passwords, tokens or people's data, so they are
    not passed on. What is: the text of a ``UsageError`` (ours), the system's text for an error
    number, the code of a TLS or Chromium failure. Of anything else the name of its class.
    """
    if isinstance(error, UsageError):
        return str(error)
    kind = type(error).__name__
    if isinstance(error, socket.gaierror):
        return "host not found"
    if isinstance(error, ssl.SSLError):
        reason = getattr(error, "reason", None) or ""  # a constant of OpenSSL
        return f"{kind}: {reason}" if re.fullmatch(r"[A-Z0-9_]+", reason) else kind
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        # Not `strerror`: whoever raised the error chose that text. The system's own is fixed.
        return os.strerror(error.errno)
    code = net_code(error) if kind in ("Error", "TargetClosedError") else None
    return f"{kind}: net::{code}" if code else kind


def net_code(error: BaseException) -> str | None:
    """Chromium's code in an error of Playwright's, whose text holds the address besides."""
    code = _NET_CODE.search(str(error))
    return code[1] if code else None


def place_of(error: BaseException) -> str:
    """Say where in the program ``error`` came up, for a report about it; nothing of its text."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if f"{os.sep}avito_scrapy{os.sep}" in frame.filename]
    places = dict.fromkeys(
        f"{os.path.basename(frame.filename)}:{frame.lineno}" for frame in (*own[-1:], *frames[-1:])
    )
    return f"{describe(error)} in {', '.join(places)}"


def printable(text: str) -> str:
    """Show control and invisible formatting characters of ``text`` as escapes, and hide the user
    and the password of addresses.

    For text of others (names, paths, arguments) on a terminal, which would obey them, and in logs.
    """
    hidden = _USER_INFO.sub("***@", text)
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), hidden)
