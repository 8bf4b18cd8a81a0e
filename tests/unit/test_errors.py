from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable

import pytest
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy.engine import make_url

from avito_scrapy.errors import UsageError, describe, place_of, printable

SECRET = "hunter2"


def raised(call: Callable[[], object]) -> Exception:
    with pytest.raises(ValueError, match=SECRET) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (UsageError("say which"), "say which"),
        (PermissionError(13, f"no entry for {SECRET}", f"/home/{SECRET}"), "Permission denied"),
        (OSError(f"proxy http://u:{SECRET}@h failed"), "OSError"),
        (OSError(99999, SECRET), "OSError"),
        (socket.gaierror(-2, f"who is {SECRET}"), "host not found"),
        (TimeoutError(), "TimeoutError"),
        (ssl.SSLError(1, f"[SSL] {SECRET}"), "SSLError"),
        (raised(lambda: int(SECRET)), "ValueError"),
        (raised(lambda: make_url(f"postgresql://u:p@h:{SECRET}/d")), "ValueError"),
        (
            PlaywrightError(f"page.goto: net::ERR_CONNECTION_REFUSED at http://u:{SECRET}@h/"),
            "Error: net::ERR_CONNECTION_REFUSED",
        ),
        (PlaywrightError(f"invalid URL http://u:{SECRET}@h/"), "Error"),
        (KeyError(SECRET), "KeyError"),
    ],
)
def test_a_foreign_error_is_told_without_its_message(error: Exception, text: str) -> None:
    assert describe(error) == text


def test_a_place_tells_nothing_of_the_text() -> None:
    error = raised(lambda: int(SECRET))
    assert re.fullmatch(r"ValueError in test_errors\.py:\d+", place_of(error))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"POST https://u:{SECRET}@h/x failed", "POST https://***@h/x failed"),
        (f"postgresql://u:{SECRET}@@h/d", "postgresql://***@h/d"),
        (f"http://{SECRET}@127.0.0.1:1, socks5h://a:{SECRET}@h:2", "http://***@127.0.0.1:1, socks5h://***@h:2"),
        ("https://www.avito.ru/@name?q=a@b", "https://www.avito.ru/@name?q=a@b"),
    ],
)  # fmt: skip
def test_whoever_signs_in_by_an_address_is_hidden(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_control_characters_are_shown() -> None:
    assert printable("a\x1b[2Jb\r\nc\x9b1m") == "a\\x1b[2Jb\\r\\nc\\x9b1m"
    assert printable("Ёж \u202eevil") == "Ёж \\u202eevil"
