from __future__ import annotations

import logging

from scrapy import Spider
from scrapy.exceptions import DropItem

from avito_scrapy.items import Chat
from avito_scrapy.logformatter import PrivateLogFormatter

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
