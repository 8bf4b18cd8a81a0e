from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from scrapy.settings import Settings
from spidermon.contrib.actions.telegram import SimplyTelegramClient
from spidermon.data import Data

from avito_scrapy.monitors.notifications import chosen


def test_telegram_gets_the_text_whole() -> None:
    settings = Settings(
        {"SPIDERMON_TELEGRAM_SENDER_TOKEN": "token", "SPIDERMON_TELEGRAM_RECIPIENTS": "1"}
    )
    crawler: Any = SimpleNamespace(settings=settings)
    action = chosen(crawler, None)["telegram"]
    action.result = SimpleNamespace(monitors_passed_results=[], monitors_failed_results=[])
    action.data = Data({"text": "Авито, an_account & co #1: всё + 50%\nновых: 3"})
    address = SimplyTelegramClient.send_message_api.format(
        token="token", chat_id="1", text=action.get_message()
    )
    sent = str(requests.Request("GET", address).prepare().url)
    [text] = parse_qs(urlsplit(sent).query)["text"]
    assert text == "Авито, an\\_account & co #1: всё + 50%\nновых: 3"
