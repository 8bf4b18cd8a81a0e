"""A spider that needs no Avito: it ends as it is told to."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from avito_scrapy.arguments import ChatsArguments
from avito_scrapy.component import config_of
from avito_scrapy.config import Config
from avito_scrapy.errors import UsageError
from avito_scrapy.extensions.outputs import add_feed
from avito_scrapy.items import CHAT_FIELDS, Chat


class ProbeSpider(Spider):
    """``-a chats=N``, ``-a end=REASON``, ``-a drift=N``; ``-a end=refuse`` is wrong usage.

    ``-a end=callback``: what is done with an answer fails; ``-a end=closed``: what is done last
    fails; ``-a end=folder``: a folder takes the place of the output; ``-a end=wait``: only a
    signal ends it, ``-a end=deaf``: only the second; ``-a full=BYTES``: no file grows beyond.
    """

    name = "chats"
    output_name = "chats"
    uses_store = False

    def __init__(
        self, chats: str = "0", end: str = "finished", drift: str = "0", full: str = "", **_: Any
    ) -> None:
        super().__init__()
        self.arguments = ChatsArguments()
        self.chats, self.end, self.drift = int(chats), end, int(drift)
        if full:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(full), int(full)))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ProbeSpider:
        path = config_of(crawler).data_dir / "chats.partial.jl"
        add_feed(crawler.settings, path, CHAT_FIELDS)
        return super().from_crawler(crawler, *args, **kwargs)

    @classmethod
    def check(cls, config: Config, arguments: dict[str, str]) -> None:
        if arguments.get("end") == "refuse":
            raise UsageError("argument end: must be something else")

    async def start(self) -> AsyncIterator[Any]:
        self.crawler.stats.inc_value("avito/drift/probe/field", self.drift)
        for number in range(self.chats):
            yield Chat(f"u2i-{number}-1", user_name="Проба Пробная", last_message="secret words")
        if self.end == "callback":
            yield Request("data:,", callback=self.fail)
            return
        if self.end == "error":
            raise ValueError("of the spider's own making")
        if self.end == "folder":
            (self.config.data_dir / "chats.jl").mkdir()
        while self.end == "wait":
            (self.config.data_dir / "waiting").touch()
            await asyncio.sleep(0.05)
        if self.end == "deaf":
            yield Request("data:,", callback=self.wait)
            return
        if self.end not in ("finished", "closed", "folder"):
            raise CloseSpider(self.end)

    def closed(self, reason: str) -> None:
        if self.end == "closed":
            raise ValueError("of the spider's own making")

    async def wait(self, response: Response) -> None:
        (self.config.data_dir / "waiting").touch()
        await asyncio.sleep(60)

    @property
    def config(self) -> Config:
        return Config.from_settings(self.settings)

    def fail(self, response: Response) -> None:
        raise ValueError("of the spider's own making")


class Fussy:
    """A pipeline that fails on one chat."""

    def process_item(self, item: Chat) -> Chat:
        if item.chat_id == "u2i-2-1":
            raise OverflowError("of the pipeline's own making")
        return item
