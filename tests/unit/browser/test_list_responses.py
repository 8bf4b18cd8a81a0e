"""What the page's calls for its list are counted as."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from playwright.async_api import Page

from avito_scrapy.browser.list_responses import ListResponses
from avito_scrapy.browser.stopping import REFUSALS, AccessBlocked

CALL = "https://avito.test/web/1/messenger/getChannels"


@dataclass(eq=False)
class FakeRequest:
    post_data: str
    url: str = CALL
    method: str = "POST"


@dataclass
class FakeResponse:
    request: FakeRequest
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    async def body(self) -> bytes:
        channels = [{"id": "u2i-1", "sortingTimestamp": 1_790_000_000_000}]
        return json.dumps({"success": {"channels": channels, "hasMore": True}}).encode()


@dataclass
class FakePage:
    handlers: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    def on(self, event: str, handler: Callable[[Any], None]) -> None:
        self.handlers[event] = handler

    def asks(self) -> FakeRequest:
        request = FakeRequest(json.dumps({"offsetTimestamp": 1_790_000_000_001}))
        self.handlers["request"](request)
        return request

    def is_answered(self, request: FakeRequest, status: int) -> None:
        self.handlers["response"](FakeResponse(request, status))


def listening() -> tuple[FakePage, ListResponses]:
    page, responses = FakePage(), ListResponses(lambda: None)
    responses.listen(cast(Page, page))
    return page, responses


def test_a_refusal_counts_before_the_page_can_ask_again() -> None:
    page, responses = listening()
    for count in range(1, REFUSALS + 1):
        responses.check_refused()
        page.is_answered(page.asks(), 403)
        assert responses.refusals == count
    with pytest.raises(AccessBlocked):
        responses.check_refused()


def test_rows_drawn_after_a_refusal_do_not_forgive_it() -> None:
    async def run() -> ListResponses:
        page, responses = listening()
        page.is_answered(page.asks(), 429)
        good = page.asks()
        page.is_answered(good, 200)
        page.is_answered(page.asks(), 403)
        for _ in range(10):
            await asyncio.sleep(0)
        assert responses.loads == 1
        return responses

    responses = asyncio.run(run())
    assert responses.refusals == 2
    responses.reset_refusals()
    assert responses.refusals == 1
    responses.reset_refusals()
    assert responses.refusals == 1
