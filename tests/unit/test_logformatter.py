from __future__ import annotations

import logging
import sys

from scrapy import Spider
from scrapy.exceptions import DropItem

from avito_scrapy.items import Chat
from avito_scrapy.logformatter import PrintableRecord, PrivateLogFormatter

ITEM = Chat(chat_id="u2i-1-2", user_name="Secret Name", last_message="+79001234567")


def test_lines_name_the_chat_and_nobody() -> None:
    formatter, spider = PrivateLogFormatter(), Spider(name="any")
    lines = [
        formatter.scraped(ITEM, None, spider),
        formatter.dropped(ITEM, DropItem("seen"), None, spider),
        formatter.item_error(ITEM, ValueError("x"), None, spider),
    ]
    for line in lines:
        text = line["msg"] % line["args"]
        assert "u2i-1-2" in text
        assert "Secret" not in text
        assert "+7900" not in text
    assert [line["level"] for line in lines] == [logging.DEBUG, logging.DEBUG, logging.ERROR]


def line(name: str, message: str, *args: object) -> str:
    record = PrintableRecord(name, logging.INFO, __file__, 1, message, args, None)
    return logging.Formatter("%(message)s").format(record)


def test_what_others_wrote_is_shown_and_not_obeyed() -> None:
    told = line("avito_scrapy.extensions.outputs", "%s: kept", "list\x1b[2J\n2026 ERROR: forged")
    assert told == "list\\x1b[2J\\n2026 ERROR: forged: kept"
    assert line("scrapy.core", "Stats:\n\t%s", "a\x07b") == "Stats:\n\ta\\x07b"


def test_no_line_shows_a_password_of_an_address() -> None:
    assert line("urllib3", "Starting: %s", "http://u:hunter2@h/") == "Starting: http://***@h/"
    try:
        raise ValueError("http://u:hunter2@h/ \x1b[2J")
    except ValueError:
        info = sys.exc_info()
    record = PrintableRecord("scrapy", logging.ERROR, __file__, 1, "failed", (), info)
    told = logging.Formatter().format(record)
    assert "Traceback" in told
    assert "ValueError: http://***@h/ \\x1b[2J" in told
